#pragma once

#include <filesystem>
#include <vector>

#include "core/io/volume_file.h"

namespace tomoloupe {

/// Throws Error unless the box lies within the volume and the stack has such a volume.
void checkRequest(const VolumeInfo& info, const Box& box, std::int64_t index, const std::filesystem::path& path);

/// The voxels of `box` as a volume with the file's voxel size and the place that the box has in the file.
[[nodiscard]] Volume fileVolume(const VolumeInfo& info, const Box& box, std::vector<float> voxels);

}  // namespace tomoloupe
