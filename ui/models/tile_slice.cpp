#include "ui/models/tile_slice.h"

#include <algorithm>

namespace tomoloupe {

std::vector<Plane> TileLook::planeList() const {
    switch (planes) {
        case Planes::XY:
            return {Plane::XY};
        case Planes::XZ:
            return {Plane::XZ};
        case Planes::YZ:
            return {Plane::YZ};
        case Planes::All:
            break;
    }
    return {Plane::XY, Plane::XZ, Plane::YZ};
}

std::int64_t TileLook::thickness(std::int64_t slices) const {
    if (depth == Depth::Projection) return slices;
    return depth == Depth::Slice ? 1 : std::clamp<std::int64_t>(slab, 1, slices);
}

Volume tileSlice(const Volume& volume, Plane plane, const TileLook& look) {
    if (volume.empty()) return {};
    const std::int64_t slices = extent(plane, volume.shape());
    const std::int64_t count = look.thickness(slices);
    const std::int64_t first = std::clamp<std::int64_t>(slices / 2 - count / 2, 0, slices - count);
    const Volume middle = sliceOf(volume, plane, first);
    if (count == 1) return middle;
    std::vector<float> mean(middle.voxels().begin(), middle.voxels().end());
    for (std::int64_t index = first + 1; index < first + count; ++index) {
        const Volume slice = sliceOf(volume, plane, index);
        for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += slice.voxels()[i];
    }
    for (float& value : mean) value /= static_cast<float>(count);
    return Volume(middle.shape(), std::move(mean), middle.voxelSizeAngstrom());
}

}  // namespace tomoloupe
