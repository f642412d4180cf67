#pragma once

#include <cstdint>
#include <span>

#include "core/volume/volume.h"

namespace tomoloupe {

// Figures of a heat map. What is below 0 speaks against the class and counts as 0 in all of them but the rank correlation.

struct HeatFigures {
    double entropy = 0;    ///< of the map as a distribution over voxels, in nats; 0 for an empty map
    double aboveHalf = 0;  ///< fraction of voxels above 0.5
};
[[nodiscard]] HeatFigures heatFigures(std::span<const float> heat);

/// Splits values of 0..1 into two groups of greatest variance between them (Otsu 1979), over 256 bins: the lower edge of the upper
/// group's first bin. 0 when all lie in one bin.
[[nodiscard]] double otsuThreshold(std::span<const float> values);

/// A map beside the mask of the target.
struct MaskOverlap {
    double maskFraction = 0;  ///< of the box; also the weighted IoA of a map that knows nothing
    double weightedIoa = 0;   ///< heat within the mask / heat; 0 for an empty map (Gotkowski et al. 2020)
    double threshold = 0;     ///< by Otsu's method
    double iou = 0;           ///< of the voxels at or above the threshold and the mask
    double iouByChance = 0;   ///< mean of the same over the map moved 100 times at random, round the box's sides
};
/// Mask: above one half. Throws Error when the shapes differ.
[[nodiscard]] MaskOverlap maskOverlap(const Volume& heat, const Volume& mask, std::uint64_t seed);

/// Spearman's: the correlation of the ranks, equal values sharing their mean rank. 0 when either map is constant.
[[nodiscard]] double rankCorrelation(std::span<const float> a, std::span<const float> b);

}  // namespace tomoloupe
