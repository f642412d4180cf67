#!/usr/bin/env bash
# Times the gallery on a made project of a million particles and 200 tomograms (about 260 MB in a temporary folder): opening, memory,
# scrolling, filtering and sorting, labelling; in the real window under Xvfb with software OpenGL.
# Usage: gallery.sh [GALLERY_BENCH]     (cmake --build build/dev --target gallery_bench)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../build/dev/bin/gallery_bench}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$program" make "$folder"
du -sm "$folder" | awk '{ print "project: " $1 " MB" }'
LIBGL_ALWAYS_SOFTWARE=1 QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1600x1200x24" "$program" run "$folder" 2> >(grep -v XDG_RUNTIME_DIR >&2)
