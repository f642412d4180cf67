#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/engine/run_data.h"
#include "core/engine/run_jobs.h"
#include "core/engine/shared_run.h"
#include "core/nn/compute.h"
#include "core/train/pretrain_task.h"
#include "core/train/representation.h"

namespace tomoloupe {
namespace {

class PretrainJob : public Job {
  public:
    explicit PretrainJob(Run run) : run_(std::move(run)) {
        fromJson(options_.describe(), run_.config().options);
        options_ = options_.resolved();
    }

    void run(JobContext& context) override {
        const SharedRun shared(run_, options_.trainer.device, context);
        const at::Device device = shared.device();
        context.setStages(2);
        const RunData data(run_);
        const VolumeBatches volumes = data.volumes(device, context);
        options_.augmentation.voxelSizeAngstrom = data.source().voxelSizeAngstrom();
        const std::int64_t box = data.source().boxShape().x;
        const auto method = makeMethod(options_, box, run_.config().seed, device);
        method->encoder()->setPrecision(choosePrecision(options_.trainer, device));
        const std::vector<int> labels = labelsOf(data);
        PretrainTask task(*method, volumes, options_.batchSize, run_.config().seed, shared.world(), chosen(data, labels));
        const auto optimiser = makeOptimiser(*method);
        if (!std::filesystem::exists(run_.trainerPath())) standardiseHeads(*method, volumes);
        if (shared.writes() && options_.trainer.monitorEpochs > 0) task.setMonitor(monitor(*method->encoder(), volumes, labels));

        context.beginStage("Pre-training");
        context.log(LogLevel::Info, fmt::format("{} particles{}, {} parameters, {} steps an epoch on {}", volumes.count(),
                                                options_.trainingPartOnly ? ", those to choose and test by left out" : "",
                                                parameterCount(*method->encoder()), task.stepsPerEpoch(), device.str()));
        TrainerOptions trainer = trainerOptions(options_.trainer, run_);
        trainer.epochs = options_.epochs;
        trainer.learningRate = options_.learningRate;
        trainer.cosine = options_.schedule == "cosine";
        trainer.warmupEpochs = options_.warmupEpochs;
        const TrainingEnd end = train(task, *optimiser, trainer, context, shared.world());
        if (shared.writes()) finish(*method, data, end);
    }

  private:
    static std::vector<int> labelsOf(const RunData& data) {
        std::vector<std::string> classes;
        for (const ClassRecord& record : data.labelledClasses()) classes.push_back(record.name);
        return data.labels(classes);
    }

    /// Those to learn from; empty: all.
    [[nodiscard]] std::vector<std::int64_t> chosen(const RunData& data, const std::vector<int>& labels) const {
        if (!options_.trainingPartOnly) return {};
        const Split split = data.split(options_.split, labels).split;
        std::vector<bool> held(labels.size());
        for (const auto* part : {&split.validation, &split.test})
            for (const std::int64_t index : *part) held[std::size_t(index)] = true;
        std::vector<std::int64_t> rest;
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (!held[i]) rest.push_back(std::int64_t(i));
        return rest;
    }

    /// Looks at the representation after every few epochs and after the last; labels are looked at for this alone.
    [[nodiscard]] std::function<PretrainTask::Numbers(std::int64_t)> monitor(Encoder& encoder, const VolumeBatches& volumes,
                                                                             const std::vector<int>& labels) const {
        const MonitorOptions how{.augmentation = options_.augmentation, .seed = run_.config().seed};
        const std::int64_t every = options_.trainer.monitorEpochs, last = options_.epochs;
        return [&encoder, &volumes, labels, how, every, last](std::int64_t epoch) {
            if ((epoch + 1) % every != 0 && epoch + 1 != last) return PretrainTask::Numbers{};
            return monitorRepresentation(encoder, volumes, labels, how);
        };
    }

    static void standardiseHeads(PretrainMethod& method, const VolumeBatches& volumes) {
        constexpr std::int64_t kExamples = 256;
        std::vector<std::int64_t> some;
        for (std::int64_t i = 0; i < std::min(volumes.count(), kExamples); ++i)
            some.push_back(i * volumes.count() / std::min(volumes.count(), kExamples));
        method.standardiseHeads(representationsOf(*method.encoder(), volumes, some, /*batchSize=*/64));
    }

    [[nodiscard]] std::unique_ptr<Optimiser> makeOptimiser(const PretrainMethod& method) const {
        std::vector<at::Tensor> parameters = method.embedParameters();
        for (const at::Tensor& parameter : method.lossParameters()) parameters.push_back(parameter);
        const auto make = options_.optimiser == "lars" ? makeLars : makeAdam;
        return make(std::move(parameters), options_.weightDecay, method.followers());
    }

    void finish(const PretrainMethod& method, const RunData& data, TrainingEnd end) {
        Model model;
        model.manifest.encoder = options_.encoder;
        model.manifest.boxSize = data.source().boxShape().x;
        model.manifest.voxelSizeAngstrom = data.source().voxelSizeAngstrom();
        model.manifest.run = run_.folder().filename();
        model.encoder = method.encoder();
        saveModel(run_.modelPath(), model);
        const auto metrics = readMetrics(run_.metricsPath());
        nlohmann::json result{{"particles", data.source().count()}, {"parameters", parameterCount(*model.encoder)}};
        for (const MetricPoint& point : metrics)
            if (point.name == "epoch loss") result["loss"] = point.value;
        for (const MetricPoint& point : metrics)
            if (point.name == "kNN accuracy") result["knn_accuracy"] = point.value;
        if (end == TrainingEnd::Completed) std::filesystem::remove(run_.trainerPath());
        run_.writeResult(end == TrainingEnd::Completed ? RunState::Done : RunState::FinishedEarly, result);
    }

    Run run_;
    PretrainOptions options_;
};

}  // namespace

std::unique_ptr<Job> makePretrainJob(Run run) { return std::make_unique<PretrainJob>(std::move(run)); }

}  // namespace tomoloupe
