#include <ATen/ATen.h>

#include <cmath>

#include "core/nn/compute.h"
#include "core/ssl/pretrain_method.h"
#include "core/train/pretrain_task.h"
#include "tests/core/train/blocks.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct How {
    std::uint64_t seed = 3;
    bool plain = false;
    double nudge = 0;  ///< of every weight at the start, relative; 1.2e-7 is the last bit
    double learningRate = 1e-4;
    at::ScalarType precision = at::kFloat;
};

/// The losses of 50 steps of SimCLR.
std::vector<double> losses(const How& how) {
    const VolumeBatches volumes = test::blocks(16);
    PretrainOptions options;
    options.method = "simclr";
    options.encoder.name = "rb3d-c";
    options.batchSize = 4;
    options = options.resolved();
    const auto method = makeMethod(options, 16, how.seed, at::kCPU);
    method->encoder()->setPlain(how.plain);
    method->encoder()->setPrecision(how.precision);
    for (const at::Tensor& weight : method->embedParameters()) weight.detach().mul_(1 + how.nudge);
    PretrainTask task(*method, volumes, options.batchSize, how.seed);
    const auto optimiser = makeAdam(method->embedParameters(), options.weightDecay);
    std::vector<double> result;
    for (std::int64_t step = 0; step < 50; ++step) {
        result.push_back(task.step({.epoch = step / task.stepsPerEpoch(), .step = step, .steps = 50}, {}).loss.item<double>());
        optimiser->step(how.learningRate);
    }
    return result;
}

double largestDifference(const std::vector<double>& a, const std::vector<double>& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]) / std::abs(b[i]));
    return largest;
}

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / double(values.size());
}

}  // namespace

TEST_CASE("fast path, its losses are those of LibTorch's own operators over 50 steps") {
    const How slow{.learningRate = 1e-6};  // training doubles what rounding does every few steps, the faster it goes the sooner
    const auto fast = losses(slow), plain = losses({.plain = true, .learningRate = slow.learningRate});
    CHECK(largestDifference(fast, plain) < 1e-5);
    CHECK(largestDifference(fast, losses({.learningRate = 2e-6})) > 1e-5);  // which what is learnt exceeds
}

TEST_CASE("fast path, at the usual learning rate it parts from LibTorch's operators as rounding does") {
    const auto plain = losses({.plain = true});
    double rounding = 0;
    for (const double lastBit : {1.2e-7, -1.2e-7}) rounding = std::max(rounding, largestDifference(losses({.plain = true, .nudge = lastBit}), plain));
    CHECK(largestDifference(losses({}), plain) < 5 * rounding);
}

TEST_CASE("bfloat16, its losses lie as near to those of float32 as those of other seeds") {
    if (!computesBfloat16(at::kCPU)) {
        WARN("skipped: this processor has no AVX-512");
        return;
    }
    const auto full = losses({}), half = losses({.precision = at::kBFloat16});
    double spread = 0;
    for (const std::uint64_t seed : {4u, 5u}) spread = std::max(spread, std::abs(mean(losses({.seed = seed})) - mean(full)));
    CHECK(largestDifference(half, full) > 1e-5);  // it is another path
    CHECK(std::abs(mean(half) - mean(full)) < spread);
}
