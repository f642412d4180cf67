#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/nn/compute.h"
#include "core/train/finetune_task.h"
#include "core/train/last_layer.h"
#include "core/train/optimiser.h"
#include "core/train/pseudo_labels.h"
#include "core/train/representation.h"
#include "tests/core/train/blocks.h"
#include "tests/support/support.h"
#include "tests/support/catch.h"

using namespace tomoloupe;
using test::blocks;
using test::Recorder;

namespace {

Model blockModel(const std::string& encoder = "rb3d-c") {
    ModelManifest manifest;
    manifest.encoder.name = encoder;
    manifest.boxSize = 16;
    manifest.classes = {"low", "high"};
    manifest.classColours = {"#000000", "#ffffff"};
    return makeModel(manifest, 3, at::kCPU);
}

/// The first `train` volumes to learn from, the next 8 for validation, what is left without a use.
LabelledVolumes labelled(const VolumeBatches& volumes, int train = 16) {
    LabelledVolumes data{&volumes, {}, {}, {}};
    for (int i = 0; i < volumes.count(); ++i) {
        data.labels.push_back(i % 2);
        if (i < train)
            data.train.push_back(i);
        else if (i < train + 8)
            data.validation.push_back(i);
    }
    return data;
}

FinetuneOptions quickOptions() {
    FinetuneOptions options;
    options.epochs = 4;
    options.batchSize = 8;
    options.augment = false;
    options.learningRate = 0.01;
    return options;
}

TrainingEnd learn(FinetuneTask& task, const FinetuneOptions& options, Recorder& recorder, const std::filesystem::path& checkpoint = {}) {
    const auto optimiser = makeSgd(task.parameters(), options.momentum, options.weightDecay);
    JobContext context(recorder.stop.token(), recorder);
    return train(task, *optimiser, {.epochs = options.epochs, .learningRate = options.learningRate, .cosine = true, .checkpoint = checkpoint},
                 context);
}

NamedTensors copyOf(const NamedTensors& tensors) {
    NamedTensors copy;
    for (const auto& [name, tensor] : tensors) copy.emplace_back(name, tensor.detach().clone());
    return copy;
}

bool same(const NamedTensors& a, const NamedTensors& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return at::equal(x.second, y.second); });
}

/// 16 volumes from the 16th on, which may get pseudo-labels.
std::vector<std::int64_t> restOfBlocks() {
    std::vector<std::int64_t> rest(16);
    std::iota(rest.begin(), rest.end(), 16);
    return rest;
}

void fitLastLayer(const Model& model, const LabelledVolumes& data) {
    const std::vector<double> alike{1, 1};
    std::vector<int> labels;
    for (const std::int64_t i : data.train) labels.push_back(data.labels[std::size_t(i)]);
    fitClassifier(model, {representationsOf(*model.encoder, *data.volumes, data.train, 8), labels, alike});
}

/// Learns from 8 particles and the 16 of the rest; the classifier is fitted first, so that there are pseudo-labels from the start.
struct PseudoRun {
    VolumeBatches volumes = blocks(40);
    Model model = blockModel();
    FinetuneOptions options = quickOptions();
    LabelledVolumes data = labelled(volumes, 8);

    PseudoRun() {
        options.pseudoLabels = true;
        options.pseudoThreshold = 0.6;
        options.learningRate = 0.001;
        data.rest = restOfBlocks();
    }
    /// With one checkpoint it goes on where that ends. Returns what was learnt and the pseudo-labels.
    std::pair<NamedTensors, std::vector<int>> run(Recorder& recorder, const std::filesystem::path& checkpoint = {}) {
        FinetuneTask task(model, data, options, 1, at::kCPU);
        if (!std::filesystem::exists(checkpoint)) {
            fitLastLayer(model, data);
            task.judgeStart();
        }
        (void)learn(task, options, recorder, checkpoint);
        return {copyOf(task.state()), task.pseudoLabels()};
    }
};

/// One of two ranks, alone: keeps what it would add to the other's and its part of what both gather; the other's part is handed in.
class HalfWorld : public World {
  public:
    HalfWorld(int rank, const HalfWorld* other) : rank_(rank), other_(other) {}
    std::vector<at::Tensor> summed, gathered;
    [[nodiscard]] int rank() const override { return rank_; }
    [[nodiscard]] int size() const override { return 2; }
    [[nodiscard]] at::Tensor gatherRows(const at::Tensor& rows) override {
        gathered.push_back(rows);
        const at::Tensor others = other_ ? other_->gathered[gathered.size() - 1] : rows;
        return rank_ == 0 ? at::cat({rows, others}) : at::cat({others, rows});
    }
    void sum(std::span<const at::Tensor> tensors) override {
        for (const at::Tensor& tensor : tensors) summed.push_back(tensor.detach().clone());
    }
    [[nodiscard]] double largest(double value) override { return value; }

  private:
    int rank_;
    const HalfWorld* other_;
};

/// Loss and gradients of the first step.
std::vector<at::Tensor> firstStep(const Model& model, const LabelledVolumes& data, const FinetuneOptions& options, std::int64_t microBatch,
                                  World& world = aloneInTheWorld()) {
    FinetuneTask task(model, data, options, 1, at::kCPU, world);
    if (options.pseudoLabels) task.judgeStart();
    std::vector<at::Tensor> result{task.step({.epoch = 0, .step = 0, .steps = 4}, {.microBatch = microBatch}).loss};
    for (at::Tensor parameter : task.parameters()) {
        result.push_back(parameter.grad().clone());
        parameter.mutable_grad() = at::Tensor();
    }
    return result;
}

void checkNear(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) CHECK((a[i] - b[i]).norm().item<double>() <= 1e-4 * b[i].norm().item<double>() + 1e-7);
}

}  // namespace

TEST_CASE("fine-tuning, learns two easy classes and keeps the best epoch") {
    const VolumeBatches volumes = blocks(24);
    const Model model = blockModel("rb3d");
    FinetuneOptions options = quickOptions();
    options.epochs = 12;
    const LabelledVolumes data = labelled(volumes);
    FinetuneTask task(model, data, options, 1, at::kCPU);
    Recorder recorder;
    (void)learn(task, options, recorder);
    const auto& losses = recorder.metrics["epoch loss"];
    CHECK(losses.back() < 0.5 * losses.front());
    const auto& accuracies = recorder.metrics["validation accuracy"];
    CHECK(task.bestAccuracy() == *std::max_element(accuracies.begin(), accuracies.end()));
    CHECK(task.bestAccuracy() >= 0.9);

    task.restoreBest();
    const Score score = scoreOf(predictProbabilities(model, volumes, data.validation, 5), data.validation, data.labels);
    CHECK(score.accuracy == task.bestAccuracy());
}

TEST_CASE("fine-tuning, few labels are shown again until an epoch has its steps") {
    const VolumeBatches volumes = blocks(8);
    const Model model = blockModel();
    FinetuneOptions options;
    options.minimumSteps = 5;
    LabelledVolumes data = labelled(volumes, 8);
    CHECK(FinetuneTask(model, data, options, 1, at::kCPU).stepsPerEpoch() == 5);
    options.minimumSteps = 0;
    CHECK(FinetuneTask(model, data, options, 1, at::kCPU).stepsPerEpoch() == 1);
    data.train.clear();
    CHECK_THROWS_WITH(FinetuneTask(model, data, options, 1, at::kCPU), test::contains("no labelled particles"));
}

TEST_CASE("fine-tuning, a frozen encoder stays as it was and its classifier learns") {
    const VolumeBatches volumes = blocks(24);
    const Model model = blockModel();
    FinetuneOptions options = quickOptions();
    options.freezeEncoder = true;
    options.learningRate = 0.1;
    model.classifier->standardiseInput(model.encoder->embed(volumes.batch(labelled(volumes).train)));
    const NamedTensors encoder = copyOf(namedTensors(*model.encoder, "")), classifier = copyOf(namedTensors(*model.classifier, ""));
    FinetuneTask task(model, labelled(volumes), options, 1, at::kCPU);
    Recorder recorder;
    (void)learn(task, options, recorder);
    CHECK(same(namedTensors(*model.encoder, ""), encoder));
    CHECK_FALSE(same(namedTensors(*model.classifier, ""), classifier));
    CHECK(recorder.metrics["epoch loss"].back() < recorder.metrics["epoch loss"].front());
}

TEST_CASE("fine-tuning, the loss weighs classes and smooths labels as its formula says") {
    CHECK(balancedWeights(std::vector<std::int64_t>{30, 10}) == std::vector<double>{40.0 / 60, 2});
    const VolumeBatches volumes = blocks(8);
    const Model model = blockModel();
    FinetuneOptions options = quickOptions();
    options.classWeights = "balanced";
    options.labelSmoothing = 0.2;
    LabelledVolumes data = labelled(volumes, 8);
    data.train = {0, 2, 4, 6, 1};  // four low, one high
    const double loss = firstStep(model, data, options, 0).front().item<double>();
    const at::Tensor logs = predictProbabilities(model, volumes, data.train, 8).log().to(at::kDouble);
    double expected = 0;
    for (int i = 0; i < 5; ++i) {
        const int label = i == 4 ? 1 : 0;
        const double low = logs[i][0].item<double>(), high = logs[i][1].item<double>();
        expected -= (label ? 2.5 : 0.625) * (0.8 * (label ? high : low) + 0.1 * (low + high)) / 5;
    }
    CHECK(loss == Approx(expected).epsilon(1e-5));
}

TEST_CASE("fine-tuning, stops when no epoch was better for long enough, also after going on") {
    const VolumeBatches volumes = blocks(24);
    FinetuneOptions options = quickOptions();
    options.epochs = 9;
    options.earlyStopEpochs = 2;
    options.learningRate = 0;  // no epoch after the first can be better
    for (const std::size_t stopAt : {1u, 3u, 5u, 100u}) {
        const test::TemporaryFolder folder;
        const Model model = blockModel();
        Recorder stopped, resumed;
        stopped.stopAt = stopAt;
        FinetuneTask first(model, labelled(volumes), options, 1, at::kCPU);
        CHECK((learn(first, options, stopped, folder / "t.safetensors") == TrainingEnd::Completed) == (stopAt == 100));
        FinetuneTask second(model, labelled(volumes), options, 1, at::kCPU);
        FinetuneTask& last = stopAt == 100 ? first : second;
        if (stopAt < 100) CHECK(learn(last, options, resumed, folder / "t.safetensors") == TrainingEnd::Completed);
        CHECK(last.judgedEpochs() == 3);
        CHECK(last.bestEpoch() == 1);
        CHECK(stopped.metrics["loss"].size() + resumed.metrics["loss"].size() == 6);
    }
}

TEST_CASE("pseudo-labels, the most confident ones, no more of a class than among the labelled") {
    const at::Tensor table = at::tensor({0.9F, 0.1F, 0.8F, 0.2F, 0.97F, 0.03F, 0.45F, 0.55F, 0.4F, 0.6F, 0.99F, 0.01F}).view({6, 2});
    CHECK(choosePseudoLabels(table, 0.6, std::vector<std::int64_t>{5, 5}) == std::vector<int>{0, -1, 0, -1, 1, 0});
    CHECK(choosePseudoLabels(table, 0.6, std::vector<std::int64_t>{1, 5}) == std::vector<int>{-1, -1, -1, -1, 1, 0});
    CHECK(choosePseudoLabels(table, 0.95, std::vector<std::int64_t>{5, 5}) == std::vector<int>{-1, -1, 0, -1, -1, 0});
    CHECK(choosePseudoLabels(at::empty({0, 2}), 0.95, std::vector<std::int64_t>{5, 5}).empty());
}

TEST_CASE("pseudo-labels, come from the rest alone, are right for easy classes and change what is learnt") {
    PseudoRun with, without;
    without.options.pseudoLabels = false;
    Recorder first, second;
    const auto [weights, pseudo] = with.run(first);
    const auto plain = without.run(second);
    REQUIRE(pseudo.size() == 16);
    CHECK(plain.second.empty());
    const auto named = std::count_if(pseudo.begin(), pseudo.end(), [](int label) { return label >= 0; });
    int right = 0;
    for (std::size_t i = 0; i < pseudo.size(); ++i) right += pseudo[i] == int((16 + i) % 2);
    CHECK(named >= 8);
    CHECK(right >= 0.8 * double(named));
    CHECK(first.metrics["pseudo-labels"].back() == double(named));
    CHECK_FALSE(same(namedTensors(*with.model.encoder, ""), namedTensors(*without.model.encoder, "")));
}

TEST_CASE("pseudo-labels, what the rest and the held-out ones really are is never looked at") {
    PseudoRun known, hidden;
    for (int i = 16; i < 40; ++i) hidden.data.labels[std::size_t(i)] = i % 3 == 0 ? -1 : 1 - i % 2;
    Recorder first, second;
    const auto a = known.run(first), b = hidden.run(second);
    CHECK(same(a.first, b.first));
    CHECK(a.second == b.second);
    CHECK(first.metrics == second.metrics);
}

TEST_CASE("pseudo-labels, finishing early and resuming equals running through") {
    PseudoRun whole;
    Recorder recorder;
    const auto expected = whole.run(recorder);
    REQUIRE(recorder.metrics["loss"].size() == 4);
    for (const std::size_t stopAt : {1u, 3u}) {
        const test::TemporaryFolder folder;
        Recorder stopped, resumed;
        stopped.stopAt = stopAt;
        PseudoRun before, after;
        (void)before.run(stopped, folder / "t.safetensors");
        const auto result = after.run(resumed, folder / "t.safetensors");
        CHECK(resumed.metrics["loss"].size() == 4 - stopAt);
        CHECK(same(result.first, expected.first));
        CHECK(result.second == expected.second);
    }
}

TEST_CASE("fine-tuning, a step in parts or on two ranks has the loss and the gradient of the step at once") {
    PseudoRun setup;
    setup.options.augment = true;
    setup.options.strongFraction = 0.4;
    setup.options.classWeights = "balanced";
    setup.options.pseudoThreshold = 0.5;
    fitLastLayer(setup.model, setup.data);
    const auto whole = firstStep(setup.model, setup.data, setup.options, 0);
    checkNear(firstStep(setup.model, setup.data, setup.options, 3), whole);

    HalfWorld alone(1, nullptr);  // to learn what the second rank hands to the first
    (void)firstStep(setup.model, setup.data, setup.options, 0, alone);
    HalfWorld first(0, &alone), second(1, &first);
    (void)firstStep(setup.model, setup.data, setup.options, 0, first);
    (void)firstStep(setup.model, setup.data, setup.options, 0, second);
    REQUIRE(first.gathered.size() == 2);
    std::vector<at::Tensor> sum;
    for (std::size_t i = 0; i < first.summed.size(); ++i) sum.push_back(first.summed[i] + second.summed[i]);
    checkNear(sum, whole);

    for (const auto change : {0, 1}) {  // both parts are in the loss
        FinetuneOptions other = setup.options;
        change ? other.pseudoLabels = false : other.strongFraction = 0;
        CHECK(firstStep(setup.model, setup.data, other, 0)[0].item<double>() != Approx(whole[0].item<double>()).epsilon(1e-4));
    }
}
