#pragma once

#include "core/volume/volume.h"

namespace tomoloupe {

/// The volume without its small pieces at `level`: connected voxels (by faces) beyond the level, fewer than
/// `leastVoxels` of them, are put onto the level itself, so that a surface at the level shows larger pieces alone.
/// Beyond is above the level, or below it where `darkOnLight`.
[[nodiscard]] Volume withoutDust(const Volume& volume, float level, bool darkOnLight, std::int64_t leastVoxels);

}  // namespace tomoloupe
