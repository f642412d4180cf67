#!/usr/bin/env bash
# Measures `tomoloupe-cli bench train` and the same work in eager PyTorch in turn, ROUNDS times (default 3), and prints the
# best of each with their ratio. Usage: compare.sh [TOMOLOUPE_CLI] [THREADS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../build/dev/bin/tomoloupe-cli}
threads=${2:-$(nproc)}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

for round in $(seq "${ROUNDS:-3}"); do
    OMP_NUM_THREADS=$threads /usr/bin/python3 "$here/eager_pytorch.py" --threads "$threads" >"$results/eager-$round.json"
    OMP_NUM_THREADS=$threads "$program" bench train --threads "$threads" --json >"$results/tomoloupe-$round.json"
done

python3 - "$results" <<'PYTHON'
import glob
import json
import sys

def best(name):
    runs = [json.load(open(path)) for path in sorted(glob.glob(f"{sys.argv[1]}/{name}-*.json"))]
    return {key: (min if key.endswith("_ms") else max)(run[key] for run in runs) for key in runs[0]}

ours, eager = best("tomoloupe"), best("eager")
print(f"{'':14}{'tomoloupe':>24}{'eager PyTorch':>24}{'times as fast':>16}")
for part in ("augmentation", "step", "inference"):
    cells = [f"{run[part + '_ms']:.1f} ms {run[part + '_volumes_per_s']:.0f}/s" for run in (ours, eager)]
    ratio = ours[part + "_volumes_per_s"] / eager[part + "_volumes_per_s"]
    print(f"{part:14}{cells[0]:>24}{cells[1]:>24}{ratio:>16.2f}")
print(f"threads: {ours['threads']} and {eager['threads']}; LibTorch {ours['libtorch']} and {eager['libtorch']}")
PYTHON
