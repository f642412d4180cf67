#pragma once

#include <cstdint>
#include <vector>

#include "core/project/set_outcomes.h"

namespace tomoloupe {

/// What to label next in a set, as the window proposes it.
struct LabelNext {
    std::vector<std::int32_t> order;  ///< indices in the set of all particles without a label, the best to label first
    PredictionTable predictions;      ///< that it goes by; empty: nothing was predicted, and the order spreads over tomograms and scores
};
/// By the newest predictions, those of their repeats, and the newest embedding (label_suggestions.h has the order). On a worker.
[[nodiscard]] LabelNext labelNext(const Project& project, const ParticleSetRecord& set);

}  // namespace tomoloupe
