#include "core/volume/volume.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace tomoloupe {

bool Box::within(Index3 shape) const {
    // Without sums, which could overflow.
    const auto inside = [](std::int64_t from, std::int64_t length, std::int64_t extent) {
        return from >= 0 && length > 0 && length <= extent && from <= extent - length;
    };
    return inside(start.x, size.x, shape.x) && inside(start.y, size.y, shape.y) && inside(start.z, size.z, shape.z);
}

Box Box::intersection(const Box& other) const {
    const Index3 low{std::max(start.x, other.start.x), std::max(start.y, other.start.y), std::max(start.z, other.start.z)};
    const Index3 high{std::min(end().x, other.end().x), std::min(end().y, other.end().y), std::min(end().z, other.end().z)};
    return {low, {std::max<std::int64_t>(high.x - low.x, 0), std::max<std::int64_t>(high.y - low.y, 0),
                  std::max<std::int64_t>(high.z - low.z, 0)}};
}

Volume::Volume(Index3 shape, std::vector<float> voxels, double voxelSizeAngstrom, Vec3 originAngstrom)
    : shape_(shape), voxelSizeAngstrom_(voxelSizeAngstrom), originAngstrom_(originAngstrom) {
    if (shape.x < 1 || shape.y < 1 || shape.z < 1 || static_cast<std::int64_t>(voxels.size()) != shape.product())
        throw Error(fmt::format("{} voxels do not make a volume of {} x {} x {}", voxels.size(), shape.x, shape.y, shape.z));
    voxels_ = std::make_shared<const std::vector<float>>(std::move(voxels));
}

Volume Volume::withGeometry(double voxelSizeAngstrom, Vec3 originAngstrom) const {
    Volume copy = *this;
    copy.voxelSizeAngstrom_ = voxelSizeAngstrom;
    copy.originAngstrom_ = originAngstrom;
    return copy;
}

}  // namespace tomoloupe
