#pragma once

#include "core/io/volume_file.h"

namespace tomoloupe {

/// Statistics of every voxel of every volume of a file, read in slabs of bounded memory.
[[nodiscard]] Statistics statisticsOfAll(const VolumeFile& file, const StopToken& stop);

/// Statistics of about `voxels` voxels: rows spread evenly over the sections and volumes. For files too large to be
/// read whole while somebody waits.
[[nodiscard]] Statistics sampledStatistics(const VolumeFile& file, std::int64_t voxels);

}  // namespace tomoloupe
