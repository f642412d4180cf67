#pragma once

#include <span>
#include <vector>

#include "core/base/seed.h"
#include "core/volume/rotation.h"

namespace tomoloupe {

/// A structure in its place.
struct PlacedStructure {
    int structure = 0;  ///< index into the structures of the scene
    Vec3 positionAngstrom;
    Rotation rotation;  ///< structure frame to scene frame
};

/// A target, which comes first, and its neighbours, packed about their common middle until they touch (Liu et al. 2020, method.md 4.1):
/// bounding spheres start at random places without overlap and go down the gradient towards their centroid in steps of 1 Å, a step that
/// would overlap being undone; of five starts the most compact one is kept. Neighbours are drawn from all structures, rotations are
/// uniform on SO(3). `radiiAngstrom`: of the structures' bounding spheres. The target lies at the origin.
[[nodiscard]] std::vector<PlacedStructure> packScene(std::span<const double> radiiAngstrom, int target, int neighbours, Random& random);

/// Uniform on SO(3).
[[nodiscard]] Rotation randomRotation(Random& random);

}  // namespace tomoloupe
