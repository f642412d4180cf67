#include <ATen/ATen.h>

#include "core/nn/compute.h"
#include "core/ssl/moco.h"
#include "tests/baselines/learning_numbers.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// The numbers that tests/baselines/learning.py makes.
at::Tensor ramp(std::int64_t rows, std::int64_t columns) {
    return at::sin(at::arange(rows * columns, at::kDouble) * 1.7 + 0.3).view({rows, columns});
}

PretrainOptions smallOptions() {
    PretrainOptions options;
    options.batchSize = 4;
    options.queueSize = 8;
    options.projectionSize = 16;
    return options.resolved();
}

at::Tensor volumes() { return at::empty({4, 1, 16, 16, 16}).normal_(0, 1, makeGenerator(at::kCPU, 3)); }

at::Tensor stateOf(const PretrainMethod& method, const std::string& name) {
    for (const auto& [key, tensor] : method.state())
        if (key == name) return tensor;
    FAIL("no state " << name);
    return {};
}

}  // namespace

TEST_CASE("InfoNCE, equals an independent computation") {
    const at::Tensor queue = unitRows(ramp(5, 4) - 0.25);
    const at::Tensor logits = infoNceLogits(unitRows(ramp(3, 4)), unitRows(ramp(3, 4) + 0.5), queue, 0.2);
    const at::Tensor flat = logits.flatten().contiguous();
    for (std::int64_t i = 0; i < flat.numel(); ++i)
        CHECK(flat[i].item<double>() == Approx(baseline::kInfoNceLogits[i]).margin(1e-6));
    const double loss = at::cross_entropy_loss(logits, at::zeros({3}, at::kLong)).item<double>();
    CHECK(loss == Approx(baseline::kInfoNceLoss[0]).margin(1e-6));
}

TEST_CASE("MoCo, the queue takes keys in turn and holds unit vectors") {
    Moco method(smallOptions(), 16, 1, at::kCPU);
    const at::Tensor before = stateOf(method, "queue").clone();
    CHECK(at::allclose(before.norm(2, {1}), at::ones({8}), 1e-5, 1e-5));
    const auto stepOnce = [&](std::uint64_t seed) {
        (void)method.loss(method.embed(volumes(), seed, 0));
        CHECK(at::equal(stateOf(method, "queue").narrow(0, 4, 4), before.narrow(0, 4, 4)));  // keys come in after the loss
        method.afterStep();
    };
    stepOnce(1);
    const at::Tensor after = stateOf(method, "queue").clone();
    CHECK_FALSE(at::allclose(after.narrow(0, 0, 4), before.narrow(0, 0, 4)));
    CHECK(at::equal(after.narrow(0, 4, 4), before.narrow(0, 4, 4)));
    CHECK(at::allclose(after.norm(2, {1}), at::ones({8}), 1e-5, 1e-5));
    stepOnce(2);
    CHECK_FALSE(at::allclose(stateOf(method, "queue").narrow(0, 4, 4), before.narrow(0, 4, 4)));
    CHECK(stateOf(method, "queue_position").item<std::int64_t>() == 0);  // round again
}

TEST_CASE("MoCo, gradients reach the query side alone") {
    Moco method(smallOptions(), 16, 1, at::kCPU);
    method.loss(method.embed(volumes(), 1, 0)).loss.backward();
    for (const at::Tensor& parameter : method.embedParameters()) CHECK(parameter.grad().defined());
    for (const Follower& follower : method.followers()) {
        CHECK_FALSE(follower.copy.requires_grad());
        CHECK(at::equal(follower.copy, follower.parameter.detach()));  // both begin alike
    }
    CHECK(method.followers().size() == method.embedParameters().size());
}

TEST_CASE("MoCo, same seed same loss") {
    Moco first(smallOptions(), 16, 1, at::kCPU), again(smallOptions(), 16, 1, at::kCPU);
    const auto lossOf = [](Moco& method, std::uint64_t seed) {
        return method.loss(method.embed(volumes(), seed, 0)).loss.item<double>();
    };
    const double loss = lossOf(first, 5);
    CHECK(loss == lossOf(again, 5));
    CHECK(loss != lossOf(first, 6));
}

TEST_CASE("MoCo, a queue that the batch does not divide is refused") {
    PretrainOptions options = smallOptions();
    options.queueSize = 10;
    CHECK_THROWS_WITH(options.resolved(), test::contains("multiple of batch-size"));
}
