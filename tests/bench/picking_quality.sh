#!/usr/bin/env bash
# Simulates tomograms (recipe cell-slab, 512x512x200) with the seeds given, picks in them with default options and prints what was found of
# the truth. Usage: picking_quality.sh [TOMOLOUPE_CLI] [SEED ...]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../build/dev/bin/tomoloupe-cli}")
shift || true
seeds=("${@:-1}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$program" project create p.tomoloupe >/dev/null

# picked NAME TRUTH CLASSES options...
picked() {
    local name=$1 truth=$2 classes=$3
    shift 3
    "$program" pick p.tomoloupe --set "$name" "$@" --json >"$name.json" 2>"$name.log" || { tail -n 3 "$name.log" >&2; exit 1; }
    "$program" export p.tomoloupe --set "$name" --out "$name.star" >/dev/null
    echo "$name ($(python3 -c 'import json, sys; print(round(json.load(open(sys.argv[1]))["seconds"], 1))' "$name.json") s): pick $*"
    python3 "$here/picking_quality.py" "$name.star" "$truth" --classes "$classes" | sed -n '2p'
}

for seed in "${seeds[@]}"; do
    tomogram=tomo$seed
    "$program" simulate --tomogram --recipe cell-slab --size 512x512x200 --seed "$seed" --out "$tomogram.mrc" --truth "$tomogram.star" >/dev/null 2>&1
    "$program" project import p.tomoloupe --tomogram "$tomogram.mrc" >/dev/null
    for diameter in 160 180; do
        picked "dog-$diameter-seed-$seed" "$tomogram.star" ribosome-70s,groel,proteasome-20s \
            --tomogram "$tomogram" --method dog --diameter "$diameter"
    done
    for name in proteasome-20s groel; do
        picked "$name-seed-$seed" "$tomogram.star" "$name" --tomogram "$tomogram" --method template --template "$name" --step 30
    done
done
