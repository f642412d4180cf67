#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "core/volume/geometry.h"

namespace tomoloupe {

/// An MRC2014 file of floats (as writeMrc makes it) that is larger than memory: boxes of voxels are put in any order, may be read back
/// and put again; what was never put is 0. The file appears at commit(), whole; without it nothing stays behind. read and
/// write may be called from several threads for boxes that do not overlap.
class MrcStream {
  public:
    /// Throws Error: no such folder, no permission, a shape that MRC cannot hold, a disk that is too small where the system can tell.
    MrcStream(const std::filesystem::path& path, Index3 shape, double voxelSizeAngstrom, Vec3 originAngstrom = {});
    ~MrcStream();
    MrcStream(const MrcStream&) = delete;
    MrcStream& operator=(const MrcStream&) = delete;

    [[nodiscard]] Index3 shape() const { return shape_; }
    /// `voxels`, x fastest, of a box that lies within the volume. Throws Error.
    void write(const Box& box, std::span<const float> voxels);
    void read(const Box& box, std::span<float> voxels) const;
    /// Takes the statistics of all voxels, writes the header and puts the file in place. Once.
    void commit(const std::string& label = {});

  private:
    /// Calls `row(offset in bytes, first float, floats)` for each stretch of the box that lies in one piece in the file.
    template <typename Row>
    void forEachStretch(const Box& box, std::size_t floats, Row row) const;
    void writeAt(std::uint64_t offset, std::span<const std::byte> bytes);
    void readAt(std::uint64_t offset, std::span<std::byte> bytes) const;
    void close();

    std::filesystem::path path_, part_;
    Index3 shape_;
    double voxelSizeAngstrom_ = 1;
    Vec3 originAngstrom_;
    int descriptor_ = -1;
};

}  // namespace tomoloupe
