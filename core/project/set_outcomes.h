#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/project/embedding.h"
#include "core/project/project.h"

namespace tomoloupe {

// What the runs of a project say of one particle set. On a worker.

[[nodiscard]] std::vector<Run> runsNewestFirst(const Project& project);

/// What the newest predicting run says of a set.
struct PredictionTable {
    std::string runId;                   ///< empty: nothing was predicted
    std::vector<std::int64_t> classIds;  ///< of the columns of `probabilities`
    std::vector<std::int64_t> best;      ///< most probable class of each particle in set order, 0 = not predicted
    std::vector<float> probabilities;    ///< particle after particle, one for each of classIds
};
/// `runs`: runsNewestFirst().
[[nodiscard]] PredictionTable newestPredictions(const Project& project, const ParticleSetRecord& set, const std::vector<Run>& runs);

/// Same kind, set and options, another seed; or predictions from models of which this holds.
[[nodiscard]] bool isRepeat(const Run& run, const Run& other, const std::vector<Run>& runs);

/// What repeats of the run `runId` predicted for a set: `classes` probabilities a particle in set order, NaN where
/// nothing was predicted. At most four, the newest; empty where the run stands alone.
[[nodiscard]] std::vector<std::shared_ptr<const std::vector<float>>> repeatedPredictions(const Project& project,
                                                                                         const std::string& runId,
                                                                                         const ParticleSetRecord& set,
                                                                                         std::size_t classes);

/// Of all particles as the set holds them now; none where no run made one.
[[nodiscard]] std::shared_ptr<const Embedding> newestEmbedding(const Project& project, const ParticleSetRecord& set);

}  // namespace tomoloupe
