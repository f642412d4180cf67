#!/usr/bin/env python3
"""Parameters and multiply-adds of the encoders, counted from their published descriptions alone. Prints them as C++ constants.

Counts leave the classifier out. Beside each as a comment: the same with the classifier, as in the table of docs/method.md.

Usage: python3 tests/baselines/encoder_costs.py > tests/baselines/encoder_costs_numbers.h
"""
from math import prod

BOXES = (16, 28, 32, 40, 96)
CLASSES = {28: 7, 32: 10}  # those of the paper's real and simulated sets


class Count:
    def __init__(self, box):
        self.shape, self.parameters, self.multiply_adds = (1, box, box, box), 0, 0

    def conv(self, out, kernel, stride=1, source=None):
        channels, *sides = source or self.shape
        sides = [-(-side // stride) for side in sides]
        weights = out * channels * kernel**3
        self.parameters += weights + out
        self.multiply_adds += weights * prod(sides)
        self.shape = (out, *sides)
        return self

    def pool(self, depth=2, plane=2):
        channels, z, y, x = self.shape
        self.shape = (channels, z // depth, y // plane, x // plane)
        return self

    def pad(self):
        channels, z, y, x = self.shape
        self.shape = (channels, z, y + 2, x + 2)
        return self

    def halve(self):
        channels, *sides = self.shape
        self.shape = (channels, *(-(-side // 2) for side in sides))
        return self

    def full(self, out):
        inputs = prod(self.shape)
        self.parameters += inputs * out + out
        self.multiply_adds += inputs * out
        self.shape = (out,)
        return self

    def group_norm(self):
        self.parameters += 2 * self.shape[0]
        return self

    def average(self, side):
        self.shape = (self.shape[0], side, side, side)
        return self

    def concatenating_block(self):
        source, width = self.shape, self.shape[0]
        self.conv(width // 2, 1).conv(width, 3).conv(width // 2, 1)
        self.conv(width // 2, 3, source=source)
        self.shape = source
        return self

    def residual_block(self, out, stride):
        source = self.shape
        self.conv(out, 3, stride).group_norm().conv(out, 3).group_norm()
        if stride > 1:
            after, self.shape = self.shape, source
            self.halve().conv(out, 1).group_norm()
            self.shape = after
        return self


def rb3d(box, width, connected):
    net = Count(box).conv(32, 3).pool()
    if width == 64:
        net.conv(64, 3).pool()
    for _ in range(4):
        net.concatenating_block()
    return net.full(1024).full(1024) if connected else net.average(2)


def cb3d(box):
    net = Count(box).conv(64, 3).pool(depth=1).conv(128, 3).pool()
    net.conv(256, 3).conv(256, 3).pool().conv(512, 3).conv(512, 3).pool().conv(512, 3).conv(512, 3).pad().pool()
    return net.full(4096).full(4096)


def dsrf3d_v2(box):
    net = Count(box)
    for width in (32, 64, 128):
        net.conv(width, 3).conv(width, 3).pool()
    return net.full(1024).full(1024)


def resnet3d(box):
    net = Count(box).conv(32, 3).pool()
    for width, stride in ((64, 2), (64, 1), (128, 2), (128, 1)):
        net.residual_block(width, stride)
    return net.conv(512, 1).group_norm().average(1)


def bandpower3d(box):
    return Count(box).halve().conv(32, 9).average(1)


def moments3d(box):
    """Seven bands and their squares on a grid of three quarters of the side; in three windows the power of each band, its products with
    the squares, and the products of two squares, each pair once."""
    net = Count(box)
    kept = 2 * -(-3 * box // 8)
    moments = 3 * (7 + 7 * 7 + 7 * 8 // 2)
    net.multiply_adds += moments * kept**3
    net.shape = (moments, 1, 1, 1)
    return net.full(256)


ENCODERS = {
    "rb3d": lambda box: rb3d(box, 64, True),
    "rb3d-a": lambda box: rb3d(box, 32, True),
    "rb3d-b": lambda box: rb3d(box, 64, False),
    "rb3d-c": lambda box: rb3d(box, 32, False),
    "cb3d": cb3d,
    "dsrf3d-v2": dsrf3d_v2,
    "resnet3d": resnet3d,
    "bandpower3d": bandpower3d,
    "moments3d": moments3d,
}


def main():
    print("#pragma once\n\n#include <cstdint>\n\n// Written by tests/baselines/encoder_costs.py.\n\nnamespace tomoloupe::baseline {\n")
    print("struct CountedCost {\n    const char* encoder;\n    std::int64_t box, embedSize, parameters, multiplyAdds;\n};\n")
    print("inline constexpr CountedCost kEncoderCosts[] = {")
    for name, build in ENCODERS.items():
        for box in BOXES:
            net = build(box)
            line = f'    {{"{name}", {box}, {prod(net.shape)}, {net.parameters}, {net.multiply_adds}}},'
            if box in CLASSES:
                net.full(CLASSES[box])
                line += f"  // {net.parameters:,} and {net.multiply_adds / 1e9:.3f} GMAC with {CLASSES[box]} classes"
            print(line)
    print("};\n\n}  // namespace tomoloupe::baseline")


if __name__ == "__main__":
    main()
