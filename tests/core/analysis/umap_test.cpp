#include "core/analysis/umap.h"

#include <algorithm>

#include "core/analysis/pca.h"
#include "core/analysis/trustworthiness.h"
#include "tests/baselines/analysis_numbers.h"
#include "tests/core/analysis/made_rows.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::madeRows;

TEST_CASE("the curve of the forces is umap-learn's") {
    const LayoutCurve curve = layoutCurve(0.1, 1);
    CHECK(curve.a == Approx(baseline::kCurveA).epsilon(1e-4));
    CHECK(curve.b == Approx(baseline::kCurveB).epsilon(1e-4));
}

TEST_CASE("the fuzzy graph is umap-learn's") {
    const std::vector<float> rows = madeRows(60, 6, 3, 2.0);
    const Neighbours neighbours = nearestNeighbours({rows, 60, 6}, 9);
    const std::vector<FuzzyEdge> graph = fuzzyGraph(neighbours);
    CHECK(double(graph.size()) == baseline::kGraphEdges);
    double sum = 0;
    for (const FuzzyEdge& edge : graph) sum += double(edge.weight);
    CHECK(sum == Approx(baseline::kGraphWeight).epsilon(1e-4));
    for (std::size_t k = 0; k < 3; ++k) {
        const std::int32_t other = neighbours.indices[7 * 9 + k];
        const auto edge = std::find_if(graph.begin(), graph.end(),
                                       [&](const FuzzyEdge& e) { return e.a == std::min(7, other) && e.b == std::max(7, other); });
        REQUIRE(edge != graph.end());
        CHECK(double(edge->weight) == Approx(baseline::kGraphOf7[k]).epsilon(1e-3));
    }
}

namespace {

struct Placed {
    std::vector<float> rows = madeRows(400, 8, 5, 1.5);
    MatrixView view{rows, 400, 8};
    std::vector<FuzzyEdge> graph = fuzzyGraph(nearestNeighbours(view, 14));
    std::vector<float> start = principalComponents(view, {}).scores;
};

}  // namespace

TEST_CASE("a map keeps neighbours together as well as umap-learn's") {
    const Placed placed;
    const std::vector<float> map = umapLayout(placed.graph, placed.start, {});
    CHECK(trustworthiness(placed.view, {map, 400, 2}) > baseline::kUmapTrust - 0.02);
    CHECK(trustworthiness(placed.view, {placed.start, 400, 2}) < baseline::kUmapTrust - 0.02);  // the start does not do it
}

TEST_CASE("a map is the same for a seed and another for another") {
    const Placed placed;
    const std::vector<float> first = umapLayout(placed.graph, placed.start, {.epochs = 40, .seed = 5});
    CHECK(umapLayout(placed.graph, placed.start, {.epochs = 40, .seed = 5}) == first);
    CHECK(umapLayout(placed.graph, placed.start, {.epochs = 40, .seed = 6}) != first);
}

TEST_CASE("a map stops where it is told to finish, and throws where it is told to cancel") {
    const Placed placed;
    for (const StopWish wish : {StopWish::Finish, StopWish::Cancel}) {
        StopSource source;
        int epochs = 0;
        const Watch watch{source.token(), [&](double, double) {
            if (++epochs == 10) source.request(wish);
        }};
        if (wish == StopWish::Finish) {
            CHECK(umapLayout(placed.graph, placed.start, {}, watch).size() == 800);
        } else {
            CHECK_THROWS_AS(umapLayout(placed.graph, placed.start, {}, watch), Cancelled);
        }
        CHECK(epochs == 10);
    }
}

TEST_CASE("a map of points in one place, and of two points, is a map") {
    const std::vector<float> same(60, 2.0f);
    const std::vector<float> map = umapLayout(fuzzyGraph(nearestNeighbours({same, 20, 3}, 5)), std::vector<float>(40, 0.0f), {.epochs = 20});
    CHECK(std::all_of(map.begin(), map.end(), [](float value) { return std::isfinite(value); }));
    const std::vector<float> two{0, 0, 1, 1};
    CHECK(umapLayout(fuzzyGraph(nearestNeighbours({two, 2, 2}, 5)), two, {.epochs = 20}).size() == 4);
}
