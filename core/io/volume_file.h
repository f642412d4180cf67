#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/volume/statistics.h"
#include "core/volume/volume.h"

namespace tomoloupe {

/// What a volume file says of itself, after axis permutation: x, y, z are the volume's own axes.
struct VolumeInfo {
    std::string format;     ///< "MRC", "HDF5 stack", "TIFF"
    std::string valueType;  ///< "int8", "uint8", "int16", "uint16", "float16", "float32", "uint4" ...
    Index3 shape;           ///< of one volume
    std::int64_t count = 1;  ///< volumes in a stack
    bool imageStack = false;  ///< z counts images, not sections of one volume
    Vec3 voxelSizeAngstrom{1, 1, 1};
    bool voxelSizeKnown = false;
    Vec3 originAngstrom;
    std::optional<Statistics> headerStatistics;  ///< as the file claims; absent where it says "undetermined"
    std::vector<std::string> labels;    ///< free text of the file
    std::vector<std::string> warnings;  ///< what was repaired or is doubtful, one sentence each
    /// One figure for the voxel size: the mean of the axes.
    [[nodiscard]] double voxelSize() const { return (voxelSizeAngstrom.x + voxelSizeAngstrom.y + voxelSizeAngstrom.z) / 3; }
};

/// An open file: header now, any box of voxels on demand by positioned reads with 64-bit offsets, never the whole file,
/// never a memory map. read() may be called from several threads at once.
class VolumeFile {
  public:
    virtual ~VolumeFile() = default;
    [[nodiscard]] virtual const VolumeInfo& info() const = 0;
    /// The voxels of `box` (must lie within info().shape, else Error) of volume `index` of a stack.
    /// Throws ReadError naming what could not be read and at which offset.
    [[nodiscard]] virtual Volume read(const Box& box, std::int64_t index = 0) const = 0;
};

/// Statistics of one volume, read in slabs of bounded memory. `stop` is looked at between slabs.
class StopToken;
[[nodiscard]] Statistics statisticsOf(const VolumeFile& file, const StopToken& stop, std::int64_t index = 0);

/// The whole of one volume. Throws Error when it has more than `limitBytes` as floats.
[[nodiscard]] Volume readWhole(const VolumeFile& file, std::int64_t index = 0, std::int64_t limitBytes = std::int64_t(8) << 30);

/// Keeps bricks of 64^3 voxels within a byte budget (least recently used goes first); thread-safe.
[[nodiscard]] std::shared_ptr<const VolumeFile> cached(std::shared_ptr<const VolumeFile> file, std::int64_t budgetBytes);

}  // namespace tomoloupe
