#!/usr/bin/env python3
"""Numbers that the learning tests compare with, computed in NumPy from the formulas alone. Prints them as C++ constants.

Usage: python3 tests/baselines/learning.py > tests/baselines/learning_numbers.h
"""
import numpy as np


def cpp(name, values):
    flat = np.asarray(values, dtype=np.float64).ravel()
    text = ", ".join(f"{v:.9g}" for v in flat)
    return f"inline constexpr double {name}[] = {{{text}}};"


def ramp(*shape):
    """Deterministic, irregular numbers that the tests make in the same way."""
    i = np.arange(np.prod(shape), dtype=np.float64)
    return np.sin(1.7 * i + 0.3).reshape(shape)


def unit_rows(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def gradient(function, x, step=1e-5):
    """By central differences."""
    result = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        offset = np.zeros_like(x)
        offset[i] = step
        result[i] = (function(x + offset) - function(x - offset)) / (2 * step)
    return result


def log_softmax(x):
    shifted = x - x.max(1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(1, keepdims=True))


def info_nce_logits(q, k, queue):
    return np.concatenate([(q * k).sum(1, keepdims=True), q @ queue.T], axis=1) / 0.2


def info_nce():
    q, k = unit_rows(ramp(3, 4)), unit_rows(ramp(3, 4) + 0.5)
    queue = unit_rows(ramp(5, 4) - 0.25)
    loss = lambda x: -log_softmax(info_nce_logits(x, k, queue))[:, 0].mean()
    return info_nce_logits(q, k, queue), loss(q), gradient(loss, q)


def two_views(rows=6):
    return unit_rows(ramp(rows, 4)), unit_rows(ramp(rows, 4) + 0.5)


def nt_xent():
    """Pair by pair, as the formula is written."""
    def loss(first, second, temperature=0.2):
        z, n, total = np.concatenate([first, second]), len(first), 0.0
        for i in range(2 * n):
            s = [np.exp(z[i] @ z[k] / temperature) for k in range(2 * n)]
            total -= np.log(s[(i + n) % (2 * n)] / (sum(s) - s[i]))
        return total / (2 * n)
    first, second = two_views()
    return loss(first, second), gradient(lambda x: loss(x, second), first)


def sinkhorn(scores, epsilon=0.05, iterations=3):
    """As Caron et al. 2020 write it: on exponentials, prototypes then particles."""
    q = np.exp((scores - scores.max()) / epsilon).T
    q /= q.sum()
    k, b = q.shape
    for _ in range(iterations):
        q /= q.sum(1, keepdims=True) * k
        q /= q.sum(0, keepdims=True) * b
    return (q * b).T


def swapped_prediction():
    scores = [ramp(6, 5), ramp(6, 5) * 0.5 + 0.1, np.cos(ramp(6, 5) * 3)]
    assignments = [sinkhorn(scores[0]), sinkhorn(scores[1])]

    def loss(first):
        views, total = [first] + scores[1:], 0.0
        for i, q in enumerate(assignments):
            others = [-(q * log_softmax(s / 0.1)).sum(1).mean() for v, s in enumerate(views) if v != i]
            total += np.mean(others) / len(assignments)
        return total
    return assignments[0], loss(scores[0]), gradient(loss, scores[0])


def byol():
    prediction, target = ramp(6, 4), ramp(6, 4) + 0.5

    def loss(x):
        return np.mean([((a / np.linalg.norm(a) - b / np.linalg.norm(b)) ** 2).sum() for a, b in zip(x, target)])
    momentum = [1 - (1 - 0.99) * (np.cos(np.pi * k / 200) + 1) / 2 for k in (0, 50, 100, 199)]
    return loss(prediction), gradient(loss, prediction), momentum


def vicreg():
    first, second = ramp(6, 4), ramp(6, 4) * 0.8 + np.cos(ramp(6, 4) * 2)

    def terms(x, y):
        variance = lambda z: np.maximum(0, 1 - np.sqrt(z.var(0, ddof=1) + 1e-4)).mean()

        def covariance(z):
            c = np.cov(z.T)
            return sum(c[i, j] ** 2 for i in range(4) for j in range(4) if i != j) / 4
        return ((x - y) ** 2).mean(), (variance(x) + variance(y)) / 2, covariance(x) + covariance(y)
    return terms(first, second), gradient(lambda x: np.dot(terms(x, second), [25, 25, 1]), first)


def adam(steps=3, rate=0.01, decay=0.1):
    w, m, v, follower = ramp(6), np.zeros(6), np.zeros(6), ramp(6) + 1
    for t in range(1, steps + 1):
        g = np.cos(w * t) + decay * w
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w = w - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        follower = 0.99 * follower + 0.01 * w
    return w, follower


def sgd(steps=3, rate=0.01, momentum=0.9, decay=0.1):
    w, velocity = ramp(6), np.zeros(6)
    for t in range(1, steps + 1):
        velocity = momentum * velocity + np.cos(w * t) + decay * w
        w = w - rate * velocity
    return w


def lars(shape, rate, decay=0.1, steps=3):
    """You et al. 2017 in the form of Chen et al. 2020: the rate is within the momentum; vectors have no decay and no trust ratio."""
    w, velocity, follower = ramp(*shape), np.zeros(shape), ramp(*shape) + 1
    for t in range(1, steps + 1):
        g, trust = np.cos(w * t), 1.0
        if w.ndim > 1:
            g = g + decay * w
            trust = 0.001 * np.linalg.norm(w) / np.linalg.norm(g)
        velocity = 0.9 * velocity + rate * trust * g
        w = w - velocity
        follower = 0.99 * follower + 0.01 * w
    return w, follower


if __name__ == "__main__":
    print("#pragma once\n\n// Written by tests/baselines/learning.py.\n\nnamespace tomoloupe::baseline {\n")
    table = {}
    table["kInfoNceLogits"], table["kInfoNceLoss"], table["kInfoNceGradient"] = info_nce()
    table["kNtXentLoss"], table["kNtXentGradient"] = nt_xent()
    table["kSinkhorn"], table["kSwappedPredictionLoss"], table["kSwappedPredictionGradient"] = swapped_prediction()
    table["kByolLoss"], table["kByolGradient"], table["kByolMomentum"] = byol()
    table["kVicRegTerms"], table["kVicRegGradient"] = vicreg()
    table["kAdamWeights"], table["kAdamFollower"] = adam()
    table["kSgdWeights"] = sgd()
    table["kLarsWeights"], table["kLarsFollower"] = lars((2, 3), 5.0)
    table["kLarsBias"], _ = lars((6,), 0.01)
    for name, values in table.items():
        print(cpp(name, values))
    print("\n}  // namespace tomoloupe::baseline")
