#pragma once

#include <span>

namespace tomoloupe {

/// Where the best scores part from the rest: the highest valley of their smoothed distribution (Gaussian kernel of half the width of
/// Silverman 1986) that is at most half as high as the hills on both sides, with at least eight scores on either side and no mere tail above it. `least` when there is
/// none: then all are of one kind. Tells a template's own molecule, whose scores lie close together at the top, from others.
[[nodiscard]] double bestGroup(std::span<const double> scores, double least);

}  // namespace tomoloupe
