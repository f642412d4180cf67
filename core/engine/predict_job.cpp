#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "core/base/error.h"
#include "core/engine/run_data.h"
#include "core/engine/run_jobs.h"
#include "core/nn/compute.h"
#include "core/train/finetune_task.h"

namespace tomoloupe {
namespace {

class PredictJob : public Job {
  public:
    explicit PredictJob(Run run) : run_(std::move(run)) { fromJson(options_.describe(), run_.config().options); }

    void run(JobContext& context) override {
        const at::Device device = chooseDevice(options_.device);
        context.setStages(2);
        const RunData data(run_);
        if (run_.config().inputs.empty()) throw Error("A prediction needs a model: name a fine-tuned run");
        const std::filesystem::path modelPath = modelPathOf(data.project(), run_.config().inputs.front());
        const Model model = loadModel(modelPath, device);
        if (!model.classifier) throw Error("This model was pre-trained only and cannot name classes; fine-tune it first");
        data.checkFits(model.manifest);
        const VolumeBatches volumes = data.volumes(device, context);

        context.beginStage("Predicting");
        std::vector<std::int64_t> everyone(std::size_t(volumes.count()));
        std::iota(everyone.begin(), everyone.end(), 0);
        const at::Tensor probabilities =
            predictProbabilities(model, volumes, everyone, options_.batchSize, [&](std::int64_t done) {
                context.advance(double(done), double(volumes.count()));
            }).contiguous();
        store(data, model, probabilities);
        run_.writeResult(RunState::Done, summary(data, model, probabilities, modelPath.parent_path()));
    }

  private:
    void store(const RunData& data, const Model& model, const at::Tensor& probabilities) const {
        std::map<std::string, std::int64_t> classIds;
        for (const ClassRecord& record : data.project().classes()) classIds[record.name] = record.id;
        for (std::size_t i = 0; i < model.manifest.classes.size(); ++i)
            if (const std::string& name = model.manifest.classes[i]; !classIds.count(name))
                classIds[name] = data.project().addClass(name, model.manifest.classColours.at(i)).id;
        std::vector<Prediction> predictions;
        const std::int64_t classes = probabilities.size(1);
        for (std::int64_t i = 0; i < probabilities.size(0); ++i) {
            const float* row = probabilities.data_ptr<float>() + i * classes;
            const auto best = std::size_t(std::max_element(row, row + classes) - row);
            predictions.push_back({data.particleIds()[std::size_t(i)], classIds.at(model.manifest.classes[best]), {row, row + classes}});
        }
        data.project().storePredictions(run_.id(), data.set().id, predictions);
    }

    /// How many of each class, and how right: on all labelled particles and, where the split is known, on those held out.
    [[nodiscard]] nlohmann::json summary(const RunData& data, const Model& model, const at::Tensor& probabilities,
                                         const std::filesystem::path& modelFolder) const {
        const std::vector<std::string>& names = model.manifest.classes;
        const at::Tensor best = probabilities.argmax(1);
        nlohmann::json counts = nlohmann::json::object();
        for (std::size_t c = 0; c < names.size(); ++c) counts[names[c]] = (best == std::int64_t(c)).sum().item<std::int64_t>();
        const std::vector<int> labels = data.labels(names);
        const StoredSplit split = readSplit(modelFolder);
        const std::set<std::int64_t> test(split.test.begin(), split.test.end());
        const auto judged = [&](auto&& wanted) {
            std::vector<std::int64_t> indices;
            for (std::size_t i = 0; i < labels.size(); ++i)
                if (labels[i] >= 0 && wanted(data.particleIds()[i])) indices.push_back(std::int64_t(i));
            const at::Tensor rows = at::empty({std::int64_t(indices.size())}, at::kLong);
            std::copy(indices.begin(), indices.end(), rows.data_ptr<std::int64_t>());
            return evaluation(probabilities.index_select(0, rows), indices, labels, names);
        };
        return {{"model", run_.config().inputs.front()},
                {"particles", data.particleIds().size()},
                {"predicted", counts},
                {"labelled", judged([](std::int64_t) { return true; })},
                {"held_out", judged([&](std::int64_t id) { return test.count(id) > 0; })}};
    }

    Run run_;
    PredictOptions options_;
};

}  // namespace

std::unique_ptr<Job> makePredictJob(Run run) { return std::make_unique<PredictJob>(std::move(run)); }

}  // namespace tomoloupe
