#include "ui/models/project_contents.h"

#include <algorithm>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kSourceCacheBytes = 256 << 20;

std::int64_t lastExplained(const std::vector<Run>& runs, const SetContents& set) {
    for (const Run& run : runs) {
        const RunConfig& config = run.config();
        if (config.kind != "explain" || config.particleSet != set.record.name || run.state() != RunState::Done)
            continue;
        const std::int64_t particle = config.options.value("particle", std::int64_t(0));
        return std::clamp<std::int64_t>(particle, 0, std::max<std::int64_t>(0, set.record.count - 1));
    }
    return 0;
}

}  // namespace

ProjectContents readContents(const Project& project) {
    ProjectContents contents{.tomograms = project.tomograms(),
                             .sets = project.particleSets(),
                             .classes = project.classes(),
                             .labelSets = project.labelSets(),
                             .runs = {},
                             .labelCount = project.labelCount()};
    for (const Run& run : runsNewestFirst(project)) contents.runs.push_back({run, run.state(), run.result(), run.note(), run.hasCheckpoint()});
    return contents;
}

// The particles of a set have consecutive ids.
std::int64_t SetContents::indexOf(std::int64_t particleId) const {
    const std::int64_t index = particles().empty() ? -1 : particleId - particles().front().id;
    return index < static_cast<std::int64_t>(particles().size()) ? std::max<std::int64_t>(index, -1) : -1;
}

std::shared_ptr<SetContents> readSet(const Project& project, const std::string& name,
                                     const std::shared_ptr<const SetContents>& known) {
    auto set = std::make_shared<SetContents>();
    set->record = project.particleSet(name);
    const bool same = known && known->record.id == set->record.id && known->record.count == set->record.count;
    set->table = same ? known->table
                      : std::make_shared<const ParticleTable>(project.particlesWithoutColumns(set->record.id));
    set->labels = project.labels(set->record.id);
    if (!set->record.stackPath.empty())
        set->source = cachedSource(project.subtomograms(set->record), kSourceCacheBytes);
    const std::vector<Run> runs = runsNewestFirst(project);
    set->predictions = newestPredictions(project, set->record, runs);
    set->startParticle = lastExplained(runs, *set);
    return set;
}

namespace {

/// Half the diameter that the run which picked the set was told, in voxels; 0 where no such run tells one.
double pickedRadius(const std::vector<Run>& runs, const ParticleSetRecord& set, double voxelSizeAngstrom) {
    for (const Run& run : runs) {
        const RunConfig& config = run.config();
        if (config.kind != "pick" || config.particleSet != set.name || !config.options.is_object()) continue;
        return config.options.value("diameter", 0.0) / 2 / voxelSizeAngstrom;
    }
    return 0;
}

}  // namespace

std::vector<PlacedParticle> particlesIn(const Project& project, const TomogramRecord& tomogram) {
    std::vector<PlacedParticle> placed;
    const std::vector<Run> runs = project.runs();
    for (const ParticleSetRecord& set : project.particleSets()) {
        const std::vector<ParticlePlace> places = project.particlesIn(set.id, tomogram.name);
        if (places.empty()) continue;
        const std::vector<std::int64_t> labels = project.labels(set.id);
        // A particle fills about half of the box that was cut around it.
        const double boxVoxels =
            set.boxSize > 0 && set.voxelSizeAngstrom > 0 && tomogram.voxelSizeAngstrom > 0
                ? static_cast<double>(set.boxSize) * set.voxelSizeAngstrom / tomogram.voxelSizeAngstrom
                : 32;
        const double picked = tomogram.voxelSizeAngstrom > 0 ? pickedRadius(runs, set, tomogram.voxelSizeAngstrom) : 0;
        const double radius = picked > 0 ? picked : boxVoxels / 4;
        for (const ParticlePlace& place : places) {
            const auto index = static_cast<std::size_t>(place.index);
            placed.push_back({.setId = set.id,
                              .index = place.index,
                              .positionVoxels = place.positionVoxels,
                              .radiusVoxels = radius,
                              .classId = index < labels.size() ? labels[index] : 0,
                              .id = place.id,
                              .score = place.score,
                              .tomogramFromParticle = place.tomogramFromParticle,
                              .boxVoxels = boxVoxels});
        }
    }
    return placed;
}

}  // namespace tomoloupe
