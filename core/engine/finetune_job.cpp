#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/data/split.h"
#include "core/engine/run_data.h"
#include "core/engine/run_jobs.h"
#include "core/nn/compute.h"
#include "core/train/finetune_task.h"
#include "core/train/linear_probe.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kEvaluationBatch = 64;

std::vector<std::int64_t> idsOf(const std::vector<std::int64_t>& indices, const std::vector<std::int64_t>& ids) {
    std::vector<std::int64_t> result;
    for (const std::int64_t index : indices) result.push_back(ids[std::size_t(index)]);
    return result;
}

class FinetuneJob : public Job {
  public:
    explicit FinetuneJob(Run run) : run_(std::move(run)) { fromJson(options_.describe(), run_.config().options); }

    void run(JobContext& context) override {
        const at::Device device = chooseDevice(options_.trainer.device);
        context.setStages(std::filesystem::exists(run_.trainerPath()) ? 2 : 3);
        const RunData data(run_);
        const VolumeBatches volumes = data.volumes(device, context);
        const Model model = startingModel(data, device);
        const std::vector<std::string>& classes = model.manifest.classes;
        const std::vector<int> labels = data.labels(classes);
        const Split split = splitOf(labels);
        const auto train = stratifiedSubset(split.train, labels, options_.labelFraction,
                                            deriveSeed(std::uint64_t(options_.splitSeed), "label fraction"));
        writeSplit(run_.folder(), {idsOf(train, data.particleIds()), idsOf(split.validation, data.particleIds()),
                                   idsOf(split.test, data.particleIds())});

        FinetuneTask task(model, {&volumes, labels, train, split.validation}, options_, run_.config().seed, device);
        model.encoder->setPrecision(choosePrecision(options_.trainer, device));
        std::vector<at::Tensor> parameters = model.encoder->parameters();
        for (const at::Tensor& parameter : model.classifier->parameters()) parameters.push_back(parameter);
        const auto optimiser = makeSgd(parameters, options_.momentum, options_.weightDecay);

        if (!std::filesystem::exists(run_.trainerPath())) {
            context.beginStage("Fitting the last layer");
            if (options_.probeFirst) fitClassifier(model, volumes, train, labels, kEvaluationBatch);
            task.judgeStart();
        }
        context.beginStage("Fine-tuning");
        context.log(LogLevel::Info, fmt::format("{} classes; {} labelled particles to learn from, {} to choose the epoch, {} held out",
                                                classes.size(), train.size(), split.validation.size(), split.test.size()));
        TrainerOptions trainer = trainerOptions(options_.trainer, run_);
        trainer.epochs = options_.epochs;
        trainer.learningRate = options_.learningRate;
        trainer.cosine = true;
        const TrainingEnd end = tomoloupe::train(task, *optimiser, trainer, context);
        task.restoreBest();
        saveModel(run_.modelPath(), model);
        finish(model, task, volumes, labels, split, train.size(), end);
    }

  private:
    [[nodiscard]] Model startingModel(const RunData& data, const at::Device& device) const {
        ModelManifest manifest;
        std::filesystem::path start;
        if (!run_.config().inputs.empty()) {
            start = modelPathOf(data.project(), run_.config().inputs.front());
            manifest = readManifest(start);
            data.checkFits(manifest);
        } else {
            manifest.encoder = options_.encoder;
        }
        manifest.boxSize = data.source().boxShape().x;
        manifest.voxelSizeAngstrom = data.source().voxelSizeAngstrom();
        manifest.run = run_.folder().filename();
        manifest.classes.clear();
        manifest.classColours.clear();
        for (const ClassRecord& record : data.labelledClasses()) {
            manifest.classes.push_back(record.name);
            manifest.classColours.push_back(record.colour);
        }
        if (manifest.classes.size() < 2)
            throw Error(fmt::format("Set {} has labels of {} class(es); at least two are needed", data.set().name, manifest.classes.size()));
        Model model = makeModel(std::move(manifest), run_.config().seed, device);
        if (!start.empty()) loadTensors(start, namedTensors(*model.encoder, "encoder."));
        return model;
    }

    [[nodiscard]] Split splitOf(const std::vector<int>& labels) const {
        const double test = 1 - options_.trainFraction - options_.validationFraction;
        if (test < 0) throw InvalidOptions("Options train-fraction and validation-fraction leave nothing to hold out: their sum is above 1");
        return stratifiedSplit(labels, {options_.trainFraction, options_.validationFraction, test}, std::uint64_t(options_.splitSeed));
    }

    void finish(const Model& model, const FinetuneTask& task, const VolumeBatches& volumes, const std::vector<int>& labels,
                const Split& split, std::size_t trainCount, TrainingEnd end) {
        const at::Tensor probabilities = predictProbabilities(model, volumes, split.test, kEvaluationBatch);
        nlohmann::json result{{"epoch", task.bestEpoch()},
                              {"validation_accuracy", task.bestAccuracy()},
                              {"train_count", trainCount},
                              {"validation_count", split.validation.size()},
                              {"start", run_.config().inputs.empty() ? "random" : run_.config().inputs.front()},
                              {"test", evaluation(probabilities, split.test, labels, model.manifest.classes)}};
        result["test_accuracy"] = result["test"]["accuracy"];
        if (end == TrainingEnd::Completed) std::filesystem::remove(run_.trainerPath());
        run_.writeResult(end == TrainingEnd::Completed ? RunState::Done : RunState::FinishedEarly, result);
    }

    Run run_;
    FinetuneOptions options_;
};

}  // namespace

std::unique_ptr<Job> makeFinetuneJob(Run run) { return std::make_unique<FinetuneJob>(std::move(run)); }

}  // namespace tomoloupe
