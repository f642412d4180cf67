#include "core/engine/run_data.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/error.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kBudgetBytes = std::int64_t(4) << 30;

}  // namespace

RunData::RunData(const Run& run)
    : labelSet_(run.config().labelSet), project_(Project::open(run.projectFolder())), set_(project_->particleSet(run.config().particleSet)),
      particleIds_(project_->particleIds(set_.id)), source_(project_->subtomograms(set_)) {
    const Index3 shape = source_->boxShape();
    if (shape.x != shape.y || shape.y != shape.z)
        throw Error(fmt::format("Networks need cubic boxes; those of set {} are {} x {} x {}", set_.name, shape.x, shape.y, shape.z));
    if (source_->count() != std::int64_t(particleIds_.size()))
        throw Error(fmt::format("Set {} has {} particles but its stack {} subtomograms; extract it again", set_.name,
                                particleIds_.size(), source_->count()));
}

VolumeBatches RunData::volumes(const at::Device& device, JobContext& context) const {
    context.beginStage("Reading subtomograms");
    return VolumeBatches(source_->count(), source_->boxShape(), [source = source_](std::int64_t i) { return source->read(i); },
                         device, kBudgetBytes, [&](std::int64_t done, std::int64_t count) {
                             context.stop().throwIfCancelled();
                             if (done % 64 == 0 || done == count) context.progress(double(done), double(count));
                         });
}

std::string RunData::labelSet() const {
    for (const LabelSetRecord& known : project_->labelSets())
        if (known.current && labelSet_.empty()) return known.name;
    return labelSet_;
}

std::vector<std::int64_t> RunData::classIds() const {
    if (labelSet_.empty()) return project_->labels(set_.id);
    try {
        return project_->labelsIn(labelSet_, set_.id);
    } catch (const Error& cause) {
        throw Error(fmt::format("This run was started with the label set \"{}\"; give it that name again, or start another run",
                                labelSet_), cause);
    }
}

std::vector<int> RunData::labels(const std::vector<std::string>& classNames) const {
    std::map<std::int64_t, int> indexOf;
    for (const ClassRecord& record : project_->classes()) {
        const auto found = std::find(classNames.begin(), classNames.end(), record.name);
        if (found != classNames.end()) indexOf[record.id] = int(found - classNames.begin());
    }
    std::vector<int> result;
    for (const std::int64_t label : classIds()) {
        const auto found = indexOf.find(label);
        result.push_back(found == indexOf.end() ? -1 : found->second);
    }
    return result;
}

std::vector<ClassRecord> RunData::labelledClasses() const {
    const std::vector<std::int64_t> labels = classIds();
    std::vector<ClassRecord> result;
    for (const ClassRecord& record : project_->classes())
        if (record.role != ClassRole::Unsure && std::find(labels.begin(), labels.end(), record.id) != labels.end()) result.push_back(record);
    return result;
}

void RunData::checkFits(const ModelManifest& manifest) const {
    if (manifest.boxSize != source_->boxShape().x)
        throw Error(fmt::format("The model was trained on boxes of {} voxels; those of set {} have {}", manifest.boxSize, set_.name,
                                source_->boxShape().x));
}

std::filesystem::path modelPathOf(const Project& project, const std::string& reference) {
    if (std::filesystem::is_regular_file(reference)) return reference;
    const Run run = project.run(reference);
    if (!std::filesystem::exists(run.modelPath()))
        throw Error(fmt::format("Run {} ({}) has no model; it is {}", run.id(), run.config().kind, toText(run.state())));
    return run.modelPath();
}

TrainerOptions trainerOptions(const TrainerSettings& settings, const Run& run) {
    TrainerOptions options;
    options.clipNorm = settings.clipNorm;
    options.microBatch = settings.microBatch;
    options.checkpoint = run.trainerPath();
    options.checkpointSeconds = settings.checkpointSeconds;
    return options;
}

void writeSplit(const std::filesystem::path& runFolder, const StoredSplit& split) {
    writeAtomically(runFolder / "split.json",
                    nlohmann::json{{"train", split.train}, {"validation", split.validation}, {"test", split.test}}.dump());
}

StoredSplit readSplit(const std::filesystem::path& runFolder) {
    if (!std::filesystem::exists(runFolder / "split.json")) return {};
    const auto json = nlohmann::json::parse(readTextFile(runFolder / "split.json"));
    return {json.at("train"), json.at("validation"), json.at("test")};
}

nlohmann::json evaluation(const at::Tensor& probabilities, std::span<const std::int64_t> indices, std::span<const int> labels,
                          const std::vector<std::string>& classNames) {
    const std::size_t classes = classNames.size();
    std::vector<std::vector<int>> confusion(classes, std::vector<int>(classes));
    const at::Tensor best = probabilities.argmax(1).contiguous();
    int right = 0;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const auto truth = std::size_t(labels[std::size_t(indices[i])]);
        const auto predicted = std::size_t(best.data_ptr<std::int64_t>()[i]);
        ++confusion[truth][predicted];
        right += truth == predicted;
    }
    nlohmann::json perClass = nlohmann::json::array();
    for (std::size_t c = 0; c < classes; ++c) {
        int actual = 0, predicted = 0;
        for (std::size_t k = 0; k < classes; ++k) {
            actual += confusion[c][k];
            predicted += confusion[k][c];
        }
        const auto ratio = [&](int total) { return total ? double(confusion[c][c]) / total : 0.0; };
        perClass.push_back({{"class", classNames[c]}, {"count", actual}, {"recall", ratio(actual)}, {"precision", ratio(predicted)}});
    }
    return {{"count", indices.size()},
            {"accuracy", indices.empty() ? 0.0 : double(right) / double(indices.size())},
            {"classes", perClass},
            {"confusion", confusion}};
}

}  // namespace tomoloupe
