#pragma once

#include <filesystem>

#include "core/simulate/structure.h"

namespace tomoloupe {

/// A density map as a structure; see loadStructure. The hand of the map is taken as it is.
[[nodiscard]] Structure structureOfMap(const std::filesystem::path& path, double voxelSizeAngstrom);

/// The level that splits the voxels into two groups of least variance (Otsu 1979); 0 where none is above 0.
[[nodiscard]] double otsuLevel(std::span<const float> voxels);

}  // namespace tomoloupe
