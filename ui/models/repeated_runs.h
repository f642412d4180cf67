#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/project/project.h"

namespace tomoloupe {

/// Same kind, set and options, another seed; or predictions from models of which this holds.
[[nodiscard]] bool isRepeat(const Run& run, const Run& other, const std::vector<Run>& runs);

/// What repeats of the run `runId` predicted for a set: `classes` probabilities a particle in set order, NaN where
/// nothing was predicted. At most four, the newest; empty where the run stands alone. Worker.
[[nodiscard]] std::vector<std::shared_ptr<const std::vector<float>>> repeatedPredictions(const Project& project,
                                                                                         const std::string& runId,
                                                                                         const ParticleSetRecord& set,
                                                                                         std::size_t classes);

}  // namespace tomoloupe
