#include "core/simulate/tomogram_statistics.h"

#include <algorithm>
#include <cmath>

namespace tomoloupe {

void IceSums::add(const IceSums& other) {
    count += other.count;
    sum += other.sum;
    squares += other.squares;
}

double IceSums::variance() const {
    if (count == 0) return 0;
    const double mean = sum / double(count);
    return std::max(0.0, squares / double(count) - mean * mean);
}

IceRegion::IceRegion(const Ice& ice, std::span<const GoldBead> beads, std::int64_t nx, std::int64_t firstRow, std::int64_t rows)
    : beads_(beads), nx_(nx), firstRow_(firstRow), rows_(rows) {
    bottom_.reserve(std::size_t(nx * rows));
    top_.reserve(bottom_.capacity());
    for (std::int64_t y = 0; y < rows; ++y) {
        for (std::int64_t x = 0; x < nx; ++x) {
            const Ice::Range range = ice.at(double(x), double(firstRow + y));
            bottom_.push_back(static_cast<float>(range.bottom));
            top_.push_back(static_cast<float>(range.top));
        }
    }
}

IceSums IceRegion::sums(std::int64_t z, std::span<const float> voxels) const {
    IceSums all;
    const auto height = static_cast<float>(z);
    const auto count = [&](std::size_t i, int sign) {
        if (height < bottom_[i] || height > top_[i]) return;
        const double value = voxels[i];
        all.count += sign;
        all.sum += sign * value;
        all.squares += sign * value * value;
    };
    for (std::size_t i = 0; i < voxels.size(); ++i) count(i, 1);
    for (const GoldBead& bead : beads_) {
        const double reach = 2 * bead.radius, dz = double(z) - bead.centre.z;
        for (std::int64_t y = 0; y < rows_; ++y) {
            const double dy = double(firstRow_ + y) - bead.centre.y, left = reach * reach - dz * dz - dy * dy;
            if (left < 0) continue;
            const auto first = std::max<std::int64_t>(0, std::int64_t(std::ceil(bead.centre.x - std::sqrt(left))));
            const auto last = std::min<std::int64_t>(nx_ - 1, std::int64_t(std::floor(bead.centre.x + std::sqrt(left))));
            for (std::int64_t x = first; x <= last; ++x) count(std::size_t(x + nx_ * y), -1);
        }
    }
    return all;
}

}  // namespace tomoloupe
