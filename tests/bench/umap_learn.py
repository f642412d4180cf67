#!/usr/bin/env python3
"""Maps the same vectors by Tomoloupe and by umap-learn; prints seconds and trustworthiness (k = 15, scikit-learn's) of both.

Usage: umap_learn.py UMAP_BENCH [EMBEDDING.safetensors ...]
Beside two made sets of 10,000 x 128, the vectors of embed runs can be compared, as "vectors" holds them.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

try:
    from sklearn.manifold import trustworthiness
except ImportError:
    sys.exit("scikit-learn is not installed (Debian: python3-sklearn)")
try:
    import umap
except ImportError:
    umap = None


def clusters(rng, rows=10000, columns=128, groups=20):
    """Clouds of few dimensions of their own in space, with noise in all."""
    centres = rng.normal(size=(groups, columns)) * 2
    labels = rng.integers(groups, size=rows)
    axes = rng.normal(size=(groups, 5, columns))
    x = centres[labels] + np.einsum("ni,nic->nc", rng.normal(size=(rows, 5)), axes[labels])
    return (x + rng.normal(size=x.shape) * 0.5).astype(np.float32)


def sheet(rng, rows=10000, columns=128):
    """A bent sheet in space, with noise in all dimensions."""
    u = rng.uniform(0, 4 * np.pi, rows)
    v = rng.uniform(0, 8, rows)
    low = np.stack([u * np.cos(u) / 4, v, u * np.sin(u) / 4, np.sin(u), np.cos(v)], 1)
    return (low @ rng.normal(size=(5, columns)) + rng.normal(size=(rows, columns)) * 0.3).astype(np.float32)


def stored(path):
    data = pathlib.Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    entry = json.loads(data[8:8 + length])["vectors"]
    first, last = entry["data_offsets"]
    return np.frombuffer(data[8 + length + first:8 + length + last], np.float32).reshape(entry["shape"])


def ours(program, x, folder):
    x.tofile(folder / "x")
    start = time.perf_counter()
    run = subprocess.run([program, folder / "x", str(x.shape[0]), str(x.shape[1]), folder / "map"], check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    return np.fromfile(folder / "map", np.float32).reshape(-1, 2), seconds, run.stdout.split()


def theirs(x):
    start = time.perf_counter()
    return umap.UMAP(random_state=1).fit_transform(x), time.perf_counter() - start


def main():
    program, files = sys.argv[1], sys.argv[2:]
    rng = np.random.default_rng(1)
    sets = {"20 clouds": clusters(rng), "bent sheet": sheet(rng)} | {pathlib.Path(f).parent.name: stored(f) for f in files}
    if umap is not None:
        umap.UMAP(n_epochs=10).fit_transform(rng.normal(size=(500, 8)))  # compiled before it is timed
    print("| vectors | Tomoloupe, s (neighbours, graph, layout) | umap-learn, s | trustworthiness | umap-learn's |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, x in sets.items():
            mine, seconds, parts = ours(program, x, pathlib.Path(folder))
            row = f"| {name}, {x.shape[0]:,} x {x.shape[1]} | {seconds:.1f} ({', '.join(parts)}) |"
            if umap is not None:
                other, other_seconds = theirs(x)
                row += f" {other_seconds:.1f} | {trustworthiness(x, mine, n_neighbors=15):.4f} | {trustworthiness(x, other, n_neighbors=15):.4f} |"
            else:
                row += f" not installed | {trustworthiness(x, mine, n_neighbors=15):.4f} | |"
            print(row, flush=True)
    if umap is None:
        print("umap-learn is not installed (Debian: umap-learn): nothing to compare with")


if __name__ == "__main__":
    main()
