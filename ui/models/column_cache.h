#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/io/volume_file.h"
#include "ui/models/plane.h"

namespace tomoloupe {

/// Columns of a large file for YZ slices. Such a slice has one voxel of every row: reading it costs as much as reading
/// the whole file, and its neighbour costs that again. So blocks of neighbouring columns are read together, in short
/// steps between which other requests have their turn, every sixteenth section first: a coarse picture is there at
/// once. Any thread.
class ColumnCache {
  public:
    /// Blocks that are used go over the budget when they must.
    ColumnCache(std::shared_ptr<const VolumeFile> file, std::int64_t budgetBytes);

    /// Reads on for about `time`; the share (0..1) of what `range` needs that is there then.
    double readOn(const SlabRange& range, std::chrono::milliseconds time);
    /// Mean over the columns of `range`, as SlabMean lays it out; sections not yet there are filled in from their
    /// neighbours. Empty while there are too few.
    [[nodiscard]] Volume mean(const SlabRange& range) const;
    /// The columns of the block that a slab of `range` will need next: those beyond its nearer end. None at the border.
    [[nodiscard]] SlabRange neighbours(const SlabRange& range) const;

  private:
    struct Block {
        std::unique_ptr<float[]> voxels;  // [z][y][x] of its columns
        std::vector<char> there;          // by section
        std::int64_t sections = 0;        // how many
        std::uint64_t used = 0;
    };
    [[nodiscard]] std::int64_t columnsOf(std::int64_t block) const;
    [[nodiscard]] std::vector<std::int64_t> sectionsThere(std::int64_t first, std::int64_t last) const;
    void prepare(std::int64_t first, std::int64_t last);
    void readSection(std::int64_t first, std::int64_t last, std::int64_t z);

    std::shared_ptr<const VolumeFile> file_;
    Index3 shape_;
    std::int64_t budget_;
    std::int64_t width_ = 1;           // columns of a block
    std::vector<std::int64_t> order_;  // in which the sections are read
    mutable std::mutex blocksMutex_;   // guards the two below
    std::map<std::int64_t, Block> blocks_;
    std::uint64_t turn_ = 0;
};

}  // namespace tomoloupe
