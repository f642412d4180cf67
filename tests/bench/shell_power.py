#!/usr/bin/env python3
"""How often the nearest ten particles, by power alone, name a particle's class: the logarithm of the power in eight shells of frequency,
nothing learnt, with and without a Gaussian window of a quarter of the box about its middle. Needs numpy and h5py.

Usage: shell_power.py PROJECT SET"""
import sqlite3
import sys

import h5py
import numpy as np

NEIGHBOURS = 10


def shell_power(volumes, window):
    side = volumes.shape[1]
    index = np.fft.fftfreq(side) * side
    shell = np.sqrt(sum(axis**2 for axis in np.meshgrid(index, index, index, indexing="ij"))).astype(int).ravel()
    sizes = np.bincount(shell)[1:9]
    power = [np.bincount(shell, (np.abs(np.fft.fftn(v * window)) ** 2).ravel())[1:9] / sizes for v in volumes]
    return np.log(np.array(power) + 1e-3)


def accuracy(features, labels):
    unit = (features - features.mean(0)) / features.std(0)
    distances = ((unit[:, None] - unit[None]) ** 2).sum(2)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argsort(1)[:, :NEIGHBOURS]
    votes = [np.bincount(labels[row], minlength=labels.max() + 1).argmax() for row in nearest]
    return float(np.mean(votes == labels))


def main():
    project, name = sys.argv[1:]
    volumes = h5py.File(f"{project}/subtomograms/{name}.h5")["voxels"][()].astype(np.float32)
    volumes = (volumes - volumes.mean((1, 2, 3), keepdims=True)) / volumes.std((1, 2, 3), keepdims=True)
    rows = sqlite3.connect(f"{project}/project.db").execute(
        "SELECT class_id FROM labels JOIN particles ON particles.id = particle_id JOIN particle_sets ON particle_sets.id = set_id "
        "WHERE name = ? ORDER BY particle_id", (name,))
    labels = np.array([row[0] for row in rows])
    side = volumes.shape[1]
    place = np.arange(side) - (side - 1) / 2
    one = np.exp(-(place**2) / (2 * (side / 4) ** 2))
    window = one[:, None, None] * one[None, :, None] * one
    print(f"{len(labels)} particles, power in 8 shells, {NEIGHBOURS} neighbours: "
          f"{100 * accuracy(shell_power(volumes, window), labels):.1f} % with the window, "
          f"{100 * accuracy(shell_power(volumes, np.ones_like(window)), labels):.1f} % without")


main()
