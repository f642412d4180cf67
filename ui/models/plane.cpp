#include "ui/models/plane.h"

#include <algorithm>

#include "core/volume/operations.h"

namespace tomoloupe {
namespace {

Box planeBox(Plane plane, Index3 shape, std::int64_t index) {
    switch (plane) {
        case Plane::XY:
            return {{0, 0, index}, {shape.x, shape.y, 1}};
        case Plane::XZ:
            return {{0, index, 0}, {shape.x, 1, shape.z}};
        case Plane::YZ:
            return {{index, 0, 0}, {1, shape.y, shape.z}};
    }
    return {};
}

/// Lays a block one voxel thick down as (u, v, 1).
Volume laidDown(Plane plane, const Volume& block) {
    const Index3 shape = block.shape();
    if (plane == Plane::XY) return block;
    const double size = block.voxelSizeAngstrom();
    if (plane == Plane::XZ) return Volume({shape.x, shape.z, 1}, {block.voxels().begin(), block.voxels().end()}, size);
    std::vector<float> voxels(static_cast<std::size_t>(shape.product()));
    for (std::int64_t y = 0; y < shape.y; ++y) {
        for (std::int64_t z = 0; z < shape.z; ++z)
            voxels[static_cast<std::size_t>(z + shape.z * y)] = block.at(0, y, z);
    }
    return Volume({shape.z, shape.y, 1}, std::move(voxels), size);
}

}  // namespace

PlanePoint projected(Plane plane, Vec3 point) {
    if (plane == Plane::XY) return {point.x, point.y};
    return plane == Plane::XZ ? PlanePoint{point.x, point.z} : PlanePoint{point.z, point.y};
}

Vec3 lifted(Plane plane, PlanePoint onPlane, Vec3 point) {
    if (plane == Plane::XY) return {onPlane.u, onPlane.v, point.z};
    return plane == Plane::XZ ? Vec3{onPlane.u, point.y, onPlane.v} : Vec3{point.x, onPlane.v, onPlane.u};
}

double depthOf(Plane plane, Vec3 point) {
    return plane == Plane::XY ? point.z : plane == Plane::XZ ? point.y : point.x;
}

Vec3 withDepth(Plane plane, Vec3 point, double depth) {
    (plane == Plane::XY ? point.z : plane == Plane::XZ ? point.y : point.x) = depth;
    return point;
}

std::int64_t extent(Plane plane, Index3 shape) {
    return plane == Plane::XY ? shape.z : plane == Plane::XZ ? shape.y : shape.x;
}

Volume sliceOf(const Volume& volume, Plane plane, std::int64_t index) {
    if (volume.empty()) return {};
    const std::int64_t inside = std::clamp<std::int64_t>(index, 0, extent(plane, volume.shape()) - 1);
    return laidDown(plane, crop(volume, planeBox(plane, volume.shape(), inside)));
}

Volume readSlice(const VolumeFile& file, Plane plane, std::int64_t index) {
    const Index3 shape = file.info().shape;
    const std::int64_t inside = std::clamp<std::int64_t>(index, 0, extent(plane, shape) - 1);
    return laidDown(plane, file.read(planeBox(plane, shape, inside)));
}

Volume middleSlab(const Volume& volume, std::int64_t thickness) {
    const Index3 shape = volume.shape();
    const std::int64_t count = std::clamp<std::int64_t>(thickness, 1, shape.z);
    const std::int64_t first = std::clamp<std::int64_t>(shape.z / 2 - count / 2, 0, shape.z - count);
    std::vector<float> mean(static_cast<std::size_t>(shape.x * shape.y), 0.0f);
    for (std::int64_t z = first; z < first + count; ++z) {
        const auto plane = volume.voxels().subspan(static_cast<std::size_t>(z * shape.x * shape.y), mean.size());
        for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += plane[i] / static_cast<float>(count);
    }
    return Volume({shape.x, shape.y, 1}, std::move(mean), volume.voxelSizeAngstrom());
}

}  // namespace tomoloupe
