#include "core/engine/run_data.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/analysis/calibration.h"
#include "core/analysis/classification.h"
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

std::int64_t RunData::labelCount(std::int64_t classId) const {
    const std::vector<std::int64_t> labels = classIds();
    return std::count(labels.begin(), labels.end(), classId);
}

SplitChoice RunData::split(const SplitOptions& options, const std::vector<int>& labels) const {
    std::vector<std::string> tomograms;
    for (Particle& particle : project_->particlesWithoutColumns(set_.id).particles) tomograms.push_back(std::move(particle.tomogram));
    const double test = 1 - options.trainFraction - options.validationFraction;
    return chooseSplit(options.kind, labels, tomograms, {options.trainFraction, options.validationFraction, test}, std::uint64_t(options.seed));
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
    const auto [largest, best] = probabilities.max(1);
    const at::Tensor confidence = largest.to(at::kFloat).contiguous(), named = best.contiguous();
    std::vector<int> truth, predicted;
    std::vector<char> right;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        truth.push_back(labels[std::size_t(indices[i])]);
        predicted.push_back(int(named.data_ptr<std::int64_t>()[i]));
        right.push_back(truth.back() == predicted.back());
    }
    const ConfusionMatrix matrix = confusionOf(truth, predicted, classNames.size());
    nlohmann::json perClass = nlohmann::json::array(), rows = nlohmann::json::array();
    const std::vector<ClassFigures> figures = classFigures(matrix);
    for (std::size_t c = 0; c < classNames.size(); ++c) {
        perClass.push_back({{"class", classNames[c]}, {"count", figures[c].actual}, {"recall", figures[c].recall},
                            {"precision", figures[c].precision}, {"f1", figures[c].f1}});
        rows.push_back(std::vector(matrix.counts.begin() + std::ptrdiff_t(c * matrix.classes),
                                   matrix.counts.begin() + std::ptrdiff_t((c + 1) * matrix.classes)));
    }
    const std::span<const float> sure(confidence.data_ptr<float>(), indices.size());
    return {{"count", indices.size()},
            {"accuracy", accuracyOf(matrix)},
            {"macro_f1", macroF1Of(matrix)},
            {"calibration_error", calibrationOf(sure, right).expectedError},
            {"classes", perClass},
            {"confusion", rows}};
}

}  // namespace tomoloupe
