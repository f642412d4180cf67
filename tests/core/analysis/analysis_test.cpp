#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/analysis/distances.h"
#include "core/analysis/hdbscan.h"
#include "core/analysis/kmeans.h"
#include "core/analysis/neighbours.h"
#include "core/analysis/pca.h"
#include "core/analysis/spanning_tree.h"
#include "core/analysis/trustworthiness.h"
#include "core/base/seed.h"
#include "tests/baselines/analysis_numbers.h"
#include "tests/core/analysis/made_rows.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::madeRows;

namespace {

const std::vector<float> kMade = madeRows(60, 6, 3, 2.0);
const MatrixView kRows{kMade, 60, 6};

/// The plane of tests/baselines/analysis.py.
std::vector<float> madePlane() {
    std::vector<float> plane = madeRows(90, 2, 2, 2.5);
    for (std::size_t row = 0; row < 90; row += 3)
        for (const std::size_t c : {0U, 1U}) plane[2 * row + c] = static_cast<float>(double(plane[2 * row + c]) * 1.7);
    return plane;
}

/// Whether the same points are together, whatever the groups are called.
template <typename Expected>
bool sameGroups(const std::vector<std::int32_t>& groups, const Expected& expected) {
    std::map<int, int> there, back;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if ((groups[i] < 0) != (expected[i] < 0)) return false;
        if (there.try_emplace(groups[i], expected[i]).first->second != expected[i]) return false;
        if (back.try_emplace(expected[i], groups[i]).first->second != groups[i]) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("principal components are scikit-learn's, signs fixed") {
    const Pca pca = principalComponents(kRows, {.count = 3});
    REQUIRE(pca.count == 3);
    CHECK(pca.totalVariance == Approx(baseline::kPcaTotal));
    for (std::size_t k = 0; k < 3; ++k) CHECK(pca.variances[k] == Approx(baseline::kPcaVariances[k]));
    for (std::size_t i = 0; i < 12; ++i) CHECK(double(pca.scores[i]) == Approx(baseline::kPcaScores[i]).margin(1e-5));
    for (int k = 0; k < 3; ++k) {
        const auto row = pca.components.begin() + 6 * k;
        CHECK(*std::max_element(row, row + 6) >= -*std::min_element(row, row + 6));
    }
}

TEST_CASE("principal components of more columns than are kept agree with all of them") {
    const std::vector<float> wide = madeRows(80, 40, 7, 1.5);
    const Pca few = principalComponents({wide, 80, 40}, {.count = 4}), all = principalComponents({wide, 80, 40}, {.count = 40});
    for (std::size_t k = 0; k < 4; ++k) CHECK(few.variances[k] == Approx(all.variances[k]).epsilon(1e-5));
    CHECK(std::accumulate(all.variances.begin(), all.variances.end(), 0.0) == Approx(all.totalVariance).epsilon(1e-6));
}

TEST_CASE("nearest neighbours, exact and by the graph") {
    const Neighbours exact = nearestNeighbours(kRows, 5);
    for (std::size_t k = 0; k < 5; ++k) {
        CHECK(exact.indices[7 * 5 + k] == baseline::kNearestOf7[k]);
        CHECK(double(exact.distances[7 * 5 + k]) == Approx(baseline::kNearestDistancesOf7[k]));
    }
    const std::vector<std::int64_t> one = nearestTo(kRows, 7, 5);
    CHECK(std::equal(one.begin(), one.end(), std::begin(baseline::kNearestOf7)));

    const std::vector<float> many = madeRows(3000, 12, 9, 1.0);
    const Neighbours all = nearestNeighbours({many, 3000, 12}, 14), found = nearestNeighbours({many, 3000, 12}, 14, {.exactRows = 100});
    int same = 0;
    for (std::size_t i = 0; i < 3000; ++i) {
        const auto first = all.indices.begin() + static_cast<std::ptrdiff_t>(14 * i);
        const std::set<std::int32_t> truth(first, first + 14);
        for (std::size_t k = 0; k < 14; ++k) same += truth.count(found.indices[14 * i + k]) > 0;
    }
    CHECK(same > 0.98 * 3000 * 14);
    CHECK(nearestNeighbours({many, 3000, 12}, 14, {.exactRows = 100}).indices == found.indices);
}

TEST_CASE("neighbours of few rows, and of rows that are all the same") {
    CHECK(nearestNeighbours({std::span(kMade).first(6), 1, 6}, 5).count == 0);
    CHECK(nearestNeighbours({std::span(kMade).first(18), 3, 6}, 5).count == 2);
    const std::vector<float> same(40, 1.0f);
    const Neighbours neighbours = nearestNeighbours({same, 20, 2}, 3);
    CHECK(std::all_of(neighbours.distances.begin(), neighbours.distances.end(), [](float d) { return d == 0; }));
}

TEST_CASE("trustworthiness is scikit-learn's") {
    std::vector<float> plane;
    for (std::int64_t i = 0; i < 60; ++i) plane.insert(plane.end(), {kRows.row(i)[0], kRows.row(i)[1]});
    CHECK(trustworthiness(kRows, {plane, 60, 2}, {.neighbours = 5}) == Approx(baseline::kTrust));
    CHECK(trustworthiness(kRows, kRows, {.neighbours = 5}) == 1);
    CHECK(std::isnan(trustworthiness({plane, 20, 2}, {plane, 20, 2}, {.neighbours = 15})));
}

TEST_CASE("k-means finds what scikit-learn's best of many starts finds") {
    const KMeans three = kMeans(kRows, {.count = 3});
    CHECK(three.inertia == Approx(baseline::kMeansInertia).epsilon(1e-5));
    CHECK(kMeans(kRows, {.count = 5, .starts = 2000}).inertia == Approx(baseline::kMeansInertia5).epsilon(1e-4));
    std::vector<int> truth;
    for (int i = 0; i < 60; ++i) truth.push_back(i % 3);
    const std::vector<float> apart = madeRows(60, 6, 3, 30.0);
    CHECK(sameGroups(kMeans({apart, 60, 6}, {.count = 3}).groups, truth));
    CHECK(kMeans(kRows, {.count = 3}).groups == three.groups);
    CHECK(kMeans({std::span(kMade).first(12), 2, 6}, {.count = 5}).inertia == 0);
}

TEST_CASE("HDBSCAN finds the groups of its definition") {
    const std::vector<float> plane = madePlane();
    const MatrixView view{plane, 90, 2};
    CHECK(sameGroups(hdbscan(view, {.minClusterSize = 8, .minSamples = 4}), baseline::kGroups8));
    CHECK(sameGroups(hdbscan(view, {.minClusterSize = 5}), baseline::kGroups5));
    CHECK(sameGroups(hdbscan(view, {.minClusterSize = 12, .minSamples = 3}), baseline::kGroups12));
    const auto groups = hdbscan(view, {.minClusterSize = 5});
    CHECK(std::count(groups.begin(), groups.end(), 0) >= std::count(groups.begin(), groups.end(), 1));
    CHECK(hdbscan({std::span(plane).first(2), 1, 2}, {}) == std::vector<std::int32_t>{-1});
}

TEST_CASE("the tree of mutual reachability is as short as Prim's on all distances") {
    constexpr int kPoints = 500, kSamples = 4;
    Random random(3);
    std::vector<float> points;
    for (int i = 0; i < 2 * kPoints; ++i) points.push_back(static_cast<float>(random.normal() * (i % 4 < 2 ? 1 : 0.2)));
    const auto edges = mutualReachabilityTree({points, kPoints, 2}, kSamples);
    REQUIRE(edges.size() == kPoints - 1);

    const auto distance = [&](int a, int b) {
        return std::hypot(double(points[std::size_t(2 * a)]) - double(points[std::size_t(2 * b)]),
                          double(points[std::size_t(2 * a + 1)]) - double(points[std::size_t(2 * b + 1)]));
    };
    std::vector<double> core;
    for (int a = 0; a < kPoints; ++a) {
        std::vector<double> all;
        for (int b = 0; b < kPoints; ++b) all.push_back(distance(a, b));
        std::sort(all.begin(), all.end());
        core.push_back(all[kSamples - 1]);
    }
    std::vector<double> away(kPoints, 1e30);
    std::vector<bool> in(kPoints, false);
    double length = 0;
    for (int at = 0, n = 1; n < kPoints; ++n) {
        in[std::size_t(at)] = true;
        int next = -1;
        for (int b = 0; b < kPoints; ++b) {
            if (in[std::size_t(b)]) continue;
            away[std::size_t(b)] = std::min(away[std::size_t(b)], std::max({distance(at, b), core[std::size_t(at)], core[std::size_t(b)]}));
            if (next < 0 || away[std::size_t(b)] < away[std::size_t(next)]) next = b;
        }
        length += away[std::size_t(next)];
        at = next;
    }
    double found = 0;
    for (const TreeEdge& edge : edges) found += double(edge.length);
    CHECK(found == Approx(length).epsilon(1e-5));
}

TEST_CASE("centred unit rows compare directions alone") {
    const std::vector<float> rows{3, 0, 5, 0, 4, 7, 4, -7};
    const std::vector<float> unit = centredUnitRows({rows, 4, 2});
    for (std::size_t i = 0; i < 4; ++i) CHECK(std::hypot(double(unit[2 * i]), double(unit[2 * i + 1])) == Approx(1));
    CHECK(double(unit[0]) == Approx(-1));
    CHECK(double(unit[2]) == Approx(1));
}

TEST_CASE("work on many rows stops when it is told to") {
    const std::vector<float> many = madeRows(3000, 12, 9, 1.0);
    StopSource source;
    const Watch watch{source.token(), [&](double, double) { source.request(StopWish::Cancel); }};
    CHECK_THROWS_AS(nearestNeighbours({many, 3000, 12}, 14, {}, watch), Cancelled);
}
