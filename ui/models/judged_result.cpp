#include "ui/models/judged_result.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/atomic_file.h"
#include "core/project/stored_predictions.h"

namespace tomoloupe {
namespace {

constexpr std::uint64_t kSeed = 1;

bool ended(const RunRow& row) {
    return row.state == RunState::Done || row.state == RunState::FinishedEarly;
}

std::int64_t idOfClass(const std::vector<ClassRecord>& classes, const std::string& name) {
    const auto found =
        std::find_if(classes.begin(), classes.end(), [&](const ClassRecord& record) { return record.name == name; });
    return found == classes.end() ? 0 : found->id;
}

/// Answers that a fine-tuning stored, in set order.
void takeStored(JudgedResult& result, const StoredPredictions& stored, const std::vector<ClassRecord>& classes) {
    result.classNames = stored.classes;
    for (const std::string& name : stored.classes) result.classIds.push_back(idOfClass(classes, name));
    const std::size_t columns = stored.classes.size();
    std::vector<std::size_t> order(stored.indices.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return stored.indices[a] < stored.indices[b]; });
    for (const std::size_t i : order) {
        const auto row = stored.probabilities.begin() + static_cast<std::ptrdiff_t>(i * columns);
        const auto best = std::max_element(row, row + static_cast<std::ptrdiff_t>(columns));
        result.particles.push_back(stored.indices[i]);
        result.predicted.push_back(static_cast<int>(best - row));
        result.confidence.push_back(*best);
        result.truth.push_back(stored.truth[i]);
        result.judged.push_back(stored.truth[i] >= 0);
    }
}

/// Ids of the particles that the model of a prediction learnt from, or chose its epoch by.
std::set<std::int64_t> learntFrom(const Project& project, const RunConfig& config) {
    std::set<std::int64_t> ids;
    for (const Run& run : project.runs()) {
        if (config.inputs.empty() || run.id() != config.inputs.front()) continue;
        const auto path = run.folder() / "split.json";
        if (!std::filesystem::exists(path)) continue;
        const auto split = nlohmann::json::parse(readTextFile(path));
        for (const char* part : {"train", "validation"}) {
            for (const auto& id : split.at(part)) ids.insert(id.get<std::int64_t>());
        }
    }
    return ids;
}

/// Answers that a prediction left in the project, beside the labels of now.
void takePredicted(JudgedResult& result, const PredictionColumns& columns, const std::vector<std::int64_t>& labels,
                   const std::vector<ClassRecord>& classes) {
    std::set<std::int64_t> named(columns.best.begin(), columns.best.end());
    for (std::size_t i = 0; i < std::min(columns.best.size(), labels.size()); ++i) {
        if (columns.best[i] != 0) named.insert(labels[i]);
    }
    std::map<std::int64_t, int> placeOf;
    for (const ClassRecord& record : classes) {
        if (record.role == ClassRole::Unsure || !named.contains(record.id)) continue;
        placeOf[record.id] = static_cast<int>(result.classIds.size());
        result.classIds.push_back(record.id);
        result.classNames.push_back(record.name);
    }
    for (std::size_t i = 0; i < columns.best.size(); ++i) {
        const auto predicted = placeOf.find(columns.best[i]);
        if (predicted == placeOf.end()) continue;
        const auto row = columns.probabilities.begin() + static_cast<std::ptrdiff_t>(i * columns.classes);
        const auto truth = i < labels.size() ? placeOf.find(labels[i]) : placeOf.end();
        result.particles.push_back(static_cast<std::int64_t>(i));
        result.predicted.push_back(predicted->second);
        result.confidence.push_back(*std::max_element(row, row + static_cast<std::ptrdiff_t>(columns.classes)));
        result.truth.push_back(truth == placeOf.end() ? -1 : truth->second);
        result.judged.push_back(result.truth.back() >= 0);
    }
}

void computeFigures(JudgedResult& result) {
    std::vector<int> truth;
    std::vector<float> confidence;
    std::vector<char> right;
    for (std::size_t i = 0; i < result.particles.size(); ++i) {
        truth.push_back(result.judged[i] ? result.truth[i] : -1);
        if (!result.judged[i]) continue;
        confidence.push_back(result.confidence[i]);
        right.push_back(result.truth[i] == result.predicted[i]);
    }
    result.matrix = confusionOf(truth, result.predicted, result.classIds.size());
    result.figures = classFigures(result.matrix);
    result.calibration = calibrationOf(confidence, right);
    result.accuracy = accuracyOf(result.matrix);
    result.macroF1 = macroF1Of(result.matrix);
    result.accuracyInterval = bootstrapInterval(result.matrix, accuracyOf, kSeed);
    result.macroF1Interval = bootstrapInterval(result.matrix, macroF1Of, kSeed);
}

}  // namespace

std::vector<std::int64_t> JudgedResult::cell(std::size_t truthClass, std::size_t predictedClass) const {
    std::vector<std::int64_t> found;
    for (std::size_t i = 0; i < particles.size(); ++i) {
        if (judged[i] && truth[i] == static_cast<int>(truthClass) && predicted[i] == static_cast<int>(predictedClass))
            found.push_back(particles[i]);
    }
    return found;
}

bool canBeJudged(const RunRow& row) {
    const std::string& kind = row.run.config().kind;
    return ended(row) && (kind == "finetune" || kind == "predict");
}

std::vector<JudgedPart> partsOf(const RunRow& row) {
    if (row.run.config().kind == "finetune") return {JudgedPart::Test, JudgedPart::Validation};
    return {JudgedPart::HeldOut, JudgedPart::AllLabelled};
}

JudgedResult judge(const Project& project, const Run& run, JudgedPart part, const SetContents& set,
                   const std::vector<std::int64_t>& labels) {
    JudgedResult result;
    result.runId = run.id();
    result.part = part;
    if (run.config().kind == "finetune") {
        const auto stored = readPredictions(run, part == JudgedPart::Validation ? RunPart::Validation : RunPart::Test);
        if (!stored) {
            result.trouble = JudgedResult::Trouble::NotStored;
            return result;
        }
        takeStored(result, *stored, project.classes());
    } else {
        takePredicted(result, project.predictionColumns(run.id(), set.record.id), labels, project.classes());
        if (part == JudgedPart::HeldOut) {
            const std::set<std::int64_t> learnt = learntFrom(project, run.config());
            for (std::size_t i = 0; i < result.particles.size(); ++i) {
                const auto at = static_cast<std::size_t>(result.particles[i]);
                if (at < set.particles().size() && learnt.contains(set.particles()[at].id)) result.judged[i] = 0;
            }
        }
        if (result.particles.empty()) result.trouble = JudgedResult::Trouble::NotPredicted;
    }
    computeFigures(result);
    return result;
}

std::vector<IndexedLabel> labelsFrom(const JudgedResult& result, const std::vector<std::int64_t>& labels,
                                     double threshold, bool unlabelledOnly) {
    std::vector<IndexedLabel> edits;
    for (std::size_t i = 0; i < result.particles.size(); ++i) {
        const auto at = static_cast<std::size_t>(result.particles[i]);
        const std::int64_t classId = result.classIds[static_cast<std::size_t>(result.predicted[i])];
        if (at >= labels.size() || classId == 0 || double(result.confidence[i]) < threshold) continue;
        if (labels[at] == classId || (unlabelledOnly && labels[at] != 0)) continue;
        edits.push_back({result.particles[i], classId});
    }
    return edits;
}

double FractionSeries::Point::mean() const {
    double sum = 0;
    for (const double accuracy : accuracies) sum += accuracy;
    return accuracies.empty() ? 0 : sum / static_cast<double>(accuracies.size());
}

double FractionSeries::Point::spread() const {
    if (accuracies.size() < 2) return 0;
    double squares = 0;
    for (const double accuracy : accuracies) squares += (accuracy - mean()) * (accuracy - mean());
    return std::sqrt(squares / static_cast<double>(accuracies.size() - 1));
}

std::vector<FractionSeries> fractionSeries(const ProjectContents& contents, const std::string& setName) {
    std::map<std::string, std::string> titles;
    for (const RunRow& row : contents.runs) titles[row.run.id()] = row.run.config().title;
    std::vector<FractionSeries> series;
    for (auto row = contents.runs.rbegin(); row != contents.runs.rend(); ++row) {  // oldest first
        const RunConfig& config = row->run.config();
        if (config.kind != "finetune" || !ended(*row) || config.particleSet != setName || !config.options.is_object())
            continue;
        if (!row->result.is_object() || !row->result.contains("test_accuracy")) continue;
        const std::string start = config.inputs.empty() ? "random" : config.inputs.front();
        std::string name = titles.contains(start) ? start + " " + titles[start] : start;
        if (config.options.value("freeze-encoder", false)) name += ", encoder at rest";  // another way of learning
        auto found =
            std::find_if(series.begin(), series.end(), [&](const FractionSeries& one) { return one.start == name; });
        if (found == series.end()) found = series.insert(series.end(), FractionSeries{name, {}});
        const double fraction = config.options.value("label-fraction", 1.0);
        auto& points = found->points;
        auto point = std::find_if(points.begin(), points.end(),
                                  [&](const auto& one) { return one.fraction >= fraction - 1e-9; });
        if (point == points.end() || point->fraction > fraction + 1e-9)
            point = points.insert(point, FractionSeries::Point{fraction, {}});
        point->accuracies.push_back(row->result["test_accuracy"].get<double>());
    }
    return series;
}

}  // namespace tomoloupe
