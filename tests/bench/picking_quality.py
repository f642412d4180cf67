#!/usr/bin/env python3
"""How many of a simulated tomogram's particles a picker finds, from its particle list and the truth's, both as STAR files.

Usage: picking_quality.py PICKS.star TRUTH.star [--classes a,b] [--radius VOXELS]

A pick finds the nearest particle that no better pick has found, if that lies within --radius of it. Printed: recall over the particles of
the classes named (all without), precision of the picks against these, and against particles of any class. Then the same for the best n
picks where F1 is highest, and the highest recall of best picks that are right at least every second time.
"""
import argparse
import math


def read_star(path):
    columns, rows, block = [], [], ""
    for line in open(path):
        words = line.split()
        if not words:
            continue
        if words[0].startswith("data_"):
            block = words[0]
        elif block == "data_particles" and words[0].startswith("_"):
            columns.append(words[0][1:])
        elif block == "data_particles" and words[0] != "loop_":
            rows.append(dict(zip(columns, words)))
    return rows


def position(row):
    return tuple(float(row["rlnCoordinate" + axis]) for axis in "XYZ")


def matches(picks, particles, radius):
    """For each pick the index of the particle it finds, or None."""
    free, found = set(range(len(particles))), []
    for pick in picks:
        nearest = min(free, key=lambda i: math.dist(pick, particles[i]), default=None)
        hit = nearest is not None and math.dist(pick, particles[nearest]) <= radius
        found.append(nearest if hit else None)
        if hit:
            free.discard(nearest)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picks")
    parser.add_argument("truth")
    parser.add_argument("--classes", default="")
    parser.add_argument("--radius", type=float, default=7)
    wish = parser.parse_args()
    picks = [position(row) for row in read_star(wish.picks)]  # the best first, as the program writes them
    truth = read_star(wish.truth)
    wanted = set(wish.classes.split(",")) if wish.classes else {row["tomoloupeLabel"] for row in truth}
    isWanted = [row["tomoloupeLabel"] in wanted for row in truth]
    found = matches(picks, [position(row) for row in truth], wish.radius)
    best, half, hits = (0, 0, 0, 0), (0, 0), 0
    for n, particle in enumerate(found, 1):
        hits += particle is not None and isWanted[particle]
        recall, precision = hits / sum(isWanted), hits / n
        f1 = 2 * recall * precision / (recall + precision) if hits else 0
        best = max(best, (f1, n, recall, precision))
        if precision >= 0.5:
            half = max(half, (recall, n))
    recall, precision = hits / sum(isWanted), hits / max(1, len(picks))
    of_any = sum(particle is not None for particle in found) / max(1, len(picks))
    f1 = 2 * recall * precision / (recall + precision) if hits else 0
    print(f"{len(picks)} picks, {sum(isWanted)} particles of {', '.join(sorted(wanted))}")
    print(f"recall {recall:.3f}, precision {precision:.3f} ({of_any:.3f} counting all classes), F1 {f1:.3f}")
    print(f"best {best[1]} picks: recall {best[2]:.3f}, precision {best[3]:.3f}, F1 {best[0]:.3f}")
    print(f"best {half[1]} picks: recall {half[0]:.3f} at a precision of 0.5 or better")
    for name in sorted({row["tomoloupeLabel"] for row in truth}):
        of = [i for i, row in enumerate(truth) if row["tomoloupeLabel"] == name]
        print(f"  {name:24} {len(set(of) & set(found)):4} of {len(of)}")


main()
