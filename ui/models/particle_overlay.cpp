#include "ui/models/particle_overlay.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace tomoloupe {
namespace {

using Predicted = std::unordered_map<std::int64_t, std::int64_t>;

/// Of the newest run that says anything of these particles.
Predicted newestPredictions(const Project& project, std::int64_t setId, const std::string& tomogram) {
    std::vector<Run> runs = project.runs();
    std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.id() > b.id(); });
    for (const Run& run : runs) {
        if (run.config().kind != "predict" && run.config().kind != "finetune") continue;
        const auto found = project.predictedIn(run.id(), setId, tomogram);
        if (!found.empty()) return Predicted(found.begin(), found.end());
    }
    return {};
}

}  // namespace

std::vector<OverlayParticle> overlayIn(const Project& project, const TomogramRecord& tomogram) {
    std::vector<OverlayParticle> overlay;
    std::map<std::int64_t, Predicted> sets;
    for (const PlacedParticle& placed : particlesIn(project, tomogram)) {
        auto known = sets.find(placed.setId);
        if (known == sets.end())
            known = sets.emplace(placed.setId, newestPredictions(project, placed.setId, tomogram.name)).first;
        OverlayParticle shown{.placed = placed, .score = placed.score, .predictedClass = {}};
        const auto predicted = known->second.find(placed.id);
        if (predicted != known->second.end()) shown.predictedClass = predicted->second;
        overlay.push_back(shown);
    }
    return overlay;
}

}  // namespace tomoloupe
