#include "ui/models/repeated_runs.h"

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

}  // namespace

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
    std::vector<Run> runs = project.runs();
    std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.id() > b.id(); });
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

}  // namespace tomoloupe
