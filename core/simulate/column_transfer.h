#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/recipe/recipe.h"
#include "core/volume/geometry.h"

namespace tomoloupe {

/// The factors of Imaging for grids too large to hold one a coefficient: made column by column along z. The steep edge of the
/// band-pass is softened by a Gaussian of 1/200 cycles a voxel, so that it does not ring beyond some 64 voxels. Immutable; any thread.
class ColumnTransfer {
  public:
    ColumnTransfer(const ImagingOptions& options, Index3 shape, double voxelSizeAngstrom);
    /// `alongZ`: shape.z factors of the coefficients at (x, y) in the order of Spectrum.
    void signal(std::int64_t x, std::int64_t y, std::span<float> alongZ) const { fill(signal_, x, y, alongZ); }
    void noise(std::int64_t x, std::int64_t y, std::span<float> alongZ) const { fill(noise_, x, y, alongZ); }
    /// Variance that white noise of variance 1 keeps, on a fine grid.
    [[nodiscard]] double noiseVariance() const { return noiseVariance_; }

  private:
    void fill(const std::vector<float>& radial, std::int64_t x, std::int64_t y, std::span<float> alongZ) const;
    Index3 shape_;
    double slope_ = 0;
    double noiseVariance_ = 0;
    std::vector<double> kz_;
    std::vector<float> signal_, noise_;  // by frequency, 0 to 0.5 cycles a voxel
};

}  // namespace tomoloupe
