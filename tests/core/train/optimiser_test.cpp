#include <ATen/ATen.h>

#include "core/train/optimiser.h"
#include "tests/baselines/learning_numbers.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

at::Tensor ramp(at::ScalarType type) { return at::sin(at::arange(6, at::kDouble) * 1.7 + 0.3).to(type); }

/// Three steps with the gradient that tests/baselines/learning.py uses.
void run(Optimiser& optimiser, at::Tensor& weight, double followerMomentum = 1, double learningRate = 0.01) {
    for (int t = 1; t <= 3; ++t) {
        weight.mutable_grad() = at::cos(weight.detach() * t);
        optimiser.step(learningRate, followerMomentum);
        CHECK_FALSE(weight.grad().defined());
    }
}

void checkNear(const at::Tensor& values, const double* expected) {
    for (std::int64_t i = 0; i < values.numel(); ++i) CHECK(values[i].item<double>() == Approx(expected[i]).margin(1e-5));
}

}  // namespace

// float32 on the CPU takes the fused pass, float64 LibTorch's operators: both must give the formula's numbers.
TEST_CASE("Adam, equals an independent computation, followers too") {
    for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
        at::Tensor weight = ramp(type).requires_grad_(true);
        const at::Tensor copy = ramp(type) + 1;
        const auto optimiser = makeAdam({weight}, 0.1, {{weight, copy}});
        run(*optimiser, weight, 0.99);
        checkNear(weight.detach(), baseline::kAdamWeights);
        checkNear(copy, baseline::kAdamFollower);
    }
}

TEST_CASE("SGD with momentum, equals an independent computation") {
    for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
        at::Tensor weight = ramp(type).requires_grad_(true);
        const auto optimiser = makeSgd({weight}, 0.9, 0.1);
        run(*optimiser, weight);
        checkNear(weight.detach(), baseline::kSgdWeights);
    }
}

TEST_CASE("LARS, equals an independent computation: a matrix by its trust ratio, a bias plainly") {
    at::Tensor weight = ramp(at::kFloat).view({2, 3}).requires_grad_(true);
    const at::Tensor copy = ramp(at::kFloat).view({2, 3}) + 1;
    const auto optimiser = makeLars({weight}, 0.1, {{weight, copy}});
    run(*optimiser, weight, 0.99, 5);
    checkNear(weight.detach().flatten(), baseline::kLarsWeights);
    checkNear(copy.flatten(), baseline::kLarsFollower);

    at::Tensor bias = ramp(at::kFloat).requires_grad_(true);
    const auto plain = makeLars({bias}, 0.1);
    run(*plain, bias);
    checkNear(bias.detach(), baseline::kLarsBias);
}

TEST_CASE("optimisers, a parameter without gradient stays") {
    at::Tensor weight = ramp(at::kFloat).requires_grad_(true);
    const at::Tensor before = weight.detach().clone();
    makeSgd({weight}, 0.9, 0.1)->step(0.1);
    makeAdam({weight}, 0.1)->step(0.1);
    makeLars({weight}, 0.1)->step(0.1);
    CHECK(at::equal(weight.detach(), before));
}
