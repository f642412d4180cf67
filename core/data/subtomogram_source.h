#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/volume/volume.h"

namespace tomoloupe {

/// Subtomograms of one particle set in the set's order, read when asked for; thread-safe.
class SubtomogramSource {
  public:
    virtual ~SubtomogramSource() = default;
    [[nodiscard]] virtual std::int64_t count() const = 0;
    [[nodiscard]] virtual Index3 boxShape() const = 0;
    [[nodiscard]] virtual double voxelSizeAngstrom() const = 0;
    [[nodiscard]] virtual Volume read(std::int64_t index) const = 0;
};

/// From an HDF5 stack.
[[nodiscard]] std::shared_ptr<const SubtomogramSource> openStackSource(const std::filesystem::path& path);
/// Keeps the last subtomograms read within a byte budget.
[[nodiscard]] std::shared_ptr<const SubtomogramSource> cachedSource(std::shared_ptr<const SubtomogramSource> source,
                                                                   std::int64_t budgetBytes);

}  // namespace tomoloupe
