#!/usr/bin/env python3
"""Discriminant analysis that learns from unlabelled vectors too, computed in NumPy from docs/method.md alone. Prints C++ constants.

Usage: python3 tests/baselines/discriminant.py > tests/baselines/discriminant_numbers.h
"""
import numpy as np

CLASSES, NUMBERS, LABELLED, UNLABELLED = 3, 5, 12, 40
PRIORS = np.array([0.5, 0.3, 0.2])


def example():
    """The same vectors as the test makes: irregular, class i % 3 shifted along one axis."""
    i, j = np.arange(LABELLED + UNLABELLED)[:, None], np.arange(NUMBERS)[None, :]
    return np.sin(1.7 * i + 0.9 * j * j + 0.3 * i * j) + 1.5 * (i % CLASSES == j % CLASSES)


def oracle_approximating(covariance, freedom):
    size, trace, square = len(covariance), np.trace(covariance), np.sum(covariance**2)
    return min(1, ((1 - 2 / size) * square + trace**2) / ((freedom + 1 - 2 / size) * (square - trace**2 / size)))


def fit(vectors, belongs):
    means = [(belongs[:, c] @ vectors) / belongs[:, c].sum() for c in range(CLASSES)]
    freedom = belongs.sum() - CLASSES
    covariance = sum(w * np.outer(x - means[c], x - means[c]) for x, row in zip(vectors, belongs) for c, w in enumerate(row)) / freedom
    part = oracle_approximating(covariance, freedom)
    sphere = np.eye(NUMBERS) * np.trace(covariance) / NUMBERS
    inverse = np.linalg.inv((1 - part) * covariance + part * sphere)
    return np.array([inverse @ m for m in means]), np.array([np.log(p) - m @ inverse @ m / 2 for p, m in zip(PRIORS, means)])


def with_unlabelled(vectors, truth, others):
    weight, bias = fit(vectors, truth)
    before = np.zeros((len(others), CLASSES))
    for round in range(30):
        scores = (others @ weight.T + bias) / max(3 * 0.9**round, 1)
        guessed = np.exp(scores - scores.max(1, keepdims=True))
        guessed /= guessed.sum(1, keepdims=True)
        if np.abs(guessed - before).mean() < 1e-4:
            break
        before = guessed
        weight, bias = fit(np.vstack([vectors, others]), np.vstack([truth, guessed * 0.2]))
    return weight, bias


def printed(name, result):
    numbers = np.hstack([result[0], result[1][:, None]]).ravel()
    print(f"inline constexpr double {name}[] = {{")
    for start in range(0, len(numbers), 6):
        print("    " + ", ".join(f"{x:.12g}" for x in numbers[start : start + 6]) + ",")
    print("};")


if __name__ == "__main__":
    everything = example()
    labelled, others = everything[:LABELLED], everything[LABELLED:]
    truth = np.eye(CLASSES)[np.arange(LABELLED) % CLASSES]
    print("#pragma once\n\n// Written by tests/baselines/discriminant.py.\n\nnamespace tomoloupe::baseline {\n\n// Of each class its weights and its bias.")
    printed("kLabelsAlone", fit(labelled, truth))
    printed("kWithUnlabelled", with_unlabelled(labelled, truth, others))
    print("\n}  // namespace tomoloupe::baseline")
