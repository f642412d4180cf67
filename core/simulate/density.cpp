#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/simulate/density_blur.h"
#include "core/simulate/molecule.h"

namespace tomoloupe {
namespace {

constexpr double kReach = 4;  // standard deviations: exp(-8) = 3e-4 of the peak
constexpr std::int64_t kSideAtMost = 1024;
constexpr double kDirectUpTo = 1.6;  // standard deviation, in voxels, up to which points are drawn as they are
constexpr double kDrawn = 1.2;       // what wider ones are drawn with; a blur adds the rest

/// A Gaussian about `centre` (in voxels) on the voxels first, first + 1 ...; the sum is 1, so that no mass is lost.
struct AxisWeights {
    std::int64_t first = 0;
    std::vector<double> values;
    void set(double centre, double sigma, std::int64_t reach) {
        const std::int64_t nearest = std::llround(centre);
        first = nearest - reach;
        double sum = 0;
        // Relative to the nearest voxel, so that a very narrow Gaussian keeps a weight.
        const double closest = (double(nearest) - centre) * (double(nearest) - centre);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double distance = double(first + std::int64_t(i)) - centre;
            sum += values[i] = std::exp((closest - distance * distance) / (2 * sigma * sigma));
        }
        for (double& value : values) value /= sum;
    }
};

void drawPoints(const Molecule& molecule, double voxelSize, double sigma, std::int64_t side, std::vector<float>& voxels) {
    const std::int64_t reach = std::max<std::int64_t>(1, std::llround(std::ceil(kReach * sigma)));
    const std::size_t width = std::size_t(2 * reach + 1);
    AxisWeights x{0, std::vector<double>(width)}, y = x, z = x;
    std::vector<float> row(width);
    for (const MassPoint& point : molecule.points) {
        const double half = double(side / 2);
        x.set(point.positionAngstrom.x / voxelSize + half, sigma, reach);
        y.set(point.positionAngstrom.y / voxelSize + half, sigma, reach);
        z.set(point.positionAngstrom.z / voxelSize + half, sigma, reach);
        const double scale = point.massDalton / (voxelSize * voxelSize * voxelSize);
        for (std::size_t i = 0; i < width; ++i) row[i] = float(scale * x.values[i]);
        for (std::size_t k = 0; k < width; ++k) {
            for (std::size_t j = 0; j < width; ++j) {
                const float weight = float(z.values[k] * y.values[j]);
                float* target = voxels.data() + x.first + side * (y.first + std::int64_t(j) + side * (z.first + std::int64_t(k)));
                for (std::size_t i = 0; i < width; ++i) target[i] += weight * row[i];
            }
        }
    }
}

}  // namespace

Volume densityOf(const Molecule& molecule, double voxelSizeAngstrom, double resolutionAngstrom) {
    if (!(voxelSizeAngstrom > 0) || !(resolutionAngstrom > 0)) {
        throw Error("The voxel size and the resolution of a density must be more than 0 Å");
    }
    if (molecule.points.empty()) throw Error(fmt::format("{} has no atoms", molecule.name));
    const double sigma = std::max(0.1, resolutionAngstrom / 2 / voxelSizeAngstrom);
    double farthest = 0;
    for (const MassPoint& point : molecule.points) {
        const Vec3 p = point.positionAngstrom;
        farthest = std::max({farthest, std::abs(p.x), std::abs(p.y), std::abs(p.z)});
    }
    const double half = std::ceil(farthest / voxelSizeAngstrom + std::ceil(kReach * sigma)) + 2;
    if (2 * half > double(kSideAtMost)) {
        throw Error(fmt::format(
            "{} is {:.0f} Å wide: at {} Å a voxel its density would have more than {} voxels a side; take larger voxels",
            molecule.name, 2 * farthest, voxelSizeAngstrom, kSideAtMost));
    }
    const std::int64_t side = 2 * std::llround(half);
    std::vector<float> voxels(std::size_t(side * side * side));
    const Index3 shape{side, side, side};
    if (sigma <= kDirectUpTo) {
        drawPoints(molecule, voxelSizeAngstrom, sigma, side, voxels);
    } else {
        drawPoints(molecule, voxelSizeAngstrom, kDrawn, side, voxels);
        const double rest = std::sqrt(sigma * sigma - kDrawn * kDrawn);
        blur(voxels, shape, {rest, rest, rest});
    }
    const double origin = -half * voxelSizeAngstrom;
    return Volume(shape, std::move(voxels), voxelSizeAngstrom, {origin, origin, origin});
}

}  // namespace tomoloupe
