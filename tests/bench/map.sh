#!/usr/bin/env bash
# Times the map page on made projects of 100,000 and 1,000,000 particles in 24 classes: pan, zoom, hover, lasso; in the real window under
# Xvfb with software OpenGL.
# Usage: map.sh [MAP_BENCH]     (cmake --build build/dev --target map_bench)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../build/dev/bin/map_bench}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for particles in 100000 1000000; do
    mkdir "$folder/$particles"
    "$program" make "$folder/$particles" "$particles"
    LIBGL_ALWAYS_SOFTWARE=1 QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1600x1200x24" "$program" run "$folder/$particles" 2> >(grep -v XDG_RUNTIME_DIR >&2)
done
