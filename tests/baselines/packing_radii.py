#!/usr/bin/env python3
"""By how much the published packer of crowded scenes (Liu et al. 2020) overestimates the radius of a structure. It measures the farthest atom from a point whose z is the middle of the y-coordinates
by a slip, so that the radius hangs on where an entry's coordinates lie. Prints radius, radius so measured, and the difference for PDB files, gzipped or not.

Usage: packing_radii.py FILE..."""
import gzip
import math
import sys
from pathlib import Path


def atoms(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt") as lines:
        for line in lines:
            if line.startswith("ENDMDL"):
                return
            if line.startswith("ATOM"):
                yield tuple(float(line[at:at + 8]) for at in (30, 38, 46))


for path in map(Path, sys.argv[1:]):
    points = list(atoms(path))
    middle = [(min(axis) + max(axis)) / 2 for axis in zip(*points)]
    radius = max(math.dist(point, middle) for point in points)
    slipped = max(math.dist(point, (middle[0], middle[1], middle[1])) for point in points)
    print(f"{path.name}: {radius:.0f} Å, measured {slipped:.0f} Å, {slipped - radius:+.0f} Å")
