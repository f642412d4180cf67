#!/usr/bin/env python3
"""The yardstick of `tomoloupe-cli pick --method template`: the same search written the usual way with NumPy and SciPy's Fourier transform.

  template_numpy.py make FOLDER [--size N] [--particles N]   writes tomogram.mrc, template.mrc and truth.csv made of Gaussian blobs in noise
  template_numpy.py search FOLDER --step DEGREES [--workers N]   prints JSON: voxels_angles_per_second and how many of the truth are found
  template_numpy.py compare FOLDER PICKS.csv NUMPY.json   says how many picks agree with the search above

Locally normalised correlation under a spherical mask (Roseman 2003) of the whole tomogram at a time, float32, on the orientations
of super-Fibonacci spirals (Alexa 2022) that the program takes. No whitening, no missing wedge: these cost the program time, not this script.
Debian: apt install python3-numpy python3-scipy; run with /usr/bin/python3.
"""
import argparse
import csv
import json
import math
import time

import numpy as np
from scipy import fft, ndimage
from scipy.spatial.transform import Rotation

VOXEL = 10.0  # Å
SIDE = 16     # of the template, voxels
RADIUS = 6.0  # of the template, voxels
BLOBS = [((0, 0, 0), 1.6, 1.0), ((3.6, 0, 0), 1.0, 0.8), ((0, 3.2, 1.0), 0.9, 1.0), ((-1.2, -1.0, -3.4), 0.8, 1.5),
         ((-2.6, 2.0, 1.2), 0.8, 1.2)]  # place x, y, z and width in voxels, weight


def orientations(step):
    """Quaternions x, y, z, w as the program's orientationList."""
    count = max(1, round(8 * math.pi**2 / math.radians(step) ** 3))
    s = np.arange(count) + 0.5
    t, turn = s / count, 2 * math.pi * s
    a, b = turn / math.sqrt(2), turn / 1.533751168755204288118041
    r, rest = np.sqrt(t), np.sqrt(1 - t)
    return np.stack([r * np.sin(a), r * np.cos(a), rest * np.sin(b), rest * np.cos(b)], 1)


def density(side, centre, rotation):
    grid = np.stack(np.meshgrid(*(np.arange(side),) * 3, indexing="ij"), -1)[..., ::-1] - np.asarray(centre)  # x, y, z
    total = np.zeros((side,) * 3)
    for place, sigma, weight in BLOBS:
        total += weight * np.exp(-((grid - rotation.apply(place)) ** 2).sum(-1) / (2 * sigma**2))
    return total


def write_mrc(path, volume):
    header = np.zeros(256, "<i4")
    header[:4] = *volume.shape[::-1], 2
    header[7:10] = volume.shape[::-1]
    header[10:13] = (np.array(volume.shape[::-1]) * VOXEL).astype("<f4").view("<i4")
    header[13:16] = np.full(3, 90, "<f4").view("<i4")
    header[16:19] = 1, 2, 3
    header[22] = 1
    header[27] = 20140
    header[52] = int.from_bytes(b"MAP ", "little")
    header[53] = 0x4444
    with open(path, "wb") as file:
        file.write(header.tobytes())
        file.write(volume.astype("<f4").tobytes())


def read_mrc(path):
    header = np.fromfile(path, dtype="<i4", count=256)
    return np.fromfile(path, dtype="<f4", offset=1024 + int(header[23])).reshape(header[2], header[1], header[0])


def make(wish):
    random = np.random.default_rng(1)
    shape = (wish.size // 2, wish.size, wish.size)
    volume = random.normal(0, 0.5, shape)
    places = []
    while len(places) < wish.particles:
        place = random.uniform(SIDE, np.array(shape[::-1]) - SIDE)
        if all(math.dist(place, other) > 2.5 * RADIUS for other in places):
            places.append(place)
    for place in places:
        corner = np.floor(place).astype(int) - SIDE // 2
        x, y, z = corner
        volume[z:z + SIDE, y:y + SIDE, x:x + SIDE] += density(SIDE, place - corner, Rotation.random(random_state=len(places) + x))
    write_mrc(f"{wish.folder}/tomogram.mrc", volume)
    write_mrc(f"{wish.folder}/template.mrc", density(SIDE, (SIDE // 2,) * 3, Rotation.identity()))
    np.savetxt(f"{wish.folder}/truth.csv", places, delimiter=",", header="x,y,z", comments="")


def correlate(volume, template, step, workers):
    grid = np.stack(np.meshgrid(*(np.arange(SIDE) - SIDE // 2,) * 3, indexing="ij"), -1)
    mask = ((grid**2).sum(-1) <= (RADIUS + 1) ** 2).astype(np.float32)
    count = mask.sum()
    shape = [fft.next_fast_len(n + SIDE, real=True) for n in volume.shape]
    crop = tuple(slice(0, n) for n in volume.shape)

    def under(values, weights):  # sum of values around each voxel, weighted with a small cube whose middle is SIDE // 2
        padded = np.zeros(shape, np.float32)
        padded[:SIDE, :SIDE, :SIDE] = weights
        spectrum = fft.rfftn(padded, workers=workers)
        np.conjugate(spectrum, out=spectrum)
        spectrum *= values
        return fft.irfftn(spectrum, shape, workers=workers, overwrite_x=True)

    half = SIDE // 2
    moved = np.zeros(shape, np.float32)  # so that the sum about a voxel comes to lie at its own index
    moved[half:half + volume.shape[0], half:half + volume.shape[1], half:half + volume.shape[2]] = volume - volume.mean()
    spectrum, squares = fft.rfftn(moved, workers=workers), fft.rfftn(moved**2, workers=workers)
    variance = under(squares, mask)[crop] / count - (under(spectrum, mask)[crop] / count) ** 2
    scale = 1 / (count * np.sqrt(np.maximum(variance, 1e-6)))
    best, which = np.full(volume.shape, -1, np.float32), np.zeros(volume.shape, np.int32)
    quaternions = orientations(step)
    start = time.perf_counter()
    for index, matrix in enumerate(Rotation.from_quat(quaternions).as_matrix()):
        backwards = matrix.T[::-1, ::-1]  # of z, y, x
        turned = ndimage.affine_transform(template, backwards, half - backwards @ np.full(3, half), order=1)
        turned = mask * (turned - (mask * turned).sum() / count)
        turned /= np.sqrt((turned**2).sum() / count)
        score = under(spectrum, turned)[crop]
        score *= scale
        better = score > best
        best[better] = score[better]
        which[better] = index
    return best, len(quaternions), time.perf_counter() - start


def search(wish):
    volume, template = read_mrc(f"{wish.folder}/tomogram.mrc"), read_mrc(f"{wish.folder}/template.mrc")
    truth = np.loadtxt(f"{wish.folder}/truth.csv", delimiter=",", skiprows=1)
    best, count, seconds = correlate(volume, template, wish.step, wish.workers)
    peaks = np.argwhere((best == ndimage.maximum_filter(best, size=3)))[:, ::-1]
    peaks = peaks[np.argsort(-best[tuple(peaks[:, ::-1].T)])]
    kept = []
    for peak in peaks:
        if all(math.dist(peak, other) > 1.2 * RADIUS for other in kept):
            kept.append(peak)
        if len(kept) == len(truth):
            break
    found = sum(min(math.dist(place, peak) for peak in kept) < 2 for place in truth)
    print(json.dumps({"voxels_angles_per_second": volume.size * count / seconds, "orientations": count, "seconds": seconds,
                      "found": found, "of": len(truth), "peaks": [list(map(int, peak)) for peak in kept]}))


def compare(wish):
    numpy = json.load(open(wish.numpy))
    truth = np.loadtxt(f"{wish.folder}/truth.csv", delimiter=",", skiprows=1)
    picks = [tuple(float(row[axis]) for axis in "xyz") for row in csv.DictReader(open(wish.picks))]
    agree = sum(min(math.dist(pick, peak) for peak in numpy["peaks"]) < 2 for pick in picks)
    found = sum(min(math.dist(place, pick) for pick in picks) < 2 for place in truth)
    print(f"particles found: {found} and {numpy['found']} of {len(truth)}; {agree} of {len(picks)} picks lie within two voxels of NumPy's")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("make")
    command.add_argument("folder")
    command.add_argument("--size", type=int, default=256)
    command.add_argument("--particles", type=int, default=40)
    command.set_defaults(run=make)
    command = commands.add_parser("search")
    command.add_argument("folder")
    command.add_argument("--step", type=float, default=45)
    command.add_argument("--workers", type=int, default=2)
    command.set_defaults(run=search)
    command = commands.add_parser("compare")
    for name in ("folder", "picks", "numpy"):
        command.add_argument(name)
    command.set_defaults(run=compare)
    wish = parser.parse_args()
    wish.run(wish)


if __name__ == "__main__":
    main()
