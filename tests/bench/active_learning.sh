#!/usr/bin/env bash
# Does it matter which particles one labels? Simulates the recipe paper-snr005 with 100 particles a class to label and 60 more to judge by,
# then labels round by round, twenty at a time, once those that "label next" proposes and once random ones, teaches a model by the recipe
# labelling-round after each round and prints macro-F1 on the particles to judge by, and how many labels it takes to reach 90 % of what all labels
# give. The first two rounds are random in both. Once with all classes alike and once with uneven ones, as they are in cells (the
# largest 45 times the smallest). With WRITE=1 the tables in docs/benchmarks.md are replaced.
# Usage: active_learning.sh [TOMOLOUPE_CLI] [SEED ...]   with ROUNDS (8)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../../build/dev/bin/tomoloupe-cli}")
shift $(($# > 0 ? 1 : 0))
if [ $# -eq 0 ]; then set -- 1 2; fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 "$here/active_learning.py" "$program" "$folder" "${ROUNDS:-8}" ${WRITE:+--write "$here/../../docs/benchmarks.md"} "$@"
