#!/usr/bin/env python3
"""The table of few_labels.sh. Usage: few_labels.py FOLDER_OF_RESULTS SEED ENCODER [PAGE whose table is replaced]"""
import json
import sys
from pathlib import Path

from table import replace_table

RATES = ("0.0005", "0.02")
folder, seed, encoder = Path(sys.argv[1]), sys.argv[2], sys.argv[3]


def accuracy(name, rate):
    return json.load(open(folder / f"{name}-{rate}.json"))["test_accuracy"]


def row(name):
    cells = []
    for rate in RATES:
        found = accuracy(name, rate)
        cells.append(f"{100 * found['mean']:.1f} ± {100 * found['sd']:.1f}")
        cells.append("" if name == "random" else f"{100 * (found['mean'] - accuracy('random', rate)['mean']):+.1f}")
    seconds = folder / f"{name}.seconds"
    cells.append(seconds.read_text().strip() if seconds.exists() else "")
    return "| " + " | ".join([name, *cells]) + " |"


columns = "".join(f" rate {rate}: accuracy, % | over random |" for rate in RATES)
methods = sorted(path.stem for path in folder.glob("*.seconds"))
table = "\n".join([f"| {encoder}, start (seed {seed}) |{columns} pre-training, s |", "|---|---|---|---|---|---|", *map(row, ["random", *methods])])
print(table)
if len(sys.argv) > 4:
    replace_table(sys.argv[4], f"few_labels.sh {encoder}", table)
