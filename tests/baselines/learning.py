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


def info_nce():
    q, k = unit_rows(ramp(3, 4)), unit_rows(ramp(3, 4) + 0.5)
    queue = unit_rows(ramp(5, 4) - 0.25)
    logits = np.concatenate([(q * k).sum(1, keepdims=True), q @ queue.T], axis=1) / 0.2
    peak = logits.max(1, keepdims=True)
    loss = -(logits - peak - np.log(np.exp(logits - peak).sum(1, keepdims=True)))[:, 0].mean()
    return logits, loss


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


if __name__ == "__main__":
    logits, loss = info_nce()
    weights, follower = adam()
    print("#pragma once\n\n// Written by tests/baselines/learning.py.\n\nnamespace tomoloupe::baseline {\n")
    print(cpp("kInfoNceLogits", logits))
    print(cpp("kInfoNceLoss", loss))
    print(cpp("kAdamWeights", weights))
    print(cpp("kAdamFollower", follower))
    print(cpp("kSgdWeights", sgd()))
    print("\n}  // namespace tomoloupe::baseline")
