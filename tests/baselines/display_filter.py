#!/usr/bin/env python3
"""Numbers that the tests of the display filters compare with, computed with scipy.ndimage.

Usage: python3 tests/baselines/display_filter.py > tests/baselines/display_filter_numbers.h
"""
import numpy as np
from scipy.ndimage import gaussian_filter

WIDTH, HEIGHT, VOXEL = 90, 70, 8.0  # voxels, Å
PLACES = [(0, 0), (89, 0), (0, 69), (44, 31), (17, 60), (88, 68)]  # x, y

x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
picture = np.sin(0.3 * x + 0.1 * y) + ((7 * x + 13 * y) % 11) / 11 + (x > 50)


def smoothed(sigma):
    return gaussian_filter(picture, sigma, mode="reflect", truncate=8.0)


def half(length):
    """Found by bisection, not from the formula that the program uses."""
    low, high = 0.0, length
    for _ in range(100):
        middle = (low + high) / 2
        if np.exp(-2 * (np.pi * middle / length) ** 2) > 0.5:
            low = middle
        else:
            high = middle
    return low


def cpp(name, values):
    print(f"inline constexpr double {name}[] = {{{', '.join(f'{v:.7g}' for v in values)}}};")


def at(values):
    return [values[v, u] for u, v in PLACES]


print("// Printed by tests/baselines/display_filter.py.\n#pragma once\n\nnamespace tomoloupe::baseline {\n")
print("// A Gaussian of 2 voxels, one of 7, their like in a band of 40 to 300 Å at 8 Å a voxel, and 1.5 less 2.4 voxels.")
cpp("kSmoothed", at(smoothed(2)))
cpp("kSmoothedWide", at(smoothed(7)))
cpp("kBand", at(smoothed(half(40) / VOXEL) - smoothed(half(300) / VOXEL)))
cpp("kDifference", at(smoothed(1.5) - smoothed(2.4)))
print("\n}  // namespace tomoloupe::baseline")
