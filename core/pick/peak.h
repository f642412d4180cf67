#pragma once

#include <cstdint>
#include <vector>

#include "core/volume/rotation.h"

namespace tomoloupe {

/// A place in a tomogram that looks like a particle.
struct Peak {
    Vec3 positionVoxels;  ///< index of voxel centres of the whole tomogram, zero based
    double score = 0;     ///< larger is better, whatever the contrast
    Rotation rotation;    ///< template frame to tomogram frame; identity where the method knows none
    int templateIndex = -1;
};

/// The best peaks first, each at least `minimumDistanceVoxels` from every better one that was kept (greedy, method.md 5); at
/// most `maximumCount` of them, 0 for all. Ties go by position (z, y, x), so that the answer does not depend on the order given.
[[nodiscard]] std::vector<Peak> withoutNeighbours(std::vector<Peak> peaks, double minimumDistanceVoxels,
                                                  std::int64_t maximumCount = 0);

/// Where a parabola through the values at -1, 0 and 1 is highest, within [-0.5, 0.5]; 0 where it has no highest place.
[[nodiscard]] double parabolaVertex(double before, double at, double after);

}  // namespace tomoloupe
