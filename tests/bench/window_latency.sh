#!/usr/bin/env bash
# How late the window's event loop answers while a training works on all cores in a process of its own, and how long its Cancel takes.
# Usage: window_latency.sh [BUILD FOLDER] [SECONDS]   (build tomoloupe, tomoloupe-cli and core_engine first)
set -euo pipefail
build=$(realpath "${1:-build/dev}")
seconds=${2:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work LIBGL_ALWAYS_SOFTWARE=1
"$build/bin/tomoloupe-cli" simulate --recipe demo --seed 1 --out "$work/p.tomoloupe" >/dev/null 2>&1
measure() {  # PAGE [OPTIONS]
    xvfb-run -a -s "-screen 0 1600x1200x24" "$build/bin/tomoloupe" "$work/p.tomoloupe" --page "$1" --size 1280x800 --measure-latency "$seconds" "${@:2}"
}
for page in gallery train; do
    folder=$("$build/bin/tomoloupe-cli" pretrain "$work/p.tomoloupe" --set demo --epochs 100000 --prepare)
    id=$(basename "$folder" | cut -d- -f1)
    printf '%-8s at rest      %s\n' "$page" "$(measure "$page")"
    printf '%-8s training     %s\n' "$page" "$(measure "$page" --start-run "$id")"
done
folder=$("$build/bin/tomoloupe-cli" pretrain "$work/p.tomoloupe" --set demo --epochs 100000 --prepare)
"$build/bin/tomoloupe-cli" run "$folder" >/dev/null 2>&1 &
process=$!
until grep -q '^loss' "$folder/metrics.csv" 2>/dev/null; do sleep 0.2; done
start=$(date +%s.%N)
kill -INT $process; sleep 0.05; kill -INT $process 2>/dev/null || true  # as the window does: twice is Cancel
wait $process || true
printf 'cancel   %.2f s until the process had ended\n' "$(echo "$(date +%s.%N) - $start" | bc)"
