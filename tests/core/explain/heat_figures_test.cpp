#include "core/explain/heat_figures.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "tests/baselines/explain_numbers.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

double rounded(double value, double steps) { return std::nearbyint(value * steps) / steps; }

/// The two lists of tests/baselines/explain.py.
void makeLists(std::vector<float>& values, std::vector<float>& other) {
    for (int i = 0; i < 200; ++i) values.push_back(float(rounded(std::pow(std::abs(std::sin(1.7 * i + 0.3)), 3), 100)));
    for (int i = 0; i < 200; ++i) {
        const double own = rounded(std::pow(std::abs(std::sin(1.7 * i + 0.3)), 3), 100);
        other.push_back(float(rounded(std::sin(1.7 * (199 - i) + 0.3) + own, 10)));
    }
}

}  // namespace

TEST_CASE("heat figures, are those of an independent computation") {
    std::vector<float> values, other;
    makeLists(values, other);
    CHECK(rankCorrelation(values, other) == Approx(baseline::kRankCorrelation[0]).epsilon(1e-6));
    CHECK(otsuThreshold(values) == Approx(baseline::kOtsuThreshold[0]));
    CHECK(heatFigures(values).entropy == Approx(baseline::kEntropy[0]).epsilon(1e-5));
}

TEST_CASE("rank correlation, sees order alone") {
    const std::vector<float> a{1, 2, 3, 4}, cubes{1, 8, 27, 64}, falling{9, 3, 2, 1}, flat{5, 5, 5, 5};
    CHECK(rankCorrelation(a, cubes) == Approx(1));
    CHECK(rankCorrelation(a, falling) == Approx(-1));
    CHECK(rankCorrelation(a, flat) == 0);
}

TEST_CASE("heat figures, count what speaks for the class") {
    const std::vector<float> heat{1, 1, -1, -0.6F, 0.2F, 0, 0, 0};
    CHECK(heatFigures(heat).aboveHalf == 0.25);
    CHECK(heatFigures(heat).entropy == Approx(-2 * std::log(1 / 2.2) / 2.2 - 0.2 / 2.2 * std::log(0.2 / 2.2)));
    CHECK(heatFigures(std::vector<float>(8, 0.0F)).entropy == 0);
}

TEST_CASE("mask overlap, of half a box") {
    // Mask: z < 4. Heat: 0.8 in z 2 and 3, 0.4 in z 4, a little below 0 elsewhere.
    std::vector<float> heat, mask;
    for (int z = 0; z < 8; ++z)
        for (int i = 0; i < 64; ++i) {
            heat.push_back(z == 2 || z == 3 ? 0.8F : z == 4 ? 0.4F : -0.1F);
            mask.push_back(z < 4 ? 1.0F : 0.0F);
        }
    const Volume heatMap({8, 8, 8}, heat), target({8, 8, 8}, mask);
    const MaskOverlap overlap = maskOverlap(heatMap, target, 1);
    CHECK(overlap.maskFraction == 0.5);
    CHECK(overlap.weightedIoa == Approx(1.6 / 2.0));
    CHECK(overlap.threshold > 0);
    CHECK(overlap.threshold < 0.4);
    CHECK(overlap.iou == Approx(2.0 / 5));  // of z 2, 3, 4 and z < 4
    CHECK(maskOverlap(target, target, 1).iou == 1);
    CHECK(maskOverlap(target, target, 1).weightedIoa == 1);
    // Moved by 0, 1 or 7, 2 or 6, 3 or 5, 4: 4, 3, 2, 1, 0 of 4 layers fall onto the mask.
    CHECK(maskOverlap(target, target, 1).iouByChance == Approx((1 + 2 * (3.0 / 5 + 2.0 / 6 + 1.0 / 7)) / 8).margin(0.1));
    CHECK_THROWS_AS(maskOverlap(heatMap, Volume({4, 4, 4}, std::vector<float>(64)), 1), Error);
}
