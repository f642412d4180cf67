#include "core/simulate/molecule_points.h"

#include <algorithm>

namespace tomoloupe {

namespace {

Vec3 boundingMiddle(std::span<const MassPoint> points) {
    Vec3 low = points.front().positionAngstrom, high = low;
    for (const MassPoint& point : points) {
        const Vec3 p = point.positionAngstrom;
        low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
    }
    return 0.5 * (low + high);
}

void shift(std::span<MassPoint> points, Vec3 by) {
    for (MassPoint& point : points) point.positionAngstrom = point.positionAngstrom - by;
}

}  // namespace

void centreOnBoundingBox(std::span<MassPoint> points) {
    if (!points.empty()) shift(points, boundingMiddle(points));
}

void centreAlongZ(std::span<MassPoint> points) {
    if (!points.empty()) shift(points, {0, 0, boundingMiddle(points).z});
}

}  // namespace tomoloupe
