#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/simulate/placement.h"

namespace tomoloupe {

/// Sums over voxels, for their variance.
struct IceSums {
    std::int64_t count = 0;
    double sum = 0, squares = 0;
    void add(const IceSums& other);
    [[nodiscard]] double variance() const;
};

/// The voxels within the ice of some rows of a tomogram, without those within a bead's radius of a gold bead, whose contrast is no
/// measure of the particles'.
class IceRegion {
  public:
    IceRegion(const Ice& ice, std::span<const GoldBead> beads, std::int64_t nx, std::int64_t firstRow, std::int64_t rows);
    [[nodiscard]] std::int64_t firstRow() const { return firstRow_; }
    [[nodiscard]] std::int64_t rows() const { return rows_; }
    /// `voxels`: nx * rows() of them at height z.
    [[nodiscard]] IceSums sums(std::int64_t z, std::span<const float> voxels) const;

  private:
    std::span<const GoldBead> beads_;
    std::int64_t nx_, firstRow_, rows_;
    std::vector<float> bottom_, top_;
};

}  // namespace tomoloupe
