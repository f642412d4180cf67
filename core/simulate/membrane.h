#pragma once

#include <span>

#include "core/simulate/placement.h"
#include "core/volume/geometry.h"

namespace tomoloupe {

// What stands in a tomogram besides particles, in Da per Å^3 like them. `start` is the voxel of the tomogram at the first of `voxels`,
// which are `shape`; what lies outside is left out.

/// Two layers of head groups with Gaussian profiles, 40 Å apart.
void addVesicle(const Vesicle& vesicle, double voxelSizeAngstrom, double resolutionAngstrom, Index3 start, Index3 shape, std::span<float> voxels);
/// A sphere ten times as dense as protein.
void addGoldBead(const GoldBead& bead, double voxelSizeAngstrom, double resolutionAngstrom, Index3 start, Index3 shape, std::span<float> voxels);

}  // namespace tomoloupe
