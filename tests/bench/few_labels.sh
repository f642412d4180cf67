#!/usr/bin/env bash
# What learning without labels brings where labels are few: simulates the recipe paper-snr005 with 100 particles a class, pre-trains once
# with each method, fine-tunes with a quarter of the training labels and three seeds, from each of these starts and from random weights,
# at the paper's rate and at one that suits random weights, all else by few_labels.json, and prints the accuracy on held-out
# particles. With WRITE=1 the table in docs/benchmarks.md is replaced.
# Usage: few_labels.sh [TOMOLOUPE_CLI] [SEED of data, split and runs] [METHOD ...]   with ENCODER (bandpower3d)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../build/dev/bin/tomoloupe-cli}")
seed=${2:-1}
shift $(($# < 2 ? $# : 2))
methods=("$@")
if [ $# -eq 0 ]; then methods=(simclr moco swav); fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# quietly NAME COMMAND...: its JSON goes to NAME.json, and what else it says is shown where it fails.
quietly() {
    local name=$1
    shift
    "$program" "$@" --json >"$name.json" 2>"$name.log" || { tail -n 3 "$name.log" >&2; exit 1; }
}

encoder=${ENCODER:-bandpower3d}
set=(p.tomoloupe --set paper-snr005 --recipe "$here/few_labels.json" --encoder "$encoder" --seed "$seed")
# taught NAME RUN: from the run, or from random weights.
taught() {
    local labels=(--from "$2" --label-fraction 0.25 --split-seed "$seed" --runs 3)
    for rate in 0.0005 0.02; do
        quietly "$1-$rate" finetune "${set[@]}" "${labels[@]}" --learning-rate $rate
    done
}

quietly simulated simulate --recipe paper-snr005 --count 100 --seed "$seed" --out p.tomoloupe
taught random random
for method in "${methods[@]}"; do
    start=$SECONDS
    quietly "$method" pretrain "${set[@]}" --method "$method"
    echo $((SECONDS - start)) >"$method.seconds"
    taught "$method" "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["run"])' "$method.json")"
done
python3 "$here/few_labels.py" "$folder" "$seed" "$encoder" ${WRITE:+"$here/../../docs/benchmarks.md"}
