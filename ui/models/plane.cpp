#include "ui/models/plane.h"

#include <algorithm>

#include "core/base/error.h"
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

SlabRange slabRange(Plane plane, Index3 shape, std::int64_t index, std::int64_t thickness) {
    const std::int64_t slices = extent(plane, shape), count = std::max<std::int64_t>(thickness, 1);
    const std::int64_t inside = std::clamp<std::int64_t>(index, 0, slices - 1), first = inside - (count - 1) / 2;
    const std::int64_t from = std::max<std::int64_t>(first, 0), to = std::min(first + count, slices);
    return {from, to - from};
}

SlabMean::SlabMean(Plane plane, Index3 shape, const SlabRange& range)
    : plane_(plane), box_(planeBox(plane, shape, range.first)), count_(range.count) {
    (plane == Plane::XY ? box_.size.z : plane == Plane::XZ ? box_.size.y : box_.size.x) = range.count;
    sum_.assign(static_cast<std::size_t>(box_.size.product() / range.count), 0.0f);
}

void SlabMean::add(const Volume& block, Index3 start) {
    const Box part = box_.intersection({start, block.shape()});
    const Index3 size = block.shape();
    for (std::int64_t z = part.start.z; z < part.end().z; ++z) {
        for (std::int64_t y = part.start.y; y < part.end().y; ++y) {
            const float* row =
                block.voxels().data() + (part.start.x - start.x) + size.x * ((y - start.y) + size.y * (z - start.z));
            if (plane_ == Plane::YZ) {
                float& sum = sum_[static_cast<std::size_t>(z + box_.size.z * y)];
                for (std::int64_t x = 0; x < part.size.x; ++x) sum += row[x];
                continue;
            }
            float* sum = sum_.data() + box_.size.x * (plane_ == Plane::XY ? y : z) + part.start.x;
            for (std::int64_t x = 0; x < part.size.x; ++x) sum[x] += row[x];
        }
    }
}

Volume SlabMean::take(double voxelSizeAngstrom) {
    const float share = 1 / static_cast<float>(count_);
    if (count_ > 1)
        for (float& value : sum_) value *= share;
    const Index3 size = box_.size;
    const Index3 shape = plane_ == Plane::XY   ? Index3{size.x, size.y, 1}
                         : plane_ == Plane::XZ ? Index3{size.x, size.z, 1}
                                               : Index3{size.z, size.y, 1};
    return Volume(shape, std::move(sum_), voxelSizeAngstrom);
}

Volume slabOf(const Volume& volume, Plane plane, std::int64_t index, std::int64_t thickness) {
    if (volume.empty()) return {};
    SlabMean mean(plane, volume.shape(), slabRange(plane, volume.shape(), index, thickness));
    mean.add(volume, {0, 0, 0});
    return mean.take(volume.voxelSizeAngstrom());
}

Volume readSlab(const VolumeFile& file, Plane plane, const SlabRange& range, const std::function<bool()>& stop) {
    constexpr std::int64_t kPieceVoxels = std::int64_t(1) << 16;  // added up while they are in the second cache
    const VolumeInfo& info = file.info();
    SlabMean mean(plane, info.shape, range);
    const Box& slab = mean.box();
    const std::int64_t rows = std::clamp<std::int64_t>(kPieceVoxels / slab.size.x, 1, slab.size.y);
    const std::int64_t sections =
        rows < slab.size.y ? 1 : std::clamp<std::int64_t>(kPieceVoxels / (slab.size.x * rows), 1, slab.size.z);
    for (std::int64_t z = 0; z < slab.size.z; z += sections) {
        for (std::int64_t y = 0; y < slab.size.y; y += rows) {
            if (stop()) throw Cancelled();
            const Box piece{slab.start + Index3{0, y, z},
                            {slab.size.x, std::min(rows, slab.size.y - y), std::min(sections, slab.size.z - z)}};
            mean.add(file.read(piece), piece.start);
        }
    }
    return mean.take(info.voxelSize());
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
