#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/ssl/moco.h"
#include "core/train/pretrain_task.h"
#include "tests/core/train/blocks.h"
#include "tests/support/support.h"
#include "tests/support/catch.h"

using namespace tomoloupe;
using test::blocks;
using test::Recorder;

namespace {

PretrainOptions pretrainOptions() {
    PretrainOptions options;
    options.batchSize = 4;
    options.queueSize = 8;
    options.encoder.name = "rb3d-c";
    return options.resolved();
}

/// Pre-trains 2 epochs of 3 steps; returns all tensors of the method.
NamedTensors pretrain(Recorder& recorder, TrainerOptions options = {}, TrainingEnd* end = nullptr) {
    const VolumeBatches volumes = blocks(12);
    Moco method(pretrainOptions(), 16, 7, at::kCPU);
    PretrainTask task(method, volumes, 4, 7);
    const auto optimiser = makeAdam(method.embedParameters(), 1e-4, method.followers());
    JobContext context(recorder.stop.token(), recorder);
    options.epochs = 2;
    const TrainingEnd how = train(task, *optimiser, options, context);
    if (end) *end = how;
    return method.state();
}

}  // namespace

TEST_CASE("trainer, same seed same numbers") {
    Recorder first, again;
    const NamedTensors a = pretrain(first, {}), b = pretrain(again, {});
    CHECK(first.metrics["loss"].size() == 6);
    CHECK(first.metrics == again.metrics);
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(at::equal(a[i].second, b[i].second));
    CHECK(first.fraction == Approx(1));
}

TEST_CASE("trainer, finishing early and resuming equals running through, wherever it stopped") {
    Recorder whole;
    const NamedTensors expected = pretrain(whole, {});
    for (const std::size_t stopAt : {1u, 3u, 5u}) {
        const test::TemporaryFolder folder;
        Recorder stopped, resumed;
        stopped.stopAt = stopAt;
        TrainingEnd end{};
        (void)pretrain(stopped, {.checkpoint = folder / "t.safetensors"}, &end);
        CHECK(end == TrainingEnd::FinishedEarly);
        CHECK(stopped.metrics["loss"].size() == stopAt);
        const NamedTensors after = pretrain(resumed, {.checkpoint = folder / "t.safetensors"}, &end);
        CHECK(end == TrainingEnd::Completed);
        for (std::size_t i = 0; i < expected.size(); ++i) CHECK(at::equal(after[i].second, expected[i].second));
        CHECK(resumed.metrics["epoch loss"].back() == whole.metrics["epoch loss"].back());
    }
}

TEST_CASE("trainer, cancel stops at once and leaves no half checkpoint") {
    const test::TemporaryFolder folder;
    Recorder recorder;
    recorder.stopAt = 2;
    recorder.wish = StopWish::Cancel;
    CHECK_THROWS_AS(pretrain(recorder, {.checkpoint = folder / "t.safetensors"}), Cancelled);
    CHECK(recorder.metrics["loss"].size() == 2);
    CHECK(std::filesystem::is_empty(folder.path()));
}

namespace {

/// Pulls one weight towards 0; what happens in its third step, the test says.
class OneWeight : public TrainingTask {
  public:
    at::Tensor weight = at::ones({1}).requires_grad_(true);
    std::function<double(const StepLimits&)> inThirdStep = [](const StepLimits&) { return 1.0; };
    [[nodiscard]] std::int64_t stepsPerEpoch() const override { return 10; }
    [[nodiscard]] std::int64_t particlesPerStep() const override { return 8; }
    [[nodiscard]] StepResult step(const StepPosition& position, const StepLimits& limits) override {
        const at::Tensor loss = (weight * weight * (position.step == 2 ? inThirdStep(limits) : 1.0)).sum();
        loss.backward();
        return {loss.detach(), {}};
    }
    [[nodiscard]] NamedTensors state() const override { return {{"weight", weight}}; }
};

void trainOneEpoch(OneWeight& task, Recorder& recorder, TrainerOptions options) {
    const auto optimiser = makeSgd({task.weight}, 0, 0);
    JobContext context(recorder.stop.token(), recorder);
    (void)train(task, *optimiser, options, context);
}

}  // namespace

TEST_CASE("trainer, a loss that is no number stops with step and advice, before the weights change") {
    OneWeight task;
    task.inThirdStep = [](const StepLimits&) { return std::numeric_limits<double>::quiet_NaN(); };
    Recorder recorder;
    CHECK_THROWS_WITH(trainOneEpoch(task, recorder, {.learningRate = 0.1}), test::contains("step 3") && test::contains("smaller learning rate"));
    CHECK(std::isfinite(task.weight.item<float>()));
}

TEST_CASE("trainer, weights that are no numbers do not overwrite the last checkpoint") {
    const test::TemporaryFolder folder;
    const TrainerOptions options{.learningRate = 0.1, .checkpoint = folder / "t.safetensors", .checkpointSeconds = 0};
    OneWeight task;
    task.inThirdStep = [&](const StepLimits&) {
        task.weight.mutable_grad() = at::full({1}, std::numeric_limits<float>::infinity());  // the loss itself is still a number
        return 1.0;
    };
    Recorder recorder;
    CHECK_THROWS_WITH(trainOneEpoch(task, recorder, options), test::contains("beyond all bounds by step 3"));
    at::Tensor kept = at::zeros({1});
    loadTensors(options.checkpoint, {{"weight", kept}});
    CHECK(kept.item<float>() == Approx(0.64));  // two steps of w - 0.1 * 2 w
}

TEST_CASE("trainer, where memory does not do, fewer particles are computed at a time") {
    for (const bool fromTorch : {true, false}) {
        OneWeight task, expected;
        std::vector<std::int64_t> tried;
        task.inThirdStep = [&](const StepLimits& limits) {
            tried.push_back(limits.microBatch);
            task.weight.mutable_grad() = at::full({1}, 1e6F);  // left over from the step that failed
            if (limits.microBatch == 0 || limits.microBatch > 2) {
                if (fromTorch) throw c10::OutOfMemoryError({__func__, __FILE__, 0}, "CUDA out of memory. Tried to allocate 2 GiB");
                throw std::bad_alloc();
            }
            task.weight.mutable_grad() = at::Tensor();
            return 1.0;
        };
        Recorder recorder, plain;
        trainOneEpoch(task, recorder, {.learningRate = 0.1});
        trainOneEpoch(expected, plain, {.learningRate = 0.1});
        CHECK(tried == std::vector<std::int64_t>{0, 4, 2});
        CHECK(at::equal(task.weight, expected.weight));
        CHECK(recorder.metrics["loss"].size() == 10);
    }
    OneWeight hopeless;
    hopeless.inThirdStep = [](const StepLimits&) -> double { throw std::bad_alloc(); };
    Recorder recorder;
    CHECK_THROWS_WITH(trainOneEpoch(hopeless, recorder, {.learningRate = 0.1}), test::contains("not enough memory for 1 particle"));
}

TEST_CASE("trainer, gradients are no longer than the clip norm") {
    OneWeight task;
    Recorder recorder;
    trainOneEpoch(task, recorder, {.learningRate = 0.1, .clipNorm = 0.5});
    CHECK(recorder.metrics["gradient norm"].front() == Approx(2));
    CHECK(task.weight.item<float>() == Approx(1 - 10 * 0.1 * 0.5).margin(1e-4));
}

TEST_CASE("trainer, the learning rate rises, then falls as a cosine") {
    OneWeight task;
    Recorder recorder;
    trainOneEpoch(task, recorder, {.epochs = 3, .learningRate = 0.1, .cosine = true, .warmupEpochs = 1});
    const auto& rates = recorder.metrics["learning rate"];
    CHECK(rates[0] == Approx(0.01));
    CHECK(rates[9] == Approx(0.1));
    CHECK(rates[10] == Approx(0.1));
    CHECK(rates[20] == Approx(0.05));
    CHECK(rates[29] == Approx(0.1 * 0.5 * (1 + std::cos(3.14159265 * 19 / 20))));
}

TEST_CASE("pre-training, a step in parts has the loss and the gradient of the step at once") {
    const VolumeBatches volumes = blocks(12);
    std::vector<at::Tensor> whole;
    double loss = 0;
    for (const std::int64_t microBatch : {0, 1, 3}) {
        Moco method(pretrainOptions(), 16, 7, at::kCPU);
        PretrainTask task(method, volumes, 4, 7);
        const StepResult result = task.step({.epoch = 1, .step = 4, .steps = 6}, {.microBatch = microBatch});
        const auto parameters = method.embedParameters();
        if (microBatch == 0) {
            loss = result.loss.item<double>();
            for (const at::Tensor& parameter : parameters) whole.push_back(parameter.grad());
            continue;
        }
        CHECK(result.loss.item<double>() == Approx(loss).epsilon(1e-5));
        for (std::size_t i = 0; i < whole.size(); ++i)
            CHECK((parameters[i].grad() - whole[i]).norm().item<double>() <= 1e-4 * whole[i].norm().item<double>() + 1e-7);
    }
}
