#!/usr/bin/env python3
"""Numbers that the explanation tests compare with, computed in NumPy from the papers' formulas alone. Prints them as C++ constants.

The network: the volume (4^3) averaged to 2^3, three channels ReLU(k x + b), a linear score of all their voxels.

Usage: python3 tests/baselines/explain.py > tests/baselines/explain_numbers.h
"""
import numpy as np


def cpp(name, values):
    flat = np.asarray(values, dtype=np.float64).ravel()
    lines, line = [], ""
    for text in (f"{v:.9g}" for v in flat):
        if len(line) + len(text) > 120:
            lines.append(line.rstrip())
            line = ""
        line += text + ", "
    body = "\n    ".join(lines + [line.rstrip(", ")])
    return f"inline constexpr double {name}[] = {{\n    {body}}};"


def ramp(*shape):
    """Deterministic, irregular numbers that the tests make in the same way."""
    i = np.arange(np.prod(shape), dtype=np.float64)
    return np.sin(1.7 * i + 0.3).reshape(shape)


SLOPE, SHIFT = np.array([1.5, -1.0, 0.5]), np.array([0.2, 0.1, 0.0])


def network():
    volume = ramp(4, 4, 4)
    pooled = volume.reshape(2, 2, 2, 2, 2, 2).mean((1, 3, 5))
    before = SLOPE[:, None, None, None] * pooled + SHIFT[:, None, None, None]
    maps = np.maximum(before, 0)
    gradient = 3 * ramp(2, 3, 2, 2, 2)[0] + np.array([0.5, -0.5, 0.5])[:, None, None, None]
    return maps, gradient, (maps * gradient).sum() + 0.7


def grad_cam(maps, gradient):
    return np.maximum((gradient.mean((1, 2, 3))[:, None, None, None] * maps).sum(0), 0)


def grad_cam_plus_plus(maps, gradient, score):
    """With Y = exp(S): the second and third derivatives are exp(S) g^2 and exp(S) g^3 (Chattopadhay et al. 2018, eq. 15-19)."""
    y = np.exp(score)
    second, third = y * gradient**2, y * gradient**3
    alpha = second / (2 * second + maps.sum((1, 2, 3))[:, None, None, None] * third)
    weights = (alpha * np.maximum(y * gradient, 0)).sum((1, 2, 3))
    return np.maximum((weights[:, None, None, None] * maps).sum(0), 0)


def respond_cam(maps, gradient):
    weights = (maps * gradient).sum((1, 2, 3)) / maps.sum((1, 2, 3))
    return (weights[:, None, None, None] * maps).sum(0)


def guided(maps, gradient):
    """Back through the rectifiers only what is positive there and back; the average spreads it over 8 voxels."""
    passed = np.where((maps > 0) & (gradient > 0), gradient, 0)
    at_pooled = (SLOPE[:, None, None, None] * passed).sum(0)
    return at_pooled.repeat(2, 0).repeat(2, 1).repeat(2, 2) / 8


def resize(map2):
    """Trilinear from 2 to 4 points a side, voxel centres at half steps, constant beyond the outer ones."""
    line = np.array([[1, 0], [0.75, 0.25], [0.25, 0.75], [0, 1]])
    return np.einsum("ai,bj,ck,ijk->abc", line, line, line, map2)


def unit(heat):
    return (heat - heat.min()) / (heat.max() - heat.min())


def largest(heat):
    return heat / np.abs(heat).max()


def ranks(values):
    return np.array([(values < v).sum() + ((values == v).sum() - 1) / 2 for v in values])


def otsu(values):
    """The lower edge of the bin that starts the upper group, by trying all 255 splits."""
    bins = np.clip(np.floor(values * 256), 0, 255)
    spread = []
    for split in range(1, 256):
        low, high = bins[bins < split], bins[bins >= split]
        empty = len(low) == 0 or len(high) == 0
        spread.append(-1 if empty else len(low) * len(high) * (low.mean() - high.mean()) ** 2)
    return (np.argmax(spread) + 1) / 256


if __name__ == "__main__":
    maps, gradient, score = network()
    cam = grad_cam(maps, gradient)
    response = respond_cam(maps, gradient)
    values = np.round(np.abs(ramp(200)) ** 3, 2)  # rounded: ties
    other = np.round(ramp(200)[::-1] + values, 1)
    print("#pragma once\n\n// Written by tests/baselines/explain.py.\n\nnamespace tomoloupe::baseline {\n")
    print(cpp("kScore", [score]))
    print(cpp("kGradCam", unit(resize(cam))))
    print(cpp("kGradCamPlusPlus", unit(resize(grad_cam_plus_plus(maps, gradient, score)))))
    print(cpp("kRespondCam", largest(resize(response))))
    print(cpp("kRespondCamTotal", [response.sum()]))
    print(cpp("kGuidedBackprop", largest(guided(maps, gradient))))
    print(cpp("kGuidedGradCam", largest(resize(cam) * guided(maps, gradient))))
    print(cpp("kRankCorrelation", [np.corrcoef(ranks(values), ranks(other))[0, 1]]))
    print(cpp("kOtsuThreshold", [otsu(values)]))
    print(cpp("kEntropy", [-(values / values.sum() * np.log(np.where(values > 0, values / values.sum(), 1))).sum()]))
    print("\n}  // namespace tomoloupe::baseline")
