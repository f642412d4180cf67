#!/usr/bin/env python3
"""Numbers that the augmentation tests compare with: one view in space, by SciPy's interpolation and NumPy's Fourier transform.

Usage: python3 tests/baselines/augmentation.py > tests/baselines/augmentation_numbers.h
"""
import numpy as np
from scipy import ndimage
from scipy.spatial.transform import Rotation

BOX, SIDE, VOXEL = 10, 8, 12.0


def cpp(name, values):
    text = ", ".join(f"{v:.8g}" for v in np.asarray(values, dtype=np.float64).ravel())
    return f"inline constexpr double {name}[] = {{{text}}};"


def ramp(*shape):
    """Deterministic, irregular numbers that the tests make in the same way."""
    i = np.arange(np.prod(shape), dtype=np.float64)
    return np.sin(1.7 * i + 0.3).reshape(shape)


def space_map():
    turn = Rotation.from_euler("zyx", [40, -25, 70], degrees=True).as_matrix()
    return np.column_stack([0.8 * turn, [0.05, -0.1, 0.15]])


def resampled(volume, matrix):
    centres = (2 * np.arange(SIDE) + 1) / SIDE - 1
    z, y, x = np.meshgrid(centres, centres, centres, indexing="ij")
    places = matrix @ np.stack([x, y, z, np.ones_like(x)]).reshape(4, -1)
    voxels = ((places + 1) * BOX - 1) / 2
    return ndimage.map_coordinates(volume, voxels[::-1], order=1, mode="grid-constant", cval=0).reshape(SIDE, SIDE, SIDE)


def imaged(volume, tilt=50, axis=35, defocus=(-5, -6.2), blur=0.7):
    z, y, x = np.meshgrid(*[np.fft.fftfreq(SIDE)] * 3, indexing="ij")
    across = x * np.cos(np.radians(axis)) + y * np.sin(np.radians(axis))
    # At Nyquist the transform does not tell the signs apart.
    measured = (np.abs(across) >= np.tan(np.radians(90 - tilt)) * np.abs(z)) & (np.abs(x) < 0.5) & (np.abs(y) < 0.5)
    squared = x**2 + y**2 + z**2
    k = np.sqrt(squared) / VOXEL
    wavelength = np.sqrt(150.4 / (3e5 * (1 + 3e5 / 1022000)))
    own, other = (np.abs(np.sin(np.pi / 2 * (2e7 * wavelength**3 * k**4 - 2 * d * 1e4 * wavelength * k**2))) for d in defocus)
    factor = measured * np.exp(-2 * np.pi**2 * blur**2 * squared) * (own * other + 0.1) / (own**2 + 0.1)
    return np.fft.ifftn(np.fft.fftn(volume) * factor).real


if __name__ == "__main__":
    view = resampled(ramp(BOX, BOX, BOX), space_map())
    print("#pragma once\n\n// Written by tests/baselines/augmentation.py.\n\nnamespace tomoloupe::baseline {\n")
    print(cpp("kSpaceMap", space_map()))
    print(cpp("kResampledView", view))
    print(cpp("kImagedView", imaged(view)))
    print("\n}  // namespace tomoloupe::baseline")
