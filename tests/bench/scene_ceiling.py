#!/usr/bin/env python3
"""How often the class of a simulated particle can be told at all. A recipe with neighbours and an offset moves the target away from the middle of its box, by up to
`offset` of the side along each axis, and neighbours come in as near: whoever knew place and class of all of them, and nothing but how scenes are made, would
still have to guess which of those within that reach is the target. Prints how many there are and how often the best guess is right.

Usage: scene_ceiling.py PROJECT SET [OFFSET, 0.25 unless told]"""
import collections
import json
import sqlite3
import sys

import numpy as np

project, name = sys.argv[1:3]
offset = float(sys.argv[3]) if len(sys.argv) > 3 else 0.25
base = sqlite3.connect(f"{project}/project.db")
set_id, side, voxel, columns = base.execute("SELECT id, box_size, voxel_size, column_names FROM particle_sets WHERE name = ?", (name,)).fetchone()
names = json.loads(columns)
reach = offset * side + 0.01  # positions are rounded
within, right = [], []
for *place, values in base.execute("SELECT x, y, z, columns FROM particles WHERE set_id = ?", (set_id,)):
    value = dict(zip(names, values.split("\x1f")))
    target = np.array(place) - side / 2
    scene = [(value["tomoloupeClass"], target)]
    for neighbour in json.loads(value["tomoloupeNeighbours"]):
        scene.append((neighbour["class"], target + np.array(neighbour["position_angstrom"]) / voxel))
    candidates = collections.Counter(label for label, position in scene if np.abs(position).max() <= reach)
    most = max(candidates.values())
    best = [label for label, count in candidates.items() if count == most]
    within.append(sum(candidates.values()))
    right.append((value["tomoloupeClass"] in best) / len(best))
print(f"{len(right)} particles: {np.mean(within):.2f} of {len(scene)} within reach of the middle, best possible accuracy {100 * np.mean(right):.1f} %")
