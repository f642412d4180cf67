#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "core/volume/volume.h"

namespace tomoloupe {

/// Subtomograms of one size in one HDF5 file, our own layout: dataset `/voxels` float32 (n, z, y, x), one chunk a
/// particle, deflate optional; attributes `layout` = "tomoloupe-stack-1", `voxel_size_angstrom`. Volume i belongs to
/// particle i of the set. HDF5 is not thread safe everywhere: calls of one process are serialised inside.
class StackWriter {
  public:
    enum class Compression { None, Deflate };  ///< Deflate for what holds few different values, such as masks
    StackWriter(const std::filesystem::path& path, Index3 boxShape, double voxelSizeAngstrom,
                Compression compression = Compression::None);
    ~StackWriter();
    StackWriter(const StackWriter&) = delete;
    StackWriter& operator=(const StackWriter&) = delete;
    /// Throws Error when the shape is another.
    void append(const Volume& subtomogram);
    /// Flushes, syncs and puts the file in place; without it the destructor removes what was written.
    void commit();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Reads such a stack; thread-safe.
class StackReader {
  public:
    explicit StackReader(const std::filesystem::path& path);
    ~StackReader();
    [[nodiscard]] std::int64_t count() const;
    [[nodiscard]] Index3 boxShape() const;
    [[nodiscard]] double voxelSizeAngstrom() const;
    [[nodiscard]] Volume read(std::int64_t index) const;
    /// Volumes first .. first + n - 1 one after the other into `target` (n * boxShape.product() floats).
    void readRange(std::int64_t first, std::int64_t n, std::span<float> target) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tomoloupe
