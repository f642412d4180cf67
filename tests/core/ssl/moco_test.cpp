#include <ATen/ATen.h>

#include "core/nn/compute.h"
#include "core/ssl/moco.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

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
