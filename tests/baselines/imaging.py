#!/usr/bin/env python3
"""Numbers that the imaging tests compare with, computed in NumPy from the formulas of docs/method.md alone.

Usage: python3 tests/baselines/imaging.py > tests/baselines/imaging_numbers.h
"""
import numpy as np

SIDE, VOXEL = 300, 10.0  # voxels, Å
k = np.fft.fftfreq(SIDE)
kx, ky, kz = k[None, None, :], k[None, :, None], k[:, None, None]
radius = np.sqrt(kx**2 + ky**2 + kz**2)  # cycles per voxel


def ctf(frequency, kilovolt=300.0, aberration_mm=2.0, defocus_um=-5.0, envelope=0.4):
    volt = 1000 * kilovolt
    wavelength = np.sqrt(150.4 / (volt * (1 + volt / 1022000)))  # Å
    phase = np.pi / 2 * (aberration_mm * 1e7 * wavelength**3 * frequency**4 - 2 * defocus_um * 1e4 * wavelength * frequency**2)
    return np.sin(phase) * np.exp(-((frequency / (envelope * 0.5 / VOXEL)) ** 2))


edge = ((radius * SIDE - SIDE / 4) / 2) ** 2
band = np.where(radius * SIDE <= SIDE / 4, 1.0, np.where(edge > 3, 0.0, np.exp(-np.minimum(edge, 50))))
measured = (np.abs(kx) >= np.tan(np.pi / 6) * np.abs(kz) - 1e-9) & (radius <= 0.5)
mtf = np.exp(-0.5 * (radius / (0.4 * 0.5)) ** 2)
noise = band**2 * (ctf(radius / VOXEL) ** 2 + mtf**2) / 2 * measured



def cpp(name, values):
    return f"inline constexpr double {name}[] = {{{', '.join(f'{v:.6g}' for v in values)}}};"


def autocorrelation(power):
    values = np.fft.ifftn(power).real
    values /= values[0, 0, 0]
    return [*values[0, 0, 1:4], *values[0, 1:4, 0], *values[1:4, 0, 0]]


print("// Printed by tests/baselines/imaging.py.\n#pragma once\n\nnamespace tomoloupe::baseline {\n")
print("// CTF at 1/400, 1/200, 1/100, 1/60, 1/40 and 1/25 per Å.")
print(cpp("kCtf", ctf(1 / np.array([400.0, 200, 100, 60, 40, 25]))))
print("// Variance that white noise keeps.")
print(cpp("kNoiseVariance", [noise.mean()]))
print("// Autocorrelation at lags 1, 2, 3 along x, along y (tilt axis) and along z (beam).")
print(cpp("kNoiseAutocorrelation", autocorrelation(noise)))
print("// The same for the part of the noise that goes through the CTF alone.")
print(cpp("kCtfNoiseAutocorrelation", autocorrelation(band**2 * ctf(radius / VOXEL) ** 2 * measured)))
print("\n}  // namespace tomoloupe::baseline")
