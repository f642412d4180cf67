#pragma once

#include <filesystem>
#include <string>

#include "core/volume/statistics.h"
#include "core/volume/volume.h"

namespace tomoloupe {

/// Writes a volume as MRC2014: mode 2, little endian, MX = NX, ISPG 1, ORIGIN and cell in Å, statistics of the voxels.
/// Atomic: the old file stays until the new one is whole.
void writeMrc(const std::filesystem::path& path, const Volume& volume, const std::string& label = {});

/// The 1024 bytes that such a file starts with. Throws Error for a shape that MRC cannot hold.
[[nodiscard]] std::string makeMrcHeader(Index3 shape, double voxelSizeAngstrom, Vec3 originAngstrom, const Statistics& statistics,
                                        const std::string& label);

}  // namespace tomoloupe
