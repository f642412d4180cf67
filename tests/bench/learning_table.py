#!/usr/bin/env python3
"""The table of compare.sh. Usage: learning_table.py FOLDER_OF_RESULTS [PAGE whose table is replaced]"""
import glob
import json
import sys

from table import replace_table


def best(name, precision):
    runs = [json.load(open(path)) for path in sorted(glob.glob(f"{sys.argv[1]}/{name}-{precision}-*.json"))]
    return {key: (max if key.endswith("_per_s") else min)(run[key] for run in runs) for key in runs[0]}


def rows():
    yield "| RB3D, MoCo, batch 16, 32³ | tomoloupe | eager PyTorch | times as fast | arithmetic at least | weights' traffic at least |"
    yield "|---|---|---|---|---|---|"
    for precision in ("float32", "bfloat16"):
        ours, eager = best("tomoloupe", precision), best("eager", precision)
        for part in ("augmentation", "step", "inference"):
            if part == "augmentation" and precision != "float32":
                continue  # always float32
            cells = [f"{run[part + '_ms']:.1f} ms, {run[part + '_volumes_per_s']:.0f}/s" for run in (ours, eager)]
            ratio = ours[part + "_volumes_per_s"] / eager[part + "_volumes_per_s"]
            floors = [f"{ours[key]:.0f} ms" if (key := f"{part}_floor_{kind}_ms") in ours else "" for kind in ("arithmetic", "bytes")]
            yield f"| {part}, {precision} | {cells[0]} | {cells[1]} | {ratio:.2f} | {floors[0]} | {floors[1]} |"
        last = ours
    yield ""
    yield f"{last['threads']} threads, {last['device']}, LibTorch {last['libtorch']} and {eager['libtorch']}, BLAS {last['blas']}."


table = "\n".join(rows())
print(table)
if len(sys.argv) > 2:
    replace_table(sys.argv[2], "compare.sh", table)
