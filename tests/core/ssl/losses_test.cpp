#include <ATen/ATen.h>

#include <cmath>

#include "core/ssl/losses.h"
#include "tests/baselines/learning_numbers.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// The numbers that tests/baselines/learning.py makes.
at::Tensor ramp(std::int64_t rows, std::int64_t columns) {
    return at::sin(at::arange(rows * columns, at::kDouble) * 1.7 + 0.3).view({rows, columns});
}

template <std::size_t N>
void checkNear(const at::Tensor& values, const double (&expected)[N]) {
    const at::Tensor flat = values.flatten().contiguous();
    REQUIRE(flat.numel() == std::int64_t(N));
    for (std::size_t i = 0; i < N; ++i) CHECK(flat[std::int64_t(i)].item<double>() == Approx(expected[i]).margin(1e-6));
}

at::Tensor gradientOf(const at::Tensor& loss, const at::Tensor& input) {
    loss.backward();
    return input.grad();
}

/// Three views' scores of 6 particles for 5 prototypes.
std::vector<at::Tensor> threeScores() { return {ramp(6, 5), ramp(6, 5) * 0.5 + 0.1, at::cos(ramp(6, 5) * 3)}; }

}  // namespace

TEST_CASE("InfoNCE, equals an independent computation, gradient too") {
    const at::Tensor q = unitRows(ramp(3, 4)).requires_grad_(true), k = unitRows(ramp(3, 4) + 0.5), queue = unitRows(ramp(5, 4) - 0.25);
    checkNear(infoNceLogits(q, k, queue, 0.2), baseline::kInfoNceLogits);
    const ContrastLoss value = infoNce(q, k, queue, 0.2);
    checkNear(value.loss, baseline::kInfoNceLoss);
    checkNear(gradientOf(value.loss, q), baseline::kInfoNceGradient);
    CHECK(value.accuracy.item<double>() == 0);  // the third key of the queue is nearer to each than its own
    CHECK(infoNce(q, q, queue, 0.2).accuracy.item<double>() == 1);
}

TEST_CASE("NT-Xent, equals an independent computation, gradient too") {
    const at::Tensor first = unitRows(ramp(6, 4)).requires_grad_(true);
    const ContrastLoss value = ntXent(first, unitRows(ramp(6, 4) + 0.5), 0.2);
    checkNear(value.loss, baseline::kNtXentLoss);
    checkNear(gradientOf(value.loss, first), baseline::kNtXentGradient);
    CHECK(ntXent(first, first, 0.2).accuracy.item<double>() == 1);
}

TEST_CASE("Sinkhorn, equals an independent computation") {
    checkNear(sinkhorn(ramp(6, 5), 0.05, 3), baseline::kSinkhorn);
    // Equal shares for all prototypes, when it may iterate for long.
    CHECK(at::allclose(sinkhorn(ramp(6, 5), 0.5, 200).mean(0), at::full({5}, 0.2, at::kDouble)));
}

TEST_CASE("Sinkhorn, scores of any size give finite assignments that sum to one") {
    for (const double size : {0.0, 1.0, 1e3, 1e6}) {
        const at::Tensor q = sinkhorn(ramp(6, 5).to(at::kFloat) * size, 0.05, 3);
        INFO("scores of " << size);
        CHECK(at::isfinite(q).all().item<bool>());
        CHECK(at::allclose(q.sum(1), at::ones({6}), 1e-4, 1e-4));
    }
}

TEST_CASE("swapped prediction, equals an independent computation, gradient too") {
    std::vector<at::Tensor> scores = threeScores();
    const std::vector<at::Tensor> assignments{sinkhorn(scores[0], 0.05, 3), sinkhorn(scores[1], 0.05, 3)};
    scores[0].requires_grad_(true);
    const at::Tensor loss = swappedPrediction(scores, assignments, 0.1);
    checkNear(loss, baseline::kSwappedPredictionLoss);
    checkNear(gradientOf(loss, scores[0]), baseline::kSwappedPredictionGradient);
}

TEST_CASE("direction loss, equals an independent computation, gradient too") {
    const at::Tensor prediction = ramp(6, 4).requires_grad_(true);
    const at::Tensor loss = directionLoss(prediction, ramp(6, 4) + 0.5);
    checkNear(loss, baseline::kByolLoss);
    checkNear(gradientOf(loss, prediction), baseline::kByolGradient);
}

TEST_CASE("VICReg, its terms equal an independent computation, gradient too") {
    const at::Tensor first = ramp(6, 4).requires_grad_(true);
    const VicRegTerms terms = vicRegTerms(first, ramp(6, 4) * 0.8 + at::cos(ramp(6, 4) * 2));
    checkNear(at::stack({terms.invariance, terms.variance, terms.covariance}), baseline::kVicRegTerms);
    checkNear(gradientOf(25 * terms.invariance + 25 * terms.variance + terms.covariance, first), baseline::kVicRegGradient);
}

TEST_CASE("VICReg, rows all alike have a finite gradient") {
    const at::Tensor alike = at::ones({4, 3}).requires_grad_(true);
    const at::Tensor slope = gradientOf(vicRegTerms(alike, at::ones({4, 3}) * 2).variance, alike);
    CHECK(at::isfinite(slope).all().item<bool>());
}

TEST_CASE("centred unit rows, what all rows share changes nothing") {
    const at::Tensor rows = centredUnitRows(ramp(6, 4));
    CHECK(at::allclose(rows.norm(2, {1}), at::ones({6}, at::kDouble)));
    CHECK(at::allclose(rows, centredUnitRows(ramp(6, 4) + ramp(1, 4) * 100)));
    CHECK(at::isfinite(centredUnitRows(at::ones({6, 4}))).all().item<bool>());
}

TEST_CASE("vector spread, is 0 for one direction and 1 for all") {
    CHECK(vectorSpread(at::ones({8, 4}) * at::arange(1, 9).view({8, 1})).item<double>() == Approx(0).margin(1e-5));
    const at::Tensor axes = at::eye(4);
    CHECK(vectorSpread(at::cat({axes, -axes})).item<double>() == Approx(1));
}
