#!/usr/bin/env bash
# Measures `tomoloupe-cli bench train` and the same work in eager PyTorch in turn, ROUNDS times (default 3) in both precisions, and
# prints the best of each with their ratio and the least that arithmetic and memory allow. With WRITE=1 the table in
# docs/benchmarks.md is replaced. Usage: compare.sh [TOMOLOUPE_CLI] [THREADS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../build/dev/bin/tomoloupe-cli}
threads=${2:-$(nproc)}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

for round in $(seq "${ROUNDS:-3}"); do
    for precision in float32 bfloat16; do
        OMP_NUM_THREADS=$threads /usr/bin/python3 "$here/eager_pytorch.py" --threads "$threads" --repeats 7 --precision $precision \
            >"$results/eager-$precision-$round.json"
        OMP_NUM_THREADS=$threads "$program" bench train --threads "$threads" --precision $precision --json \
            >"$results/tomoloupe-$precision-$round.json"
    done
done
python3 "$here/learning_table.py" "$results" ${WRITE:+"$here/../../docs/benchmarks.md"}
