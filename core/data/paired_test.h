#pragma once

#include <optional>
#include <span>
#include <vector>

namespace tomoloupe {

/// Two ways measured on the same things, such as test accuracies of runs with the same seeds.
struct PairedTest {
    int pairs = 0;
    double meanDifference = 0;  ///< of first minus second
    double sd = 0;              ///< of the differences, with n - 1
    double t = 0;
    double p = 1;  ///< two-sided
};

/// Student's t-test of paired differences (Student 1908; Dietterich 1998 on comparing learners): p is the chance that differences as far from
/// 0 come about where there is none. None for fewer than two pairs. Differences that are all alike give p = 1 when they are 0, else p = 0.
[[nodiscard]] std::optional<PairedTest> pairedTTest(std::span<const double> first, std::span<const double> second);

/// The chance that a variable of Student's distribution lies further from 0 than t: I_x(df/2, 1/2) with x = df / (df + t^2)
/// (Abramowitz and Stegun 1964, 26.7.1 and 26.5.2).
[[nodiscard]] double studentTwoSided(double t, double degreesOfFreedom);

/// Holm's correction (1979) of several tests made at once: p-values to compare with one level for all, in the order given. They never fall below what was given,
/// nor above 1.
[[nodiscard]] std::vector<double> holmAdjusted(std::span<const double> p);

struct MeanAndSpread {
    double mean = 0;
    double sd = 0;  ///< with n - 1; 0 for one value
};
[[nodiscard]] MeanAndSpread meanAndSpread(std::span<const double> values);

}  // namespace tomoloupe
