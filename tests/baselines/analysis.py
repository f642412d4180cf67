#!/usr/bin/env python3
"""Numbers that the tests of core/analysis compare with: scikit-learn, umap-learn and plain NumPy. Prints C++ constants.

Usage: python3 tests/baselines/analysis.py > tests/baselines/analysis_numbers.h     (Debian: python3-sklearn, umap-learn)
"""
import numpy as np
import umap
from scipy.sparse.csgraph import minimum_spanning_tree
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import find_ab_params, fuzzy_simplicial_set


def made(rows, columns, groups, apart):
    """Deterministic, irregular numbers in groups; the tests make the same."""
    i = np.arange(rows * columns, dtype=np.float64)
    x = np.sin(1.7 * i + 0.3 + 0.11 * i * i).reshape(rows, columns)
    for r in range(rows):
        x[r, r % groups % columns] += apart * (1 + r % groups)
    return x.astype(np.float32).astype(np.float64)


def hdbscan(x, min_size, min_samples):
    """Campello et al. 2013 by its definitions, on all distances, with clusters as sets of points."""
    d = np.linalg.norm(x[:, None] - x[None], axis=2)
    core = np.sort(d, axis=1)[:, min_samples - 1]
    reach = np.maximum(d, np.maximum(core[:, None], core[None]))
    tree = minimum_spanning_tree(np.triu(reach, 1)).tocoo()
    edges = sorted(zip(tree.data, tree.row, tree.col))

    def parts(points, level):
        """Connected parts of `points` where edges below `level` are kept."""
        left, found = set(points), []
        near = {p: [] for p in points}
        for length, a, b in edges:
            if length < level and a in near and b in near:
                near[a].append(b)
                near[b].append(a)
        while left:
            grown, open_ = set(), [left.pop()]
            while open_:
                p = open_.pop()
                grown.add(p)
                for q in near[p]:
                    if q in left:
                        left.remove(q)
                        open_.append(q)
            found.append(grown)
        return found

    def grow(points, birth):
        """(stability, groups chosen) of the cluster born at density `birth`."""
        stability = 0.0
        while True:
            lengths = [l for l, a, b in edges if a in points and b in points]
            if not lengths:
                return stability, [points], []
            level = max(lengths)
            split = parts(points, level)
            large = [p for p in split if len(p) >= min_size]
            if len(large) == 1:
                stability += (1 / level - birth) * (len(points) - len(large[0]))
                points = large[0]
                continue
            stability += (1 / level - birth) * len(points)
            return stability, [points], [(p, 1 / level) for p in large]

    def best(points, birth):
        everything = set(points)
        stability, _, children = grow(points, birth)
        chosen, sum_ = [], 0.0
        for child, density in children:
            value, groups = best(child, density)
            sum_ += value
            chosen += groups
        return (stability, [everything]) if stability >= sum_ else (sum_, chosen)

    _, _, children = grow(set(range(len(x))), 0.0)
    groups = [g for child, density in children for g in best(child, density)[1]]
    labels = np.full(len(x), -1)
    for number, group in enumerate(sorted(groups, key=lambda g: (-len(g), min(g)))):
        labels[list(group)] = number
    return labels


def constant(name, value):
    if np.ndim(value) == 0:
        print(f"inline constexpr double {name} = {float(value):.9g};")
    else:
        kind = "int" if np.issubdtype(np.asarray(value).dtype, np.integer) else "double"
        text = ", ".join(str(int(v)) if kind == "int" else f"{float(v):.9g}" for v in np.ravel(value))
        print(f"inline constexpr {kind} {name}[] = {{{text}}};")


if __name__ == "__main__":
    x = made(60, 6, 3, 2.0)
    print("#pragma once\n\n// Written by tests/baselines/analysis.py.\n\nnamespace tomoloupe::baseline {\n")
    pca = PCA().fit(x)
    signs = np.sign(pca.components_[np.arange(6), np.abs(pca.components_).argmax(1)])
    constant("kPcaVariances", pca.explained_variance_[:3])
    constant("kPcaTotal", pca.explained_variance_.sum())
    constant("kPcaScores", (pca.transform(x) * signs)[:4, :3])
    distances, indices = NearestNeighbors(n_neighbors=6).fit(x).kneighbors(x)
    constant("kNearestOf7", indices[7, 1:])
    constant("kNearestDistancesOf7", distances[7, 1:])
    constant("kTrust", trustworthiness(x, x[:, :2], n_neighbors=5))
    constant("kMeansInertia", KMeans(3, n_init=50, random_state=0).fit(x).inertia_)
    constant("kMeansInertia5", KMeans(5, n_init=300, random_state=0).fit(x).inertia_)
    a, b = find_ab_params(1.0, 0.1)
    constant("kCurveA", a)
    constant("kCurveB", b)
    distances, indices = NearestNeighbors(n_neighbors=10).fit(x).kneighbors(x)
    graph, _, _ = fuzzy_simplicial_set(x.astype(np.float32), 10, np.random.RandomState(0), "euclidean", knn_indices=indices, knn_dists=distances.astype(np.float32))
    graph = graph.toarray()
    constant("kGraphEdges", int((np.triu(graph, 1) > 0).sum()))
    constant("kGraphWeight", np.triu(graph, 1).sum())
    constant("kGraphOf7", graph[7, indices[7, 1:4]])
    plane = made(90, 2, 2, 2.5)
    plane[np.arange(0, 90, 3)] *= 1.7
    plane = plane.astype(np.float32).astype(np.float64)
    for size, samples in ((8, 4), (5, 5), (12, 3)):
        constant(f"kGroups{size}", hdbscan(plane, size, samples))
    wide = made(400, 8, 5, 1.5)
    placed = umap.UMAP(random_state=1).fit_transform(wide)
    constant("kUmapTrust", trustworthiness(wide, placed, n_neighbors=15))
    print("\n}  // namespace tomoloupe::baseline")
