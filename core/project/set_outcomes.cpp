#include "core/project/set_outcomes.h"

#include <algorithm>
#include <limits>

namespace tomoloupe {
namespace {

constexpr std::size_t kRepeatsAtMost = 4;

nlohmann::json withoutSeed(const nlohmann::json& options) {
    nlohmann::json rest = options;
    if (rest.is_object()) rest.erase("seed");
    return rest;
}

const Run* runOf(const std::vector<Run>& runs, const std::string& id) {
    const auto found = std::find_if(runs.begin(), runs.end(), [&](const Run& run) { return run.id() == id; });
    return found == runs.end() ? nullptr : &*found;
}

/// The class of column c is that of the particles whose largest probability stands in column c; columns that win
/// nowhere keep the project's order of classes.
std::vector<std::int64_t> columnClasses(const PredictionColumns& predictions, const std::vector<ClassRecord>& classes) {
    const std::size_t columns = predictions.classes;
    std::vector<std::int64_t> ids(columns, 0);
    for (std::size_t i = 0; i < predictions.best.size() && columns > 0; ++i) {
        const auto p = predictions.probabilities.begin() + static_cast<std::ptrdiff_t>(i * columns);
        if (predictions.best[i] != 0)
            ids[static_cast<std::size_t>(std::max_element(p, p + static_cast<std::ptrdiff_t>(columns)) - p)] = predictions.best[i];
    }
    for (std::size_t c = 0; c < columns; ++c) {
        if (ids[c] != 0) continue;
        for (const ClassRecord& record : classes) {
            if (std::find(ids.begin(), ids.end(), record.id) == ids.end()) {
                ids[c] = record.id;
                break;
            }
        }
    }
    return ids;
}

}  // namespace

std::vector<Run> runsNewestFirst(const Project& project) {
    std::vector<Run> runs = project.runs();
    std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.id() > b.id(); });
    return runs;
}

PredictionTable newestPredictions(const Project& project, const ParticleSetRecord& set, const std::vector<Run>& runs) {
    PredictionTable table;
    for (const Run& run : runs) {
        if (run.config().kind != "predict" && run.config().kind != "finetune") continue;
        if (run.state() == RunState::Running) continue;  // a part of them may be there
        PredictionColumns found = project.predictionColumns(run.id(), set.id);
        if (found.best.empty()) continue;
        table.runId = run.id();
        table.classIds = columnClasses(found, project.classes());
        table.best = std::move(found.best);
        table.probabilities = std::move(found.probabilities);
        return table;
    }
    return table;
}

bool isRepeat(const Run& run, const Run& other, const std::vector<Run>& runs) {
    const RunConfig &a = run.config(), &b = other.config();
    if (run.id() == other.id() || a.kind != b.kind || a.particleSet != b.particleSet ||
        withoutSeed(a.options) != withoutSeed(b.options) || a.inputs.size() != b.inputs.size())
        return false;
    if (a.kind != "predict") return a.inputs == b.inputs && a.labelSet == b.labelSet && a.seed != b.seed;
    if (a.inputs.empty()) return false;
    const Run *modelOfA = runOf(runs, a.inputs.front()), *modelOfB = runOf(runs, b.inputs.front());
    return modelOfA && modelOfB && isRepeat(*modelOfA, *modelOfB, runs);
}

std::vector<std::shared_ptr<const std::vector<float>>> repeatedPredictions(const Project& project,
                                                                           const std::string& runId,
                                                                           const ParticleSetRecord& set,
                                                                           std::size_t classes) {
    std::vector<std::shared_ptr<const std::vector<float>>> repeats;
    const std::vector<Run> runs = runsNewestFirst(project);
    const Run* own = runOf(runs, runId);
    if (!own || classes == 0) return repeats;
    for (const Run& run : runs) {
        if (repeats.size() == kRepeatsAtMost || !isRepeat(*own, run, runs)) continue;
        PredictionColumns found = project.predictionColumns(run.id(), set.id);
        if (found.best.empty() || found.classes != classes) continue;
        for (std::size_t i = 0; i < found.best.size(); ++i) {
            const auto first = found.probabilities.begin() + static_cast<std::ptrdiff_t>(i * classes);
            if (found.best[i] == 0)
                std::fill_n(first, classes, std::numeric_limits<float>::quiet_NaN());
        }
        repeats.push_back(std::make_shared<const std::vector<float>>(std::move(found.probabilities)));
    }
    return repeats;
}

std::shared_ptr<const Embedding> newestEmbedding(const Project& project, const ParticleSetRecord& set) {
    const std::vector<std::int64_t> particles = project.particleIds(set.id);
    for (const Run& run : runsNewestFirst(project)) {
        if (run.config().kind != "embed" || run.config().particleSet != set.name || run.state() != RunState::Done) continue;
        auto embedding = std::make_shared<const Embedding>(readEmbedding(run.folder()));
        if (embedding->particles == particles) return embedding;
    }
    return nullptr;
}

}  // namespace tomoloupe
