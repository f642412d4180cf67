"""Picks by difference of Gaussians with scipy.ndimage, to compare `tomoloupe-cli pick --method dog` with: the same two Gaussians, the
same maxima, threshold and minimum distance.
python3 dog_scipy.py make TOMOGRAM.mrc NXxNYxNZ: noise with dark balls of 14 voxels' diameter.
python3 dog_scipy.py pick TOMOGRAM.mrc SIGMA [OUTPUT.csv]: prints JSON with the seconds of each part; float32 voxels, x fastest."""

import json
import struct
import sys
import time

import numpy as np
from scipy import ndimage

RATIO, THRESHOLD = 1.1, 3


def read_mrc(path):
    header = np.fromfile(path, dtype="<i4", count=256)
    nx, ny, nz, mode = header[:4]
    assert mode == 2, "float32 voxels are wanted"
    return np.fromfile(path, dtype="<f4", offset=1024 + int(header[23])).reshape(nz, ny, nx)


def without_neighbours(points, scores, distance):
    """The best first, none nearer than `distance` to a better one."""
    order = np.lexsort((points[:, 2], points[:, 1], points[:, 0], -scores))
    points, scores = points[order].astype(float), scores[order]
    free = np.ones(len(points), bool)
    kept = []
    for i in range(len(points)):
        if not free[i]:
            continue
        kept.append(i)
        free &= ((points - points[i]) ** 2).sum(1) >= distance**2
    return points[kept], scores[kept]


def make(path, size, radius=7, balls=400, voxel_size=10):
    nx, ny, nz = (int(n) for n in size.split("x"))
    random = np.random.default_rng(1)
    volume = random.standard_normal((nz, ny, nx), dtype=np.float32)
    z, y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1, -radius : radius + 1]
    ball = 0.7 * (x**2 + y**2 + z**2 <= radius**2)
    for place in random.integers(0, np.array([nz, ny, nx]) - 2 * radius, (balls, 3)):
        volume[tuple(slice(at, at + 2 * radius + 1) for at in place)] -= ball.astype(np.float32)
    header = bytearray(1024)
    struct.pack_into("<10i", header, 0, nx, ny, nz, 2, 0, 0, 0, nx, ny, nz)
    struct.pack_into("<6f", header, 40, nx * voxel_size, ny * voxel_size, nz * voxel_size, 90, 90, 90)
    struct.pack_into("<3i", header, 64, 1, 2, 3)
    header[208:216] = b"MAP DD\0\0"
    struct.pack_into("<i", header, 108, 20140)
    with open(path, "wb") as file:
        file.write(header)
        volume.tofile(file)


def pick(path, sigma, output=None):
    clock = [time.perf_counter()]
    volume = read_mrc(path)
    clock.append(time.perf_counter())
    # Dark particles: the sign is turned.
    response = ndimage.gaussian_filter(volume, sigma * RATIO) - ndimage.gaussian_filter(volume, sigma)
    clock.append(time.perf_counter())
    neighbours = ndimage.generate_binary_structure(3, 2)
    points = np.argwhere(ndimage.maximum_filter(response, footprint=neighbours) == response)
    clock.append(time.perf_counter())
    scores = response[tuple(points.T)]
    threshold = scores.min() + THRESHOLD * (scores.max() - scores.min()) / 20
    reached = scores >= threshold
    kept, kept_scores = without_neighbours(points[reached], scores[reached], sigma)
    clock.append(time.perf_counter())
    if output:
        np.savetxt(output, np.column_stack([kept[:, ::-1], kept_scores]), delimiter=",", header="x,y,z,score", comments="",
                   fmt=["%d", "%d", "%d", "%.9g"])
    parts = dict(zip(["read", "gaussians", "maxima", "choice"], np.diff(clock).round(3).tolist()))
    print(json.dumps({"seconds": round(clock[-1] - clock[0], 3), "parts": parts, "candidates": len(points), "count": len(kept),
                      "threshold": float(threshold), "best": float(scores.max()), "worst": float(scores.min())}))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3])
    else:
        pick(sys.argv[2], float(sys.argv[3]), *sys.argv[4:])
