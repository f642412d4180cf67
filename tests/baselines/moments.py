#!/usr/bin/env python3
"""The moments that the encoder moments3d takes of a volume, computed in NumPy from docs/method.md alone. Prints them as C++ constants.

Usage: python3 tests/baselines/moments.py > tests/baselines/moments_numbers.h
"""
import numpy as np

SIDE = 20
BANDS = [(0.0625, 0.0375), (0.125, 0.0375), (0.1875, 0.044), (0.2625, 0.05), (0.356, 0.0625), (0.469, 0.075), (0.594, 0.0875)]
WINDOWS = [3 / 32, 5 / 32, 8 / 32]


def example(side):
    """The same volume as the test makes: irregular, mean 0, variance 1."""
    i = np.arange(side**3, dtype=np.float64)
    volume = np.sin(0.37 * i + 0.011 * i * i / side).reshape(side, side, side)
    return (volume - volume.mean()) / volume.std()


def on_smaller_grid(volume, kept):
    side = len(volume)
    first = side // 2 - kept // 2
    cut = np.fft.fftshift(np.fft.fftn(volume))[(slice(first, first + kept),) * 3]
    return np.fft.ifftshift(cut) * (kept / side) ** 3


def moments(volume):
    side = len(volume)
    kept = 2 * int(np.ceil(3 * side / 8))
    spectrum = on_smaller_grid(volume, kept)
    k = np.fft.fftfreq(kept) * kept
    radius = np.sqrt(sum(axis**2 for axis in np.meshgrid(k, k, k, indexing="ij")))
    below = radius < kept / 2
    bands = [np.fft.ifftn(spectrum * below * np.exp(-((radius / (side / 2) - centre) / width) ** 2 / 2)).real for centre, width in BANDS]
    place = (np.arange(kept) + 0.5) / kept - 0.5
    found = []
    for deviation in WINDOWS:
        line = np.exp(-(place**2) / (2 * deviation**2))
        window = line[:, None, None] * line[None, :, None] * line
        window /= window.sum()
        power = [(window * b * b).sum() for b in bands]
        found += [np.log(p + 1e-5) for p in power]
        for i, b in enumerate(bands):
            for j, c in enumerate(bands):
                found.append((window * b * c * c).sum() / (np.sqrt(power[i] + 1e-6) * (power[j] + 1e-6)))
        for i, b in enumerate(bands):
            for j in range(i, len(bands)):
                found.append(np.log((window * b * b * bands[j] ** 2).sum() / ((power[i] + 1e-6) * (power[j] + 1e-6)) + 1e-5))
    return np.array(found)


if __name__ == "__main__":
    numbers = moments(example(SIDE))
    print("#pragma once\n\n// Written by tests/baselines/moments.py.\n\nnamespace tomoloupe::baseline {\n")
    print(f"inline constexpr int kMomentsSide = {SIDE};")
    print("inline constexpr double kMoments[] = {")
    for start in range(0, len(numbers), 8):
        print("    " + ", ".join(f"{x:.9g}" for x in numbers[start : start + 8]) + ",")
    print("};\n\n}  // namespace tomoloupe::baseline")
