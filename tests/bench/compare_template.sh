#!/usr/bin/env bash
# Measures `tomoloupe-cli pick --method template` and the same search in NumPy and SciPy in turn, ROUNDS times (default 3), on a
# tomogram of 256x256x128 voxels made for it, and prints the best of each, their ratio and how many picks they share.
# Usage: compare_template.sh [TOMOLOUPE_CLI] [THREADS]; STEP=45 is the step between orientations in degrees.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../build/dev/bin/tomoloupe-cli}
threads=${2:-$(nproc)}
step=${STEP:-45}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

/usr/bin/python3 "$here/template_numpy.py" make "$folder"
"$program" project create "$folder/p.tomoloupe" >/dev/null
"$program" project import "$folder/p.tomoloupe" --tomogram "$folder/tomogram.mrc" >/dev/null
for round in $(seq "${ROUNDS:-3}"); do
    /usr/bin/python3 "$here/template_numpy.py" search "$folder" --step "$step" --workers "$threads" >"$folder/numpy-$round.json"
    OMP_NUM_THREADS=$threads "$program" pick "$folder/p.tomoloupe" --tomogram tomogram --method template --template "$folder/template.mrc" \
        --step "$step" --search-voxel 10 --contrast light --tilt-maximum 90 --maximum-count 40 --set "picked-$round" --device cpu --json \
        >"$folder/tomoloupe-$round.json"
done
"$program" export "$folder/p.tomoloupe" --set picked-1 --format csv --out "$folder/picks.csv" >/dev/null

/usr/bin/python3 - "$folder" <<'PYTHON'
import glob
import json
import sys

best = {name: max(json.load(open(path))["voxels_angles_per_second"] for path in glob.glob(f"{sys.argv[1]}/{name}-*.json"))
        for name in ("tomoloupe", "numpy")}
print(f"million voxels x angles a second: tomoloupe {best['tomoloupe'] / 1e6:.1f}, NumPy and SciPy {best['numpy'] / 1e6:.1f}, "
      f"{best['tomoloupe'] / best['numpy']:.2f} times as fast")
PYTHON
/usr/bin/python3 "$here/template_numpy.py" compare "$folder" "$folder/picks.csv" "$folder/numpy-1.json"
