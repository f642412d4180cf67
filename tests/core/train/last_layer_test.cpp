#include <ATen/ATen.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/train/last_layer.h"
#include "tests/baselines/discriminant_numbers.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// Vectors of two classes in turn whose means lie `apart` from each other along the first axis, where noise is least; the noise of the others is 3.
at::Tensor twoClasses(std::int64_t count, std::int64_t numbers, double apart, std::uint64_t seed) {
    Random random(seed);
    const at::Tensor vectors = at::empty({count, numbers}, at::kDouble);
    for (std::int64_t i = 0; i < count; ++i)
        for (std::int64_t j = 0; j < numbers; ++j) vectors[i][j] = random.normal() * (j == 0 ? 1 : 3) + (j == 0 ? apart * double(i % 2) : 0);
    return vectors;
}

std::vector<int> inTurn(std::int64_t count, int classes) {
    std::vector<int> labels(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = int(i) % classes;
    return labels;
}

double accuracy(const LinearScores& scores, const at::Tensor& vectors) {
    const at::Tensor found = at::linear(vectors, scores.weight, scores.bias).argmax(1);
    return (found == at::arange(vectors.size(0)) % 2).to(at::kDouble).mean().item<double>();
}

const std::vector<double> kEven{1, 1};

}  // namespace

TEST_CASE("discriminant analysis, has the numbers of an independent computation") {
    constexpr std::int64_t classes = 3, numbers = 5, labelled = 12, all = 52;
    const at::Tensor i = at::arange(all, at::kDouble).view({-1, 1}), j = at::arange(numbers, at::kDouble).view({1, -1});
    const at::Tensor vectors = (1.7 * i + 0.9 * j * j + 0.3 * i * j).sin() + 1.5 * (i.remainder(classes) == j.remainder(classes)).to(at::kDouble);
    const std::vector<int> labels = inTurn(labelled, classes);
    const std::vector<double> priors{5, 3, 2};  // whatever their sum
    const auto differs = [&](const LinearScores& scores, at::ArrayRef<double> expected) {
        const at::Tensor found = at::cat({scores.weight, scores.bias.unsqueeze(1)}, 1).flatten();
        return (found - at::tensor(expected)).abs().max().item<double>();
    };
    CHECK(differs(discriminantOf({vectors.narrow(0, 0, labelled), labels, priors}), baseline::kLabelsAlone) < 1e-9);
    CHECK(differs(discriminantOf({vectors.narrow(0, 0, labelled), labels, priors}, vectors.narrow(0, labelled, all - labelled)), baseline::kWithUnlabelled) < 1e-9);
}

TEST_CASE("discriminant analysis, tells from unlabelled vectors which directions are noise") {
    double alone = 0, helped = 0;  // accuracies
    constexpr int kTrials = 5;
    for (int trial = 0; trial < kTrials; ++trial) {
        const at::Tensor labelled = twoClasses(20, 20, 6, deriveSeed(1, "labelled", std::uint64_t(trial)));
        const at::Tensor others = twoClasses(600, 20, 6, deriveSeed(1, "others", std::uint64_t(trial)));
        const at::Tensor tested = twoClasses(400, 20, 6, deriveSeed(1, "tested", std::uint64_t(trial)));
        const std::vector<int> labels = inTurn(20, 2);
        alone += accuracy(discriminantOf({labelled, labels, kEven}), tested) / kTrials;
        helped += accuracy(discriminantOf({labelled, labels, kEven}, others), tested) / kTrials;
    }
    CHECK(helped > alone + 0.04);
}

TEST_CASE("discriminant analysis, one label a class, or more numbers than vectors, still gives scores") {
    const at::Tensor vectors = twoClasses(8, 40, 6, 1);
    for (const std::int64_t count : {2, 8}) {
        const std::vector<int> labels = inTurn(count, 2);
        const LinearScores scores = discriminantOf({vectors.narrow(0, 0, count), labels, kEven});
        CHECK(scores.weight.isfinite().all().item<bool>());
        CHECK(accuracy(scores, vectors.narrow(0, 0, count)) == 1);
    }
}

TEST_CASE("discriminant analysis, can be interrupted between rounds") {
    const at::Tensor vectors = twoClasses(8, 4, 6, 1);
    const std::vector<int> labels = inTurn(8, 2);
    CHECK_THROWS_AS(discriminantOf({vectors, labels, kEven}, vectors, [] { throw Cancelled(); }), Cancelled);
}
