#!/usr/bin/env bash
# Times the simulator on its recipes: subtomograms a second, and a whole tomogram with its peak memory.
# Usage: simulation.sh [TOMOLOUPE_CLI]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../build/dev/bin/tomoloupe-cli}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for recipe in paper-snr005 hard-snr01 noble-like; do
    "$program" simulate --recipe "$recipe" --count 40 --out "$folder/$recipe.tomoloupe" --json >"$folder/$recipe.json" 2>/dev/null
    python3 - "$folder/$recipe.json" "$recipe" <<'PYTHON'
import json
import sys

result = json.load(open(sys.argv[1]))
print(f"{sys.argv[2]:16}{result['particles_per_second']:8.0f} subtomograms a second, SNR {result['scene_snr']:.4g} over the scene, "
      f"{result['local_snr']:.3g} within the box")
PYTHON
done
for size in 512x512x200 1024x1024x300; do
    python3 - "$program" "$size" "$folder/tomo.mrc" <<'PYTHON'
import resource
import subprocess
import sys
import time

start = time.time()
subprocess.run([sys.argv[1], "simulate", "--tomogram", "--recipe", "cell-slab", "--size", sys.argv[2], "--out", sys.argv[3]],
               check=True, capture_output=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
print(f"cell-slab {sys.argv[2]:16}{time.time() - start:6.1f} s, peak memory {peak:.2f} GiB")
PYTHON
done
