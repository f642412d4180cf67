#!/usr/bin/env bash
# The tables of the program's own experiments (docs/user/experiments.md): does RECIPE, or goes on with it, and prints its tables as Markdown. With WRITE=1 they replace those in docs/benchmarks.md.
# Usage: experiment_tables.sh table1|table2|recommended [OUT, kept; a temporary folder unless told]   with TOMOLOUPE_CLI, WHOLE=1 (not the reduced version), SHARD (I/N)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${TOMOLOUPE_CLI:-$here/../../build/dev/bin/tomoloupe-cli}
recipe=$1
out=${2:-}
if [ -z "$out" ]; then
    out=$(mktemp -d)/$recipe
    trap 'rm -rf "$(dirname "$out")"' EXIT
fi
version=(--reduced)
if [ -n "${WHOLE:-}" ]; then version=(--shard "${SHARD:-1/1}"); fi
table=$("$program" experiment --recipe "$recipe" "${version[@]}" --out "$out" --resume)
echo "$table"
if [ -n "${WRITE:-}" ]; then
    python3 -c 'import sys; sys.path.insert(0, sys.argv[1]); from table import replace_table; replace_table(sys.argv[2], sys.argv[3], sys.argv[4])' \
        "$here" "$here/../../docs/benchmarks.md" "experiment_tables.sh $recipe${WHOLE:+, whole}" "$(sed '$d' <<<"$table")"
fi
