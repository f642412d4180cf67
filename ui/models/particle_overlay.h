#pragma once

#include <optional>
#include <vector>

#include "ui/models/project_contents.h"

namespace tomoloupe {

/// A particle over a slice, with all that its colour may tell.
struct OverlayParticle {
    PlacedParticle placed;
    double score = 0;
    std::optional<std::int64_t> predictedClass;  ///< by the newest run that predicted its set
};
/// Of all sets of the project; on a worker.
[[nodiscard]] std::vector<OverlayParticle> overlayIn(const Project& project, const TomogramRecord& tomogram);

}  // namespace tomoloupe
