#!/usr/bin/env bash
# Seconds and trustworthiness of the map of 10,000 x 128 vectors, beside umap-learn's on the same data (Debian: umap-learn).
# Usage: umap.sh [EMBEDDING.safetensors ...]     PYTHON names a Python that has numpy, scikit-learn and umap-learn (Debian: /usr/bin/python3)
#        (cmake --build build/dev --target umap_bench)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
exec /usr/bin/env "${PYTHON:-python3}" "$here/umap_learn.py" "${UMAP_BENCH:-$here/../../build/dev/bin/umap_bench}" "$@"
