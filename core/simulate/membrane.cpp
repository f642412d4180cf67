#include "core/simulate/membrane.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/volume/vector_math.h"

namespace tomoloupe {
namespace {

/// Protein weighs 1.35 g/cm^3 (Fischer et al. 2004).
constexpr double kProteinDaltonPerCubicAngstrom = 0.813;
/// Standard deviation of a layer of phosphate head groups across the bilayer (Å), before the resolution blurs it.
constexpr double kHeadGroupAngstrom = 4;

/// Blur of a density at this resolution (2 sigma) sampled on these voxels.
double blurVoxels(double voxelSizeAngstrom, double resolutionAngstrom) {
    const double sigma = resolutionAngstrom / 2 / voxelSizeAngstrom;
    return std::sqrt(sigma * sigma + 1.0 / 12);
}

/// Calls add(offset from centre, voxel) for the voxels within `reach` of `centre`.
template <typename Add>
void forEachWithin(Vec3 centre, double reach, Index3 start, Index3 shape, std::span<float> voxels, Add add) {
    const auto low = [&](double c, std::int64_t first) { return std::max<std::int64_t>(0, std::int64_t(std::floor(c - reach)) - first); };
    const auto high = [&](double c, std::int64_t first, std::int64_t size) {
        return std::min<std::int64_t>(size - 1, std::int64_t(std::ceil(c + reach)) - first);
    };
    const std::int64_t x0 = low(centre.x, start.x), x1 = high(centre.x, start.x, shape.x), y0 = low(centre.y, start.y),
                       y1 = high(centre.y, start.y, shape.y), z1 = high(centre.z, start.z, shape.z);
    for (std::int64_t z = low(centre.z, start.z); z <= z1; ++z)
        for (std::int64_t y = y0; y <= y1; ++y)
            for (std::int64_t x = x0; x <= x1; ++x)
                add(Vec3{double(x + start.x), double(y + start.y), double(z + start.z)} - centre, voxels[std::size_t(x + shape.x * (y + shape.y * z))]);
}

}  // namespace

void addVesicle(const Vesicle& vesicle, double voxelSizeAngstrom, double resolutionAngstrom, Index3 start, Index3 shape, std::span<float> voxels) {
    const double layer = kHalfBilayerAngstrom / voxelSizeAngstrom, sharp = kHeadGroupAngstrom / voxelSizeAngstrom;
    const double blur = blurVoxels(voxelSizeAngstrom, resolutionAngstrom), sigma = std::sqrt(sharp * sharp + blur * blur);
    const double height = kProteinDaltonPerCubicAngstrom * sharp / sigma, reach = layer + 3.5 * sigma;  // blurring keeps the mass
    const Matrix3 m = vesicle.rotation.inverse().matrix();
    const Vec3 a = vesicle.semiAxes, squared{a.x * a.x, a.y * a.y, a.z * a.z};
    const double inner = std::min({a.x, a.y, a.z}) - reach;
    forEachWithin(vesicle.centre, vesicle.reach() + reach, start, shape, voxels, [&](Vec3 d, float& voxel) {
        if (inner > 0 && squaredLength(d) < inner * inner) return;
        const Vec3 p{m[0] * d.x + m[1] * d.y + m[2] * d.z, m[3] * d.x + m[4] * d.y + m[5] * d.z, m[6] * d.x + m[7] * d.y + m[8] * d.z};
        // Distance from the surface n(p) = |p / a| = 1 to first order: (n - 1) / |grad n|.
        const double n = std::sqrt(p.x * p.x / squared.x + p.y * p.y / squared.y + p.z * p.z / squared.z);
        const Vec3 g{p.x / squared.x, p.y / squared.y, p.z / squared.z};
        const double slope = length(g) / std::max(n, 1e-9);
        const double distance = std::abs(n - 1) / std::max(slope, 1e-9);
        if (distance > reach) return;
        const double near = (distance - layer) / sigma, far = (distance + layer) / sigma;
        voxel += static_cast<float>(height * (std::exp(-near * near / 2) + std::exp(-far * far / 2)));
    });
}

void addGoldBead(const GoldBead& bead, double voxelSizeAngstrom, double resolutionAngstrom, Index3 start, Index3 shape, std::span<float> voxels) {
    constexpr double kTimesProtein = 10;
    const double sigma = blurVoxels(voxelSizeAngstrom, resolutionAngstrom);
    forEachWithin(bead.centre, bead.radius + 4 * sigma, start, shape, voxels, [&](Vec3 d, float& voxel) {
        const double outside = length(d) - bead.radius;
        voxel += static_cast<float>(kTimesProtein * kProteinDaltonPerCubicAngstrom * std::erfc(outside / (std::numbers::sqrt2 * sigma)) / 2);
    });
}

}  // namespace tomoloupe
