#include "core/data/paired_test.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace tomoloupe {
namespace {

/// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), summed by Lentz's method.
double betaFraction(double a, double b, double x) {
    constexpr double kTiny = 1e-300;
    constexpr int kMostTerms = 500;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (std::abs(d) < kTiny ? kTiny : d);
    double value = d;
    const auto take = [&](double coefficient) {
        d = 1 + coefficient * d;
        d = 1 / (std::abs(d) < kTiny ? kTiny : d);
        c = 1 + coefficient / c;
        if (std::abs(c) < kTiny) c = kTiny;
        value *= d * c;
        return std::abs(d * c - 1) < 1e-15;
    };
    for (int m = 1; m <= kMostTerms; ++m) {
        take(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
        if (take(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)))) break;
    }
    return value;
}

/// I_x(a, b).
double regularisedBeta(double a, double b, double x) {
    if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
    const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
    // The fraction converges quickly on this side of the mean; the other follows from I_x(a, b) = 1 - I_{1-x}(b, a).
    return x < (a + 1) / (a + b + 2) ? front * betaFraction(a, b, x) / a : 1 - front * betaFraction(b, a, 1 - x) / b;
}

}  // namespace

double studentTwoSided(double t, double degreesOfFreedom) {
    if (std::isinf(t)) return 0;
    return regularisedBeta(degreesOfFreedom / 2, 0.5, degreesOfFreedom / (degreesOfFreedom + t * t));
}

std::vector<double> holmAdjusted(std::span<const double> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    std::vector<double> adjusted(p.size());
    double largest = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        largest = std::max(largest, std::min(1.0, double(order.size() - rank) * p[order[rank]]));
        adjusted[order[rank]] = largest;
    }
    return adjusted;
}

MeanAndSpread meanAndSpread(std::span<const double> values) {
    MeanAndSpread result;
    if (values.empty()) return result;
    const auto count = static_cast<double>(values.size());
    for (const double value : values) result.mean += value / count;
    double squares = 0;
    for (const double value : values) squares += (value - result.mean) * (value - result.mean);
    if (values.size() > 1) result.sd = std::sqrt(squares / (count - 1));
    return result;
}

std::optional<PairedTest> pairedTTest(std::span<const double> first, std::span<const double> second) {
    const std::size_t pairs = std::min(first.size(), second.size());
    if (pairs < 2) return std::nullopt;
    std::vector<double> differences;
    for (std::size_t i = 0; i < pairs; ++i) differences.push_back(first[i] - second[i]);
    const MeanAndSpread spread = meanAndSpread(differences);
    PairedTest test{.pairs = static_cast<int>(pairs), .meanDifference = spread.mean, .sd = spread.sd};
    const auto count = static_cast<double>(pairs);
    // Differences alike but for rounding have no spread to compare with.
    if (spread.sd <= 1e-12 * std::abs(spread.mean) || spread.sd == 0) {
        test.t = spread.mean == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), spread.mean);
        test.p = spread.mean == 0 ? 1 : 0;
        return test;
    }
    test.t = spread.mean / (spread.sd / std::sqrt(count));
    test.p = studentTwoSided(test.t, count - 1);
    return test;
}

}  // namespace tomoloupe
