#include <ATen/ATen.h>

#include <map>

#include "core/train/representation.h"
#include "tests/baselines/representation_numbers.h"
#include "tests/core/train/blocks.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

at::Tensor ramp(std::int64_t rows, std::int64_t columns, double step, double start) {
    const at::Tensor i = at::arange(rows * columns, at::kDouble);
    return at::sin(i * step + start + i * i * 0.11).view({rows, columns});
}

at::Tensor vectors() { return ramp(12, 5, 1.7, 0.3).to(at::kFloat); }

std::map<std::string, double> monitored(const std::vector<int>& labels, std::int64_t most = 500) {
    const VolumeBatches volumes = test::blocks(20);
    const auto encoder = makeEncoder({.name = "rb3d-c"}, 16, 3, at::kCPU);
    const auto numbers = monitorRepresentation(*encoder, volumes, labels, {.volumes = most, .batchSize = 6});
    CHECK(encoder->is_training());
    return {numbers.begin(), numbers.end()};
}

}  // namespace

TEST_CASE("representation, its figures equal an independent computation") {
    CHECK(neighbourAccuracy(vectors(), baseline::kMonitorLabels, 20) == Approx(baseline::kNeighbourAccuracy));
    CHECK(neighbourAccuracy(vectors() + 2, baseline::kMonitorLabels, 3) == Approx(baseline::kNeighbourAccuracyClose3));
    CHECK(neighbourAccuracy(vectors() + 2, baseline::kMonitorLabels, 20) == Approx(baseline::kNeighbourAccuracyClose20));
    CHECK(alignment(vectors(), vectors() + 0.2 * ramp(12, 5, 0.9, 1).to(at::kFloat)) == Approx(baseline::kAlignment).epsilon(1e-5));
    CHECK(uniformity(vectors()) == Approx(baseline::kUniformity).epsilon(1e-5));
    CHECK(effectiveRank(vectors()) == Approx(baseline::kEffectiveRank).epsilon(1e-5));
    CHECK(effectiveRank(ramp(4, 9, 1.7, 0.3).to(at::kFloat)) == Approx(baseline::kEffectiveRankWide).epsilon(1e-5));
    CHECK(spread(vectors()) == Approx(baseline::kSpread).epsilon(1e-5));
}

TEST_CASE("representation, a collapsed one is seen to be") {
    const at::Tensor collapsed = at::ones({8, 4});
    CHECK(uniformity(collapsed) == Approx(0).margin(1e-6));
    CHECK(spread(collapsed) == Approx(0).margin(1e-6));
    CHECK(effectiveRank(collapsed) == Approx(1));
}

TEST_CASE("representation monitor, tells easy classes apart, the same at every look") {
    std::vector<int> labels(20);
    for (int i = 0; i < 20; ++i) labels[std::size_t(i)] = i % 4 == 3 ? -1 : i % 2;  // two thirds low, one third high
    const auto numbers = monitored(labels);
    CHECK(numbers.at("kNN accuracy") > 0.8);
    CHECK(numbers.at("alignment") > 0);
    CHECK(numbers.at("alignment") < 4);
    CHECK(numbers.at("uniformity") < 0);
    CHECK(numbers.at("effective rank") > 1);
    CHECK(numbers.at("effective rank") <= 19);
    CHECK(monitored(labels) == numbers);
    auto unlabelled = monitored({});
    CHECK(unlabelled.count("kNN accuracy") == 0);
    CHECK(unlabelled.size() == 4);
    CHECK(monitored(std::vector<int>(20, 1)).count("kNN accuracy") == 0);
    CHECK(monitored({}, 2).empty());
}
