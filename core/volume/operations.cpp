#include "core/volume/operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/volume/statistics.h"

namespace tomoloupe {

Volume crop(const Volume& volume, const Box& box, float fill) {
    if (box.size.x < 1 || box.size.y < 1 || box.size.z < 1)
        throw Error(fmt::format("A box of {} x {} x {} voxels cannot be cut out", box.size.x, box.size.y, box.size.z));
    const Box part = box.intersection({{0, 0, 0}, volume.shape()});
    std::vector<float> voxels(static_cast<std::size_t>(box.size.product()), fill);
    const auto source = volume.voxels();
    const Index3 shape = volume.shape();
    for (std::int64_t z = part.start.z; z < part.end().z; ++z)
        for (std::int64_t y = part.start.y; y < part.end().y; ++y) {
            const float* from = source.data() + part.start.x + shape.x * (y + shape.y * z);
            const Index3 to = Index3{part.start.x, y, z} - box.start;
            std::copy_n(from, part.size.x, voxels.data() + to.x + box.size.x * (to.y + box.size.y * to.z));
        }
    const double apix = volume.voxelSizeAngstrom();
    const Vec3 shift{apix * static_cast<double>(box.start.x), apix * static_cast<double>(box.start.y),
                     apix * static_cast<double>(box.start.z)};
    return Volume(box.size, std::move(voxels), apix, volume.originAngstrom() + shift);
}

Volume centred(const Volume& volume, std::int64_t side) {
    const Index3 shape = volume.shape();
    const Index3 start{shape.x / 2 - side / 2, shape.y / 2 - side / 2, shape.z / 2 - side / 2};
    return crop(volume, {start, {side, side, side}}, static_cast<float>(statisticsOf(volume.voxels()).mean));
}

Volume binned(const Volume& volume, int factor) {
    const Index3 shape = volume.shape();
    if (factor < 1 || factor > std::min({shape.x, shape.y, shape.z}))
        throw Error(fmt::format("Cannot bin a volume of {} x {} x {} by {}", shape.x, shape.y, shape.z, factor));
    const Index3 small{shape.x / factor, shape.y / factor, shape.z / factor};
    std::vector<float> voxels;
    voxels.reserve(static_cast<std::size_t>(small.product()));
    for (std::int64_t z = 0; z < small.z; ++z)
        for (std::int64_t y = 0; y < small.y; ++y)
            for (std::int64_t x = 0; x < small.x; ++x) {
                double sum = 0;
                for (int dz = 0; dz < factor; ++dz)
                    for (int dy = 0; dy < factor; ++dy)
                        for (int dx = 0; dx < factor; ++dx)
                            sum += volume.at(x * factor + dx, y * factor + dy, z * factor + dz);
                voxels.push_back(static_cast<float>(sum / (double(factor) * factor * factor)));
            }
    const double apix = volume.voxelSizeAngstrom();
    const double shift = apix * (factor - 1) / 2;
    return Volume(small, std::move(voxels), apix * factor, volume.originAngstrom() + Vec3{shift, shift, shift});
}

Volume standardised(const Volume& volume) {
    const Statistics statistics = statisticsOf(volume.voxels());
    // Rounding of a constant volume leaves a spread of the order of the mean's last bit.
    const bool constant = statistics.standardDeviation <= 1e-6 * std::abs(statistics.mean) || statistics.standardDeviation == 0;
    const double scale = constant ? 0 : 1 / statistics.standardDeviation;
    std::vector<float> voxels(volume.voxels().begin(), volume.voxels().end());
    for (float& value : voxels) value = std::isfinite(value) ? static_cast<float>((value - statistics.mean) * scale) : 0.0f;
    return Volume(volume.shape(), std::move(voxels), volume.voxelSizeAngstrom(), volume.originAngstrom());
}

Volume inverted(const Volume& volume) {
    std::vector<float> voxels(volume.voxels().begin(), volume.voxels().end());
    for (float& value : voxels) value = -value;
    return Volume(volume.shape(), std::move(voxels), volume.voxelSizeAngstrom(), volume.originAngstrom());
}

}  // namespace tomoloupe
