#include "ui/models/particle_overlay.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace tomoloupe {
namespace {

std::unordered_map<std::int64_t, std::int64_t> newestPredictions(const Project& project, std::int64_t setId) {
    std::vector<Run> runs = project.runs();
    std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.id() > b.id(); });
    std::unordered_map<std::int64_t, std::int64_t> classes;
    for (const Run& run : runs) {
        if (run.config().kind != "predict" && run.config().kind != "finetune") continue;
        for (const Prediction& prediction : project.predictions(run.id(), setId))
            classes[prediction.particleId] = prediction.classId;
        if (!classes.empty()) break;
    }
    return classes;
}

}  // namespace

std::vector<OverlayParticle> overlayIn(const Project& project, const TomogramRecord& tomogram) {
    std::vector<OverlayParticle> overlay;
    struct Known {
        ParticleTable table;
        std::unordered_map<std::int64_t, std::int64_t> predicted;
    };
    std::map<std::int64_t, Known> sets;
    for (const PlacedParticle& placed : particlesIn(project, tomogram)) {
        auto known = sets.find(placed.setId);
        if (known == sets.end())
            known = sets.emplace(placed.setId,
                                 Known{project.particles(placed.setId), newestPredictions(project, placed.setId)})
                        .first;
        const Particle& particle = known->second.table.particles.at(static_cast<std::size_t>(placed.index));
        OverlayParticle shown{.placed = placed, .score = particle.score, .predictedClass = {}};
        const auto predicted = known->second.predicted.find(particle.id);
        if (predicted != known->second.predicted.end()) shown.predictedClass = predicted->second;
        overlay.push_back(shown);
    }
    return overlay;
}

}  // namespace tomoloupe
