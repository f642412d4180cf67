#include "core/pick/peak.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

namespace tomoloupe {
namespace {

bool better(const Peak& a, const Peak& b) {
    const auto key = [](const Peak& peak) {
        return std::make_tuple(-peak.score, peak.positionVoxels.z, peak.positionVoxels.y, peak.positionVoxels.x, peak.templateIndex);
    };
    return key(a) < key(b);
}

}  // namespace

std::vector<Peak> withoutNeighbours(std::vector<Peak> peaks, double minimumDistanceVoxels, std::int64_t maximumCount) {
    std::sort(peaks.begin(), peaks.end(), better);
    // Kept peaks by cells of a grid as wide as the distance: a neighbour lies in one of 27 cells.
    const double cell = std::max(minimumDistanceVoxels, 1e-3);
    const auto key = [](std::int64_t x, std::int64_t y, std::int64_t z) { return (z * (1LL << 21) + y) * (1LL << 21) + x; };
    const auto cellOf = [cell](double value) { return static_cast<std::int64_t>(std::floor(value / cell)); };
    std::unordered_multimap<std::int64_t, Vec3> keptByCell;
    std::vector<Peak> kept;
    for (const Peak& peak : peaks) {
        if (maximumCount > 0 && std::int64_t(kept.size()) == maximumCount) break;
        const Vec3 at = peak.positionVoxels;
        const std::int64_t cx = cellOf(at.x), cy = cellOf(at.y), cz = cellOf(at.z);
        bool near = false;
        for (int i = 0; i < 27 && !near; ++i) {
            const auto [first, last] = keptByCell.equal_range(key(cx + i % 3 - 1, cy + i / 3 % 3 - 1, cz + i / 9 - 1));
            near = std::any_of(first, last, [&](const auto& entry) {
                const Vec3 apart = entry.second - at;
                return apart.x * apart.x + apart.y * apart.y + apart.z * apart.z < minimumDistanceVoxels * minimumDistanceVoxels;
            });
        }
        if (near) continue;
        keptByCell.emplace(key(cx, cy, cz), at);
        kept.push_back(peak);
    }
    return kept;
}

double parabolaVertex(double before, double at, double after) {
    const double curvature = before - 2 * at + after;
    return curvature < 0 ? std::clamp(0.5 * (before - after) / curvature, -0.5, 0.5) : 0;
}

}  // namespace tomoloupe
