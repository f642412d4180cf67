#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <map>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/nn/compute.h"
#include "core/ssl/moco.h"
#include "core/train/finetune_task.h"
#include "core/train/pretrain_task.h"
#include "tests/support/support.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// Keeps every metric; asks for `wish` when `stopAt` losses were seen.
class Recorder : public JobSink {
  public:
    std::map<std::string, std::vector<double>> metrics;
    StopSource stop;
    std::size_t stopAt = std::numeric_limits<std::size_t>::max();
    StopWish wish = StopWish::Finish;

    void onProgress(const Progress& progress) override { fraction = progress.fraction; }
    void onMetric(const Metric& metric) override {
        metrics[metric.name].push_back(metric.value);
        if (metrics["loss"].size() >= stopAt) stop.request(wish);
    }
    void onLog(LogLevel, const std::string&) override {}
    void onEnd(const JobOutcome&) override {}
    double fraction = 0;
};

/// Two kinds of volumes told apart by a bright block at one of two places, with noise.
Volume blockVolume(std::int64_t index) {
    Random random(deriveSeed(1, "block", std::uint64_t(index)));
    std::vector<float> voxels(16 * 16 * 16);
    const int corner = index % 2 ? 9 : 3;
    for (int z = 0; z < 16; ++z)
        for (int y = 0; y < 16; ++y)
            for (int x = 0; x < 16; ++x) {
                const bool inside = std::abs(z - corner) < 3 && std::abs(y - 8) < 3 && std::abs(x - 8) < 3;
                voxels[std::size_t(x + 16 * (y + 16 * z))] = float(random.normal() + (inside ? 4 : 0));
            }
    return Volume({16, 16, 16}, voxels, 10);
}

VolumeBatches blocks(std::int64_t count) { return VolumeBatches(count, {16, 16, 16}, blockVolume, at::kCPU, 1 << 30); }

PretrainOptions pretrainOptions() {
    PretrainOptions options;
    options.batchSize = 4;
    options.queueSize = 8;
    return options;
}

/// Pre-trains 2 epochs of 3 steps; returns all tensors of the method.
NamedTensors pretrain(Recorder& recorder, const std::filesystem::path& checkpoint, TrainingEnd* end = nullptr) {
    const VolumeBatches volumes = blocks(12);
    Moco method(pretrainOptions(), 16, 7, at::kCPU);
    PretrainTask task(method, volumes, 4, 7);
    const auto optimiser = makeAdam(method.parameters(), 1e-4, method.followers(), method.followerMomentum());
    JobContext context(recorder.stop.token(), recorder);
    const TrainingEnd how = train(task, *optimiser, {.epochs = 2, .learningRate = 1e-4, .checkpoint = checkpoint}, context);
    if (end) *end = how;
    return method.state();
}

Model blockModel() {
    ModelManifest manifest;
    manifest.boxSize = 16;
    manifest.classes = {"low", "high"};
    manifest.classColours = {"#000000", "#ffffff"};
    return makeModel(manifest, 3, at::kCPU);
}

LabelledVolumes labelled(const VolumeBatches& volumes) {
    LabelledVolumes data{&volumes, {}, {}, {}};
    for (int i = 0; i < volumes.count(); ++i) {
        data.labels.push_back(i % 2);
        (i < 16 ? data.train : data.validation).push_back(i);
    }
    return data;
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
        (void)pretrain(stopped, folder / "t.safetensors", &end);
        CHECK(end == TrainingEnd::FinishedEarly);
        CHECK(stopped.metrics["loss"].size() == stopAt);
        const NamedTensors after = pretrain(resumed, folder / "t.safetensors", &end);
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
    CHECK_THROWS_AS(pretrain(recorder, folder / "t.safetensors"), Cancelled);
    CHECK(recorder.metrics["loss"].size() == 2);
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("fine-tuning, learns two easy classes and keeps the best epoch") {
    const VolumeBatches volumes = blocks(32);
    const Model model = blockModel();
    FinetuneOptions options;
    options.epochs = 12;
    options.batchSize = 8;
    options.augment = false;
    options.learningRate = 0.01;
    FinetuneTask task(model, labelled(volumes), options, 1, at::kCPU);
    std::vector<at::Tensor> parameters = model.encoder->parameters();
    for (const auto& parameter : model.classifier->parameters()) parameters.push_back(parameter);
    const auto optimiser = makeSgd(parameters, options.momentum, options.weightDecay);
    Recorder recorder;
    JobContext context(recorder.stop.token(), recorder);
    train(task, *optimiser, {.epochs = options.epochs, .learningRate = options.learningRate, .cosine = true}, context);
    const auto& losses = recorder.metrics["epoch loss"];
    CHECK(losses.back() < 0.5 * losses.front());
    const auto& accuracies = recorder.metrics["validation accuracy"];
    CHECK(task.bestAccuracy() == *std::max_element(accuracies.begin(), accuracies.end()));
    CHECK(task.bestAccuracy() >= 0.9);

    task.restoreBest();
    const LabelledVolumes data = labelled(volumes);
    const Score score = scoreOf(predictProbabilities(model, volumes, data.validation, 5), data.validation, data.labels);
    CHECK(score.accuracy == task.bestAccuracy());
}

TEST_CASE("fine-tuning, few labels are shown again until an epoch has its steps") {
    const VolumeBatches volumes = blocks(8);
    const Model model = blockModel();
    FinetuneOptions options;
    options.minimumSteps = 5;
    LabelledVolumes data = labelled(volumes);
    CHECK(FinetuneTask(model, data, options, 1, at::kCPU).stepsPerEpoch() == 5);
    options.minimumSteps = 0;
    CHECK(FinetuneTask(model, data, options, 1, at::kCPU).stepsPerEpoch() == 1);
    data.train.clear();
    CHECK_THROWS_WITH(FinetuneTask(model, data, options, 1, at::kCPU), test::contains("no labelled particles"));
}

namespace {

/// A loss that is not a number in its third step.
class BreakingTask : public TrainingTask {
  public:
    at::Tensor weight = at::ones({1}).requires_grad_(true);
    int steps = 0;
    [[nodiscard]] std::int64_t stepsPerEpoch() const override { return 10; }
    [[nodiscard]] MethodStep step(std::int64_t, std::int64_t) override {
        const double factor = ++steps == 3 ? std::numeric_limits<double>::quiet_NaN() : 1.0;
        return {(weight * factor).sum(), {}};
    }
    [[nodiscard]] NamedTensors state() const override { return {{"weight", weight}}; }
};

}  // namespace

TEST_CASE("trainer, a loss that is no number stops with step and advice") {
    BreakingTask task;
    const auto optimiser = makeSgd({task.weight}, 0, 0);
    Recorder recorder;
    JobContext context(recorder.stop.token(), recorder);
    CHECK_THROWS_WITH(train(task, *optimiser, {.epochs = 1, .learningRate = 0.1}, context),
                      test::contains("step 3") && test::contains("smaller learning rate"));
    CHECK(std::isfinite(task.weight.item<float>()));
}
