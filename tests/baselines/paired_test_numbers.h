#pragma once

// Made by tests/baselines/paired_test.py.

#include <vector>

namespace tomoloupe::baseline {

struct PairedCase {
    std::vector<double> first, second;
    double t, p;
};
inline const std::vector<PairedCase> kPairedCases{
    {{0.912, 0.905, 0.921, 0.899, 0.915}, {0.748, 0.771, 0.73, 0.762, 0.755}, 15.1871653269, 0.0001095960091},
    {{0.91, 0.9, 0.92}, {0.89, 0.91, 0.9}, 1, 0.4226497308},
    {{0.5, 0.6}, {0.4, 0.3}, 2, 0.2951672353},
    {{0.71, 0.72, 0.69, 0.7, 0.73, 0.74, 0.7, 0.71}, {0.7, 0.73, 0.68, 0.7, 0.71, 0.75, 0.69, 0.72}, 0.606976978667, 0.5630278037},
};

struct StudentCase {
    double t, degreesOfFreedom, p;
};
inline const std::vector<StudentCase> kStudentCases{
    {0.0, 4, 1},
    {0.1, 1, 0.9365489651},
    {1.0, 1, 0.5},
    {2.0, 2, 0.1835034191},
    {2.776445, 4, 0.05000000538},
    {12.7062, 1, 0.05000001856},
    {-3.5, 9, 0.006723515763},
    {30.0, 4, 7.352856098e-06},
    {0.5, 99, 0.618184644},
};

}  // namespace tomoloupe::baseline
