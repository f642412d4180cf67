#!/usr/bin/env bash
# Prints how long the Tomogram page takes for slices of a file of 2 GB, from the wish to the frame on the screen, and the memory it
# takes. The file is made in FOLDER and removed at the end. Usage: tomogram_slices.sh [NXxNYxNZ] [FOLDER] [--json]
# Builds nothing: cmake --build --preset dev --target tomogram_slices
set -euo pipefail
program=${TOMOGRAM_SLICES:-$(cd "$(dirname "$0")/../.." && pwd)/build/dev/bin/tomogram_slices}
LIBGL_ALWAYS_SOFTWARE=1 exec xvfb-run -a -s "-screen 0 1600x1200x24" "$program" "$@"
