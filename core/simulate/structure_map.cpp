#include "core/simulate/structure_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/io/reader.h"
#include "core/simulate/density_blur.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kMapBytesAtMost = std::int64_t(2) << 30;
constexpr std::int64_t kSideAtMost = 1024;

/// Density with voxels that need not be cubes.
struct Grid {
    Index3 shape;
    Vec3 voxelSize;
    std::vector<float> voxels;
    [[nodiscard]] float at(std::int64_t x, std::int64_t y, std::int64_t z) const {
        return voxels[std::size_t(x + shape.x * (y + shape.y * z))];
    }
};

Grid readMap(const std::filesystem::path& path) {
    const auto file = builtInReaders().open(path);
    const VolumeInfo& info = file->info();
    if (info.imageStack || info.count != 1) {
        throw ReadError(fmt::format("{} holds a stack, not one density map", path.string()));
    }
    if (!info.voxelSizeKnown) {
        throw ReadError(
            fmt::format("{} does not say how large its voxels are: write the voxel size into its header", path.string()));
    }
    const Volume volume = readWhole(*file, 0, kMapBytesAtMost);
    Grid grid{volume.shape(), info.voxelSizeAngstrom, {volume.voxels().begin(), volume.voxels().end()}};
    for (float& value : grid.voxels) value = std::isfinite(value) ? value : 0.0F;
    return grid;
}

/// The median of the outermost layer of voxels.
float borderLevel(const Grid& grid) {
    std::vector<float> border;
    const Index3 n = grid.shape;
    for (std::int64_t z = 0; z < n.z; ++z) {
        for (std::int64_t y = 0; y < n.y; ++y) {
            const bool whole = z == 0 || z == n.z - 1 || y == 0 || y == n.y - 1;
            for (std::int64_t x = 0; x < n.x; x += whole ? 1 : std::max<std::int64_t>(1, n.x - 1))
                border.push_back(grid.at(x, y, z));
        }
    }
    const auto middle = border.begin() + std::int64_t(border.size() / 2);
    std::nth_element(border.begin(), middle, border.end());
    return *middle;
}

/// Background to 0, nothing below it.
void cutBackground(Grid& grid, const std::filesystem::path& path) {
    const float background = borderLevel(grid);
    const auto [lowest, highest] = std::minmax_element(grid.voxels.begin(), grid.voxels.end());
    const float above = *highest - background, below = background - *lowest;
    if (!(above > 0) && !(below > 0)) throw ReadError(fmt::format("{} is empty: every voxel has the same value", path.string()));
    if (below > 2 * above) {
        throw ReadError(fmt::format(
            "The particle in {} is darker than what surrounds it: give the map with its contrast inverted", path.string()));
    }
    for (float& value : grid.voxels) value = std::max(0.0F, value - background);
}

/// Middle and half extents, in voxels, of the box about everything above `level`.
struct Extent {
    Vec3 middle, half;
};

Extent extentAbove(const Grid& grid, double level) {
    const Index3 n = grid.shape;
    Index3 low = n, high{-1, -1, -1};
    for (std::int64_t z = 0; z < n.z; ++z) {
        for (std::int64_t y = 0; y < n.y; ++y) {
            for (std::int64_t x = 0; x < n.x; ++x) {
                if (grid.at(x, y, z) <= level) continue;
                low = {std::min(low.x, x), std::min(low.y, y), std::min(low.z, z)};
                high = {std::max(high.x, x), std::max(high.y, y), std::max(high.z, z)};
            }
        }
    }
    const auto middle = [](std::int64_t a, std::int64_t b) { return double(a + b) / 2; };
    const auto half = [](std::int64_t a, std::int64_t b) { return double(b - a + 1) / 2; };
    return {{middle(low.x, high.x), middle(low.y, high.y), middle(low.z, high.z)},
            {half(low.x, high.x), half(low.y, high.y), half(low.z, high.z)}};
}

float trilinear(const Grid& grid, Vec3 at) {
    const Index3 n = grid.shape;
    const auto x0 = std::int64_t(std::floor(at.x)), y0 = std::int64_t(std::floor(at.y)), z0 = std::int64_t(std::floor(at.z));
    double sum = 0;
    for (std::int64_t z = std::max<std::int64_t>(0, z0); z <= std::min(n.z - 1, z0 + 1); ++z) {
        for (std::int64_t y = std::max<std::int64_t>(0, y0); y <= std::min(n.y - 1, y0 + 1); ++y) {
            for (std::int64_t x = std::max<std::int64_t>(0, x0); x <= std::min(n.x - 1, x0 + 1); ++x) {
                const double weight =
                    (1 - std::abs(at.x - double(x))) * (1 - std::abs(at.y - double(y))) * (1 - std::abs(at.z - double(z)));
                sum += weight * grid.at(x, y, z);
            }
        }
    }
    return float(sum);
}

/// What a Gaussian must add so that voxels of `from` may be sampled every `to` Å, in voxels: a voxel averages much as a Gaussian
/// with 0.4 of its size.
double smoothing(double from, double to) {
    return to > 1.05 * from ? 0.4 * std::sqrt(to * to / (from * from) - 1) : 0;
}

Volume resampled(Grid grid, const Extent& extent, double voxelSize, const std::filesystem::path& path) {
    const Vec3 size = grid.voxelSize;
    blur(grid.voxels, grid.shape, {smoothing(size.x, voxelSize), smoothing(size.y, voxelSize), smoothing(size.z, voxelSize)});
    // As far again as the flanks of density that lie below the level: a tenth of the extent and two voxels.
    const double reach = std::max({extent.half.x * size.x, extent.half.y * size.y, extent.half.z * size.z});
    const auto half = std::int64_t(std::ceil(1.1 * reach / voxelSize)) + 2;
    if (2 * half > kSideAtMost) {
        throw ReadError(fmt::format("The density in {} is {:.0f} Å wide, more than {} voxels of {} Å: take larger voxels",
                                    path.string(), 2 * reach, kSideAtMost, voxelSize));
    }
    const std::int64_t side = 2 * half;
    std::vector<float> voxels;
    voxels.reserve(std::size_t(side * side * side));
    for (std::int64_t z = -half; z < half; ++z) {
        for (std::int64_t y = -half; y < half; ++y) {
            for (std::int64_t x = -half; x < half; ++x) {
                const Vec3 step{double(x) * voxelSize / size.x, double(y) * voxelSize / size.y, double(z) * voxelSize / size.z};
                voxels.push_back(trilinear(grid, extent.middle + step));
            }
        }
    }
    const double origin = -double(half) * voxelSize;
    return Volume({side, side, side}, std::move(voxels), voxelSize, {origin, origin, origin});
}

double farthestAbove(const Volume& density, double level) {
    const std::int64_t side = density.shape().x, half = side / 2;
    std::int64_t farthest = 0;
    for (std::int64_t z = 0; z < side; ++z) {
        for (std::int64_t y = 0; y < side; ++y) {
            for (std::int64_t x = 0; x < side; ++x) {
                if (density.at(x, y, z) <= level) continue;
                farthest = std::max(farthest, (x - half) * (x - half) + (y - half) * (y - half) + (z - half) * (z - half));
            }
        }
    }
    return std::sqrt(double(farthest)) * density.voxelSizeAngstrom();
}

}  // namespace

double otsuLevel(std::span<const float> voxels) {
    constexpr std::size_t kBins = 512;
    float highest = 0;
    for (const float value : voxels) highest = std::max(highest, value);
    if (!(highest > 0)) return 0;
    std::array<double, kBins> counts{};
    for (const float value : voxels) ++counts[std::min(kBins - 1, std::size_t(std::max(0.0F, value) / highest * kBins))];
    double total = 0, moment = 0;
    for (std::size_t i = 0; i < kBins; ++i) {
        total += counts[i];
        moment += counts[i] * double(i);
    }
    double below = 0, belowMoment = 0, best = -1;
    std::size_t level = 0;
    for (std::size_t i = 0; i + 1 < kBins; ++i) {
        below += counts[i];
        belowMoment += counts[i] * double(i);
        if (below == 0 || below == total) continue;
        const double apart = belowMoment / below - (moment - belowMoment) / (total - below);
        const double between = below * (total - below) * apart * apart;
        if (between > best) {
            best = between;
            level = i + 1;
        }
    }
    return double(level) / kBins * highest;
}

Structure structureOfMap(const std::filesystem::path& path, double voxelSizeAngstrom) {
    Grid grid = readMap(path);
    cutBackground(grid, path);
    const Extent extent = extentAbove(grid, otsuLevel(grid.voxels));
    Structure structure;
    structure.source = path.string();
    structure.density = resampled(std::move(grid), extent, voxelSizeAngstrom, path);
    structure.maskLevel = otsuLevel(structure.density.voxels());
    structure.radiusAngstrom = farthestAbove(structure.density, structure.maskLevel);
    return structure;
}

}  // namespace tomoloupe
