#pragma once

#include <cstdint>

#include "core/recipe/recipe.h"
#include "core/simulate/shapes.h"
#include "core/volume/rotation.h"
#include "core/volume/volume.h"

namespace tomoloupe {

/// A made-up subtomogram with its truth.
struct SimulatedParticle {
    Volume volume;      ///< boxSize^3 voxels, particles bright on dark
    int classIndex = 0;
    Rotation rotation;  ///< particle frame to box frame
    Vec3 offsetVoxels;  ///< of the particle's origin from voxel boxSize/2
};

/// Particle `index` of a data set: its shape in a uniformly random pose, white Gaussian noise, then the missing wedge over both,
/// as in a reconstruction. The signal-to-noise ratio holds before the wedge. Each particle has random streams of its own,
/// so the same options, index and seed give the same voxels, alone or among many, on any thread; pose and noise
/// do not depend on the ratio asked for. Throws InvalidOptions, and Error for an unknown class.
[[nodiscard]] SimulatedParticle simulateParticle(const SimulateOptions& options, int classIndex, std::int64_t index,
                                                 std::uint64_t seed);

/// The density of a shape, turned by `rotation` about its origin, which lies at voxel side/2 + offset. Exact: no interpolation.
[[nodiscard]] Volume renderShape(const Shape& shape, const Rotation& rotation, Vec3 offsetVoxels, std::int64_t side,
                                 double voxelSizeAngstrom);

}  // namespace tomoloupe
