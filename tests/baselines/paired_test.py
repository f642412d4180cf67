#!/usr/bin/env python3
"""p-values of Student's paired t-test, by integrating the density of the t distribution numerically: no formula in common with
core/data/paired_test.cpp. Prints tests/baselines/paired_test_numbers.h."""
import math
import statistics

PAIRS = [
    ([0.912, 0.905, 0.921, 0.899, 0.915], [0.748, 0.771, 0.730, 0.762, 0.755]),
    ([0.91, 0.90, 0.92], [0.89, 0.91, 0.90]),
    ([0.5, 0.6], [0.4, 0.3]),
    ([0.71, 0.72, 0.69, 0.70, 0.73, 0.74, 0.70, 0.71], [0.70, 0.73, 0.68, 0.70, 0.71, 0.75, 0.69, 0.72]),
]
T_AND_FREEDOM = [(0.0, 4), (0.1, 1), (1.0, 1), (2.0, 2), (2.776445, 4), (12.7062, 1), (-3.5, 9), (30.0, 4), (0.5, 99)]


def two_sided(t, freedom):
    """With x = sqrt(freedom) tan(a) the density becomes cos(a)^(freedom - 1), which Simpson's rule takes well."""
    constant = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(math.pi)
    low, high, parts = math.atan(abs(t) / math.sqrt(freedom)), math.pi / 2, 200000
    width = (high - low) / parts
    total = 0.0
    for i in range(parts + 1):
        weight = 1 if i in (0, parts) else 4 if i % 2 else 2
        total += weight * max(0.0, math.cos(low + i * width)) ** (freedom - 1)
    return 2 * constant * total * width / 3


def t_of(first, second):
    differences = [a - b for a, b in zip(first, second)]
    return statistics.mean(differences) / (statistics.stdev(differences) / math.sqrt(len(differences)))


print("#pragma once\n\n// Made by tests/baselines/paired_test.py.\n\n#include <vector>\n\nnamespace tomoloupe::baseline {\n")
print("struct PairedCase {\n    std::vector<double> first, second;\n    double t, p;\n};\ninline const std::vector<PairedCase> kPairedCases{")
for first, second in PAIRS:
    t = t_of(first, second)
    print(f"    {{{{{', '.join(map(str, first))}}}, {{{', '.join(map(str, second))}}}, {t:.12g}, {two_sided(t, len(first) - 1):.10g}}},")
print("};\n\nstruct StudentCase {\n    double t, degreesOfFreedom, p;\n};\ninline const std::vector<StudentCase> kStudentCases{")
for t, freedom in T_AND_FREEDOM:
    print(f"    {{{t}, {freedom}, {two_sided(t, freedom):.10g}}},")
print("};\n\n}  // namespace tomoloupe::baseline")
