#!/usr/bin/env bash
# Times `tomoloupe-cli pick --method dog` and the same work in scipy.ndimage (dog_scipy.py) in turn, ROUNDS times (default 3), on a
# tomogram of noise with 400 balls, prints the best of each with their ratio, and fails unless both give the same picks.
# Usage: compare_picking.sh [TOMOLOUPE_CLI] [THREADS] [NXxNYxNZ] [SIGMA]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../build/dev/bin/tomoloupe-cli}
threads=${2:-$(nproc)}
size=${3:-512x512x200}
sigma=${4:-7}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export OMP_NUM_THREADS=$threads

/usr/bin/python3 "$here/dog_scipy.py" make "$results/balls.mrc" "$size"
"$program" project create "$results/p.tomoloupe" >/dev/null
"$program" project import "$results/p.tomoloupe" --tomogram "$results/balls.mrc" >/dev/null
for round in $(seq "${ROUNDS:-3}"); do
    /usr/bin/python3 "$here/dog_scipy.py" pick "$results/balls.mrc" "$sigma" "$results/scipy.csv" >"$results/scipy-$round.json"
    # scipy knows no gold beads, and keeps picks apart by sigma: voxels of 10 Å.
    "$program" pick "$results/p.tomoloupe" --tomogram balls --method dog --sigma "$sigma" --threshold 3 --clip 0 \
        --set "round$round" --json >"$results/tomoloupe-$round.json" 2>/dev/null
done

/usr/bin/python3 - "$results" "$size" "$threads" <<'PYTHON'
import csv
import glob
import json
import sqlite3
import sys

folder, size, threads = sys.argv[1:]

def runs(name):
    return [json.load(open(path)) for path in sorted(glob.glob(f"{folder}/{name}-*.json"))]

ours, theirs = runs("tomoloupe"), runs("scipy")
fast, slow = min(run["seconds"] for run in ours), min(run["seconds"] for run in theirs)
print(f"difference of Gaussians, {size} voxels, {threads} threads, best of {len(ours)}, reading the file included")
print(f"{'':14}{'tomoloupe':>12}{'scipy.ndimage':>16}{'times as fast':>16}")
print(f"{'seconds':14}{fast:>12.2f}{slow:>16.2f}{slow / fast:>16.1f}")
print(f"{'picks':14}{ours[0]['count']:>12}{theirs[0]['count']:>16}")
print(f"{'threshold':14}{ours[0]['threshold']:>12.6f}{theirs[0]['threshold']:>16.6f}")

database = sqlite3.connect(f"{folder}/p.tomoloupe/project.db")
mine = {tuple(round(v) for v in row) for row in database.execute(
    "SELECT x, y, z FROM particles WHERE set_id = (SELECT id FROM particle_sets WHERE name = 'round1')")}
other = {tuple(int(float(row[k])) for k in "xyz") for row in csv.DictReader(open(f"{folder}/scipy.csv"))}
common = len(mine & other)
print(f"{common} picks in the same voxel, {len(mine - other)} only of tomoloupe, {len(other - mine)} only of scipy.ndimage")
# Sums in single and in double precision differ in the last digits, which may turn a tie.
sys.exit(0 if common >= 0.999 * max(len(mine), len(other)) else 1)
PYTHON
