#!/usr/bin/env python3
"""Numbers that the tests of the evaluation figures compare with: scikit-learn's, and formulas written anew in NumPy and SciPy. Prints C++ constants.

Usage: python3 tests/baselines/classification.py > tests/baselines/classification_numbers.h   (needs numpy, scipy, scikit-learn)
"""
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import binom
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support

CLASSES, COUNT, BINS = 5, 300, 15


def made():
    """Truth, prediction and confidence by whole-number arithmetic that the test repeats. Class 4 has no member and class 3 is rare."""
    i = np.arange(COUNT)
    truth = np.where(i % 41 == 0, 3, (i * 7 + i * i // 5) % 3)
    predicted = np.where(i * 13 % 10 < 7, truth, i * 3 % CLASSES)
    confidence = (np.float32(200) + (i * 619 % 801).astype(np.float32)) / np.float32(1000)
    return truth, predicted, confidence


def reliability(truth, predicted, confidence):
    """Guo et al. 2017, eq. 3: bins (m/M, (m+1)/M]."""
    right = truth == predicted
    confidence = confidence.astype(float)  # NumPy would compare single precision with edges rounded to it
    bins, error = [], 0.0
    edges = np.linspace(0, 1, BINS + 1)
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        bins.append(int(inside.sum()))
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return bins, error


def best_temperature(truth, predicted, confidence):
    """By the likelihood of a truth of (N + 1) / (N + 2); what the confidence leaves is shared by the other classes alike."""
    probabilities = np.repeat((1 - confidence.astype(np.float32))[:, None] / np.float32(CLASSES - 1), CLASSES, axis=1)
    probabilities[np.arange(COUNT), predicted] = confidence
    scores = np.log(np.maximum(probabilities.astype(float), 1e-37))
    wanted = np.full((COUNT, CLASSES), 1 / (COUNT + 2) / (CLASSES - 1))
    wanted[np.arange(COUNT), truth] = (COUNT + 1) / (COUNT + 2)
    surprise = lambda t: -(wanted * (scores / t - np.log(np.exp(scores / t).sum(1, keepdims=True)))).sum()
    return minimize_scalar(surprise, bounds=(0.05, 100), method="bounded", options={"xatol": 1e-7}).x


def bootstrap(truth, predicted, figure, drawings=20000):
    random = np.random.default_rng(7)
    values = []
    for _ in range(drawings):
        chosen = random.integers(0, COUNT, COUNT)
        values.append(figure(truth[chosen], predicted[chosen]))
    return np.percentile(values, [2.5, 97.5])


def macro_f1(truth, predicted):
    matrix = np.zeros((CLASSES, CLASSES))
    np.add.at(matrix, (truth, predicted), 1)
    both = matrix.sum(0) + matrix.sum(1)
    return (2 * matrix.diagonal()[both > 0] / both[both > 0]).mean()


def numbers(name, values, kind="double"):
    text = ", ".join(f"{v:.9g}" for v in np.ravel(values))
    print(f"inline constexpr {kind} {name}[] = {{{text}}};")


if __name__ == "__main__":
    truth, predicted, confidence = made()
    precision, recall, f1, _ = precision_recall_fscore_support(truth, predicted, labels=range(CLASSES), zero_division=0)
    bins, error = reliability(truth, predicted, confidence)
    assert abs(macro_f1(truth, predicted) - f1_score(truth, predicted, average="macro", zero_division=0)) < 1e-12
    print("#pragma once\n\n// Written by tests/baselines/classification.py.\n\nnamespace tomoloupe::baseline {\n")
    numbers("kConfusion", confusion_matrix(truth, predicted, labels=range(CLASSES)), "int")
    numbers("kPrecision", precision)
    numbers("kRecall", recall)
    numbers("kF1", f1)
    numbers("kReliabilityCounts", bins, "int")
    accuracy = accuracy_score(truth, predicted)
    print(f"inline constexpr double kAccuracy = {accuracy:.9g};")
    print(f"inline constexpr double kMacroF1 = {f1_score(truth, predicted, average='macro', zero_division=0):.9g};")
    print(f"inline constexpr double kExpectedCalibrationError = {error:.9g};")
    print(f"inline constexpr double kTemperature = {best_temperature(truth, predicted, confidence):.6g};")
    numbers("kAccuracyInterval", binom.ppf([0.025, 0.975], COUNT, accuracy) / COUNT)
    numbers("kMacroF1Interval", bootstrap(truth, predicted, macro_f1))
    print("\n}  // namespace tomoloupe::baseline")
