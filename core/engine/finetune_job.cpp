#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/analysis/calibration.h"
#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/data/split.h"
#include "core/engine/run_data.h"
#include "core/engine/run_jobs.h"
#include "core/engine/shared_run.h"
#include "core/project/stored_predictions.h"
#include "core/nn/compute.h"
#include "core/train/finetune_task.h"
#include "core/train/last_layer.h"
#include "core/train/representation.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kEvaluationBatch = 64;
/// Labels of a class: one to learn from, one to choose the epoch by and one that is held out.
constexpr std::int64_t kFewest = 3;

std::vector<std::int64_t> idsOf(const std::vector<std::int64_t>& indices, const std::vector<std::int64_t>& ids) {
    std::vector<std::int64_t> result;
    for (const std::int64_t index : indices) result.push_back(ids[std::size_t(index)]);
    return result;
}

/// 0..count-1 without those in the parts.
std::vector<std::int64_t> othersThan(std::initializer_list<const std::vector<std::int64_t>*> parts, std::int64_t count) {
    std::vector<bool> taken(static_cast<std::size_t>(count));
    for (const auto* part : parts)
        for (const std::int64_t i : *part) taken[std::size_t(i)] = true;
    std::vector<std::int64_t> others;
    for (std::int64_t i = 0; i < count; ++i)
        if (!taken[std::size_t(i)]) others.push_back(i);
    return others;
}

/// How many particles were taught with a pseudo-label last, and how many of these are right where that is known.
nlohmann::json pseudoReport(const std::vector<int>& pseudo, const std::vector<std::int64_t>& rest, const std::vector<int>& labels) {
    int count = 0, known = 0, right = 0;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (pseudo[i] < 0) continue;
        const int truth = labels[std::size_t(rest[i])];
        ++count;
        known += truth >= 0;
        right += truth == pseudo[i];
    }
    nlohmann::json report{{"candidates", rest.size()}, {"count", count}, {"known", known}};
    if (known > 0) report["accuracy"] = double(right) / known;
    return report;
}

class FinetuneJob : public Job {
  public:
    explicit FinetuneJob(Run run) : run_(std::move(run)) {
        fromJson(options_.describe(), run_.config().options);
        options_.check();
    }

    void run(JobContext& context) override {
        const SharedRun shared(run_, options_.trainer.device, context);
        const at::Device device = shared.device();
        context.setStages(std::filesystem::exists(run_.trainerPath()) ? 2 : 3);
        const RunData data(run_);
        const VolumeBatches volumes = data.volumes(device, context);
        options_.augmentation.voxelSizeAngstrom = data.source().voxelSizeAngstrom();
        const Model model = startingModel(data, device, context);
        const std::vector<std::string>& classes = model.manifest.classes;
        const std::vector<int> labels = data.labels(classes);
        checkCounts(data, classes, labels);
        const auto labelled = std::count_if(labels.begin(), labels.end(), [](int label) { return label >= 0; });
        const SplitChoice choice = splitOf(data, labels, context);
        const Split& split = choice.split;
        const auto train = stratifiedSubset(split.train, labels, options_.labelFraction,
                                            deriveSeed(std::uint64_t(options_.split.seed), "label fraction"));
        if (shared.writes())
            writeSplit(run_.folder(), {idsOf(train, data.particleIds()), idsOf(split.validation, data.particleIds()),
                                       idsOf(split.test, data.particleIds())});
        const auto rest = othersThan({&train, &split.validation, &split.test}, volumes.count());

        FinetuneTask task(model, {&volumes, labels, train, split.validation, rest}, options_, run_.config().seed, device,
                          shared.world());
        model.encoder->setPrecision(choosePrecision(options_.trainer, device));
        const auto optimiser = makeSgd(task.parameters(), options_.momentum, options_.weightDecay);

        if (!std::filesystem::exists(run_.trainerPath())) {
            context.beginStage("Fitting the last layer");
            fitLastLayer(model, {volumes, labels, train, rest}, task, context);
        }
        context.beginStage("Fine-tuning");
        context.log(LogLevel::Info, fmt::format("labels of \"{}\", {} classes; {} labelled particles to learn from, {} to choose the epoch, {} held out",
                                                data.labelSet(), classes.size(), train.size(), split.validation.size(), split.test.size()));
        TrainerOptions trainer = trainerOptions(options_.trainer, run_);
        trainer.epochs = options_.epochs;
        trainer.learningRate = options_.learningRate;
        trainer.cosine = true;
        const TrainingEnd end = tomoloupe::train(task, *optimiser, trainer, context, shared.world());
        if (!shared.writes()) return;
        if (end == TrainingEnd::Completed && task.wantsToStop())
            context.log(LogLevel::Info, fmt::format("stopped after epoch {}: none was better since epoch {}", task.judgedEpochs(), task.bestEpoch()));
        task.restoreBest();
        const double temperature = options_.calibrate ? calibrate(model, volumes, labels, split.validation) : 1;
        saveModel(run_.modelPath(), model);
        nlohmann::json result = resultOf(data, model, task, volumes, labels, split);
        result["train_count"] = train.size();
        result["label_count"] = labelled;
        result["split"] = choice.byTomogram ? "tomogram" : "stratified";
        result["label_set"] = data.labelSet();
        result["temperature"] = temperature;
        if (options_.pseudoLabels) result["pseudo_labels"] = pseudoReport(task.pseudoLabels(), rest, labels);
        if (end == TrainingEnd::Completed) std::filesystem::remove(run_.trainerPath());
        run_.writeResult(end == TrainingEnd::Completed ? RunState::Done : RunState::FinishedEarly, result);
    }

  private:
    [[nodiscard]] Model startingModel(const RunData& data, const at::Device& device, JobContext& context) const {
        ModelManifest manifest;
        std::filesystem::path start;
        if (!run_.config().inputs.empty()) {
            start = modelPathOf(data.project(), run_.config().inputs.front());
            manifest = readManifest(start);
        } else {
            manifest.encoder = options_.encoder;
        }
        const ModelManifest given = manifest;
        manifest.boxSize = data.source().boxShape().x;
        manifest.voxelSizeAngstrom = data.source().voxelSizeAngstrom();
        manifest.run = run_.folder().filename();
        manifest.classes.clear();
        manifest.classColours.clear();
        for (const ClassRecord& record : data.labelledClasses()) {
            if (options_.rareClasses == "leave-out" && data.labelCount(record.id) < kFewest) {
                context.log(LogLevel::Info, fmt::format("class {} has too few labels and is left out", record.name));
                continue;
            }
            manifest.classes.push_back(record.name);
            manifest.classColours.push_back(record.colour);
        }
        if (manifest.classes.size() < 2)
            throw Error(fmt::format("Set {} has {}labels of {} only; a network is taught to tell classes apart, so label particles of at "
                                    "least two", data.set().name, options_.rareClasses == "leave-out" ? "enough " : "",
                                    manifest.classes.empty() ? "no class" : "class " + manifest.classes[0]));
        Model model = makeModel(std::move(manifest), run_.config().seed, device);
        if (start.empty()) return model;
        if (!model.encoder->takesAnyBox()) data.checkFits(given);
        loadTensors(start, namedTensors(*model.encoder, "encoder."));
        context.log(LogLevel::Info, fmt::format("starting from the {} encoder of {}", given.encoder.name, start.string()));
        if (!given.classes.empty() && given.classes != model.manifest.classes)
            context.log(LogLevel::Warning, fmt::format("that model names {}; it gets a new last layer for {}", fmt::join(given.classes, ", "),
                                                       fmt::join(model.manifest.classes, ", ")));
        return model;
    }

    /// Every class must have a particle to learn from, one to choose the epoch by and one that is held out.
    static void checkCounts(const RunData& data, const std::vector<std::string>& classes, const std::vector<int>& labels) {
        for (std::size_t c = 0; c < classes.size(); ++c)
            if (const auto count = std::count(labels.begin(), labels.end(), int(c)); count < kFewest)
                throw Error(fmt::format("Class {} has {} labelled particle(s) in set {}; it needs at least {} (to learn from, to choose the "
                                        "epoch by and to test). Label more of it, or leave it out (rare-classes leave-out)", classes[c], count,
                                        data.set().name, kFewest));
    }

    struct Particles {
        const VolumeBatches& volumes;
        const std::vector<int>& labels;
        const std::vector<std::int64_t>&train, &rest;
    };

    /// The best start that the task can get without changing the encoder: by labels alone or with the rest, as validation says.
    void fitLastLayer(const Model& model, const Particles& particles, FinetuneTask& task, JobContext& context) {
        if (!options_.probeFirst) return task.judgeStart();
        const auto& [volumes, labels, train, rest] = particles;
        const bool discriminant = options_.lastLayer == "discriminant";
        const std::int64_t known = std::int64_t(train.size());
        const std::int64_t unknown = discriminant ? std::min<std::int64_t>(std::int64_t(rest.size()), options_.unlabelledCount) : 0;
        std::vector<std::int64_t> seen = train;
        const auto order = epochOrder(std::int64_t(rest.size()), deriveSeed(std::uint64_t(options_.split.seed), "unlabelled"), 0);
        for (std::int64_t i = 0; i < unknown; ++i) seen.push_back(rest[std::size_t(order[std::size_t(i)])]);
        const at::Tensor vectors = representationsOf(*model.encoder, volumes, seen, kEvaluationBatch,
                                                     [&](std::int64_t done) { context.advance(double(done), double(seen.size())); });
        std::vector<int> classes;
        for (const std::int64_t i : train) classes.push_back(labels[std::size_t(i)]);
        const LabelledVectors labelled{vectors.narrow(0, 0, known), classes, task.classWeights()};
        discriminant ? fitDiscriminant(model, labelled) : fitClassifier(model, labelled);
        task.judgeStart();
        if (unknown == 0) return;
        const double alone = task.bestAccuracy();
        fitDiscriminant(model, labelled, vectors.narrow(0, known, unknown), [&] { context.stop().throwIfCancelled(); });
        task.judgeStart();
        context.log(LogLevel::Info, fmt::format("last layer fitted to {} labelled particles, then to {} without a label too: validation accuracy {:.1f} %, "
                                                "then {:.1f} % by the better of both", known, unknown, 100 * alone, 100 * task.bestAccuracy()));
    }

    [[nodiscard]] SplitChoice splitOf(const RunData& data, const std::vector<int>& labels, JobContext& context) const {
        SplitChoice choice = data.split(options_.split, labels);
        if (choice.byTomogram)
            context.log(LogLevel::Info, fmt::format("split by tomogram: each of {} is learnt from, chosen by, or tested with, as a whole", choice.tomograms));
        else if (choice.tomograms > 1 && !choice.reason.empty())
            context.log(LogLevel::Warning, fmt::format("split by class, not by tomogram: {}; neighbours in a tomogram may make the test look better than it is",
                                                       choice.reason));
        return choice;
    }

    /// Divides the classifier's scores by what makes the model right as often as it says, and tells what that is.
    static double calibrate(const Model& model, const VolumeBatches& volumes, const std::vector<int>& labels, const std::vector<std::int64_t>& validation) {
        at::NoGradGuard noGrad;
        const at::Tensor probabilities = predictProbabilities(model, volumes, validation, kEvaluationBatch).contiguous();
        std::vector<int> truth;
        for (const std::int64_t i : validation) truth.push_back(labels[std::size_t(i)]);
        const double temperature = bestTemperature({probabilities.data_ptr<float>(), std::size_t(probabilities.numel())}, truth);
        for (const at::Tensor& parameter : {model.classifier->weight(), model.classifier->bias()}) parameter.detach().div_(temperature);
        return temperature;
    }

    /// What the model says of one part, kept in the run's folder: [N, classes].
    [[nodiscard]] at::Tensor judgedPart(const RunData& data, const Model& model, const VolumeBatches& volumes, const std::vector<int>& labels,
                                        const std::vector<std::int64_t>& indices, RunPart part) const {
        const at::Tensor probabilities = predictProbabilities(model, volumes, indices, kEvaluationBatch).contiguous();
        const auto* const first = probabilities.data_ptr<float>();
        StoredPredictions stored{model.manifest.classes, indices, idsOf(indices, data.particleIds()), {}, {first, first + probabilities.numel()}};
        for (const std::int64_t index : indices) stored.truth.push_back(labels[std::size_t(index)]);
        writePredictions(run_, part, stored);
        return probabilities;
    }

    [[nodiscard]] nlohmann::json resultOf(const RunData& data, const Model& model, const FinetuneTask& task, const VolumeBatches& volumes,
                                          const std::vector<int>& labels, const Split& split) const {
        const at::Tensor probabilities = judgedPart(data, model, volumes, labels, split.test, RunPart::Test);
        static_cast<void>(judgedPart(data, model, volumes, labels, split.validation, RunPart::Validation));
        nlohmann::json result{{"epoch", task.bestEpoch()},
                              {"epochs", task.judgedEpochs()},
                              {"validation_accuracy", task.bestAccuracy()},
                              {"validation_count", split.validation.size()},
                              {"seed", run_.config().seed},
                              {"layers", model.encoder->layerNames()},
                              {"start", run_.config().inputs.empty() ? "random" : run_.config().inputs.front()},
                              {"test", evaluation(probabilities, split.test, labels, model.manifest.classes)}};
        result["test_accuracy"] = result["test"]["accuracy"];
        return result;
    }

    Run run_;
    FinetuneOptions options_;
};

}  // namespace

std::unique_ptr<Job> makeFinetuneJob(Run run) { return std::make_unique<FinetuneJob>(std::move(run)); }

}  // namespace tomoloupe
