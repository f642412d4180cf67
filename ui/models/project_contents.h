#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/project/set_outcomes.h"

namespace tomoloupe {

// What the window shows of a project, read at one moment; plain values, made on a worker.

/// A run with what had to be read from its files.
struct RunRow {
    Run run;
    RunState state = RunState::Prepared;
    nlohmann::json result;
    RunNote note = {};
    bool checkpoint = false;  ///< it can go on from where it was
};

struct ProjectContents {
    std::vector<TomogramRecord> tomograms;
    std::vector<ParticleSetRecord> sets;
    std::vector<ClassRecord> classes;
    std::vector<LabelSetRecord> labelSets;
    std::vector<RunRow> runs;  ///< newest first
    std::int64_t labelCount = 0;
};
[[nodiscard]] ProjectContents readContents(const Project& project);

struct PredictionView {
    std::int64_t classId = 0;
    std::span<const float> probabilities;  ///< in the order of PredictionTable::classIds
};

/// One particle set, open.
struct SetContents {
    ParticleSetRecord record;
    std::shared_ptr<const ParticleTable> table;  ///< without the columns of its source: Project::column() reads one
    std::vector<std::int64_t> labels;                 ///< class ids in set order, 0 = unlabelled
    std::shared_ptr<const SubtomogramSource> source;  ///< none while nothing is extracted
    PredictionTable predictions;
    /// Particle that the newest finished explain run of the set looked at, else 0.
    std::int64_t startParticle = 0;

    [[nodiscard]] const std::vector<Particle>& particles() const { return table->particles; }
    /// -1 where it is of another set.
    [[nodiscard]] std::int64_t indexOf(std::int64_t particleId) const;
};
/// `known`: the same set as it was read before, whose rows need not be read again; may be null.
[[nodiscard]] std::shared_ptr<SetContents> readSet(const Project& project, const std::string& name,
                                                   const std::shared_ptr<const SetContents>& known = {});

/// A particle of any set that lies in a tomogram.
struct PlacedParticle {
    std::int64_t setId = 0;
    std::int64_t index = 0;  ///< in its set
    Vec3 positionVoxels;
    double radiusVoxels = 8;
    std::int64_t classId = 0;
    std::int64_t id = 0;  ///< in the project
    double score = 0;
    Rotation tomogramFromParticle = {};
    double boxVoxels = 32;  ///< side of the box that was cut around it
};
[[nodiscard]] std::vector<PlacedParticle> particlesIn(const Project& project, const TomogramRecord& tomogram);

}  // namespace tomoloupe
