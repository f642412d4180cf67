#!/usr/bin/env bash
# Prints how long a frame of the Tomogram page's 3D view takes with 300, 1000 and 5000 particles as spheres, with arrows and as maps,
# on software OpenGL; "processor" adds both cores up. Usage: particle_scene.sh [WIDTHxHEIGHT]
# Builds nothing: cmake --build --preset dev --target particle_scene
set -euo pipefail
program=${PARTICLE_SCENE:-$(cd "$(dirname "$0")/../.." && pwd)/build/dev/bin/particle_scene}
LIBGL_ALWAYS_SOFTWARE=1 exec xvfb-run -a -s "-screen 0 1600x1200x24" "$program" "$@"
