#!/usr/bin/env python3
"""Numbers that the tests of the representation monitor compare with, computed in NumPy from the formulas alone. Prints C++ constants.

Usage: python3 tests/baselines/representation.py > tests/baselines/representation_numbers.h
"""
import numpy as np


def ramp(rows, columns, step, start):
    """Deterministic, irregular numbers that the tests make in the same way."""
    i = np.arange(rows * columns, dtype=np.float64)
    return np.sin(step * i + start + 0.11 * i * i).reshape(rows, columns)


def unit_rows(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def neighbour_accuracy(x, labels, k, temperature=0.07):
    """Wu et al. 2018, section 3.4: w_c = sum over the k nearest of exp(cosine / temperature) [label == c]; leave-one-out."""
    u = unit_rows(x)
    right = 0
    for i in range(len(u)):
        others = np.delete(np.arange(len(u)), i)
        cosine = u[others] @ u[i]
        nearest = np.argsort(-cosine)[:k]
        votes = np.bincount(labels[others][nearest], np.exp(cosine[nearest] / temperature), labels.max() + 1)
        right += votes.argmax() == labels[i]
    return right / len(u)


def alignment(x, y):
    return (np.linalg.norm(unit_rows(x) - unit_rows(y), axis=1) ** 2).mean()


def uniformity(x):
    u = unit_rows(x)
    pairs = [np.exp(-2 * np.linalg.norm(u[i] - u[j]) ** 2) for i in range(len(u)) for j in range(i)]
    return np.log(np.mean(pairs))


def effective_rank(x):
    p = np.linalg.svd(x - x.mean(0), compute_uv=False)
    p = p[p > 1e-10] / p.sum()
    return np.exp(-(p * np.log(p)).sum())


def spread(x):
    return unit_rows(x).std(0).mean() * np.sqrt(x.shape[1])


if __name__ == "__main__":
    x, y = ramp(12, 5, 1.7, 0.3), ramp(12, 5, 1.7, 0.3) + 0.2 * ramp(12, 5, 0.9, 1.0)
    wide = ramp(4, 9, 1.7, 0.3)
    labels = (x[:, 0] > 0).astype(int) + (x[:, 1] > 0.2)
    print("#pragma once\n\n// Written by tests/baselines/representation.py.\n\nnamespace tomoloupe::baseline {\n")
    print(f"inline constexpr int kMonitorLabels[] = {{{', '.join(map(str, labels))}}};")
    for name, value in {
        "kNeighbourAccuracy": neighbour_accuracy(x, labels, 20),
        "kNeighbourAccuracyClose3": neighbour_accuracy(x + 2, labels, 3), "kNeighbourAccuracyClose20": neighbour_accuracy(x + 2, labels, 20),
        "kAlignment": alignment(x, y), "kUniformity": uniformity(x), "kEffectiveRank": effective_rank(x),
        "kEffectiveRankWide": effective_rank(wide), "kSpread": spread(x),
    }.items():
        print(f"inline constexpr double {name} = {value:.9g};")
    print("\n}  // namespace tomoloupe::baseline")
