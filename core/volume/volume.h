#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/volume/geometry.h"

namespace tomoloupe {

/// Immutable voxels with their size and place: a cheap copy (the floats are shared), safe on any thread.
/// Index (x, y, z) lies at x + nx * (y + ny * z); the centre of voxel 0 is at `originAngstrom`.
class Volume {
  public:
    Volume() = default;
    /// Throws Error unless voxels.size() == shape.product() and every extent is positive.
    Volume(Index3 shape, std::vector<float> voxels, double voxelSizeAngstrom = 1, Vec3 originAngstrom = {});

    [[nodiscard]] bool empty() const { return !voxels_; }
    [[nodiscard]] Index3 shape() const { return shape_; }
    [[nodiscard]] double voxelSizeAngstrom() const { return voxelSizeAngstrom_; }
    [[nodiscard]] Vec3 originAngstrom() const { return originAngstrom_; }
    [[nodiscard]] std::span<const float> voxels() const { return voxels_ ? std::span<const float>(*voxels_) : std::span<const float>(); }
    /// The shared floats themselves, for views that must outlive this object.
    [[nodiscard]] std::shared_ptr<const std::vector<float>> shared() const { return voxels_; }
    /// No range check.
    [[nodiscard]] float at(std::int64_t x, std::int64_t y, std::int64_t z) const {
        return (*voxels_)[static_cast<std::size_t>(x + shape_.x * (y + shape_.y * z))];
    }
    /// The same voxels with other values of size and origin.
    [[nodiscard]] Volume withGeometry(double voxelSizeAngstrom, Vec3 originAngstrom) const;

  private:
    Index3 shape_;
    std::shared_ptr<const std::vector<float>> voxels_;
    double voxelSizeAngstrom_ = 1;
    Vec3 originAngstrom_;
};

}  // namespace tomoloupe
