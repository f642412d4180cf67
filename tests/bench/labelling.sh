#!/usr/bin/env bash
# Types 200 labels through the real window under Xvfb and prints how long a person would wait: from the key to the stored
# label, and to the next particle shown. Then the same again, killed with -9 half way, and how many of the labels that were
# reported as stored are lost.
# Usage: labelling.sh [BUILD_FOLDER]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:-$here/../../build/dev}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME=$folder LIBGL_ALWAYS_SOFTWARE=1
typist() { xvfb-run -a -s "-screen 0 1600x1200x24" "$build/bin/label_typist" "$folder/p.tomoloupe" "$1" 2>/dev/null; }

"$build/bin/tomoloupe-cli" simulate --recipe demo --count 90 --seed 1 --out "$folder/p.tomoloupe" --json >/dev/null 2>&1
"$build/bin/tomoloupe-cli" label sets "$folder/p.tomoloupe" --use typed >/dev/null
typist 200 >"$folder/times"
python3 - "$folder/times" <<'PYTHON'
import statistics
import sys

rows = [line.split() for line in open(sys.argv[1])]
for name, column in (("key to stored", 1), ("key to stored and next particle shown", 2)):
    times = sorted(float(row[column]) for row in rows)
    print(f"{name}: median {statistics.median(times):.1f} ms, p99 {times[int(0.99 * (len(times) - 1))]:.1f} ms, "
          f"longest {times[-1]:.1f} ms ({len(times)} labels)")
PYTHON
"$build/bin/tomoloupe-cli" label sets "$folder/p.tomoloupe" --use killed >/dev/null
touch "$folder/reported"
typist 200 >"$folder/reported" || true &
while [ "$(wc -l <"$folder/reported")" -lt 100 ]; do sleep 0.02; done
pkill -9 -f "^$build/bin/label_typist $folder"
wait
"$build/bin/tomoloupe-cli" label list "$folder/p.tomoloupe" --set demo --json >"$folder/labels.json"
python3 - "$folder/reported" "$folder/labels.json" <<'PYTHON'
import json
import sys

lines = open(sys.argv[1]).read().split("\n")[:-1]  # the last may be half a line
reported = [int(line.split()[0]) for line in lines if line]
labels = json.load(open(sys.argv[2]))["labels"]
print(f"killed with -9 after {len(reported)} labels: {sum(labels[i] is None for i in reported)} lost")
PYTHON
