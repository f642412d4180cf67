#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/simulate/structure.h"

namespace tomoloupe {
namespace {

/// Which i in 0..count-1 keep start + i * step within 0..last; empty where second <= first.
std::pair<std::int64_t, std::int64_t> within(double start, double step, double last,
                                             std::pair<std::int64_t, std::int64_t> range) {
    if (std::abs(step) < 1e-12) return start >= 0 && start <= last ? range : std::pair<std::int64_t, std::int64_t>{0, 0};
    const double a = -start / step, b = (last - start) / step;
    const double low = std::clamp(std::ceil(std::min(a, b)), double(range.first), double(range.second));
    const double high = std::clamp(std::floor(std::max(a, b)) + 1, double(range.first), double(range.second));
    return {std::int64_t(low), std::int64_t(high)};
}

/// The density at `at`, which lies within the cube of `side` voxels or, by rounding, a hair outside.
float trilinear(const float* voxels, std::int64_t side, Vec3 at) {
    const auto split = [side](double value, float& fraction) {
        const auto whole = std::clamp<std::int64_t>(std::int64_t(value), 0, side - 2);
        fraction = float(value - double(whole));
        return whole;
    };
    float u = 0, v = 0, w = 0;
    const std::int64_t x = split(at.x, u), y = split(at.y, v), z = split(at.z, w);
    const float* p = voxels + x + side * (y + side * z);
    const float* q = p + side * side;
    const float near = (p[0] + u * (p[1] - p[0])) * (1 - v) + (p[side] + u * (p[side + 1] - p[side])) * v;
    const float far = (q[0] + u * (q[1] - q[0])) * (1 - v) + (q[side] + u * (q[side + 1] - q[side])) * v;
    return near + w * (far - near);
}

/// First and last + 1 voxel along an axis that a sphere of `radius` about `centre` may reach.
std::pair<std::int64_t, std::int64_t> reached(double centre, double radius, std::int64_t count) {
    const double low = std::clamp(std::ceil(centre - radius), 0.0, double(count));
    const double high = std::clamp(std::floor(centre + radius) + 1, 0.0, double(count));
    return {std::int64_t(low), std::int64_t(high)};
}

}  // namespace

void addStructure(const Structure& structure, const Rotation& rotation, Vec3 positionVoxels, double voxelSizeAngstrom,
                  Index3 shape, std::span<float> voxels) {
    const std::int64_t side = structure.density.shape().x;
    if (side < 2 || std::int64_t(voxels.size()) != shape.product())
        throw Error("A structure needs density and a scene of the given shape");
    const double ratio = voxelSizeAngstrom / structure.density.voxelSizeAngstrom();
    const Matrix3 m = rotation.inverse().matrix();
    // One voxel further in the scene is this much further in the structure.
    const Vec3 dx{ratio * m[0], ratio * m[3], ratio * m[6]}, dy{ratio * m[1], ratio * m[4], ratio * m[7]},
        dz{ratio * m[2], ratio * m[5], ratio * m[8]};
    const double middle = double(side / 2), last = double(side - 1), radius = std::sqrt(3.0) * middle / ratio;
    const auto xs = reached(positionVoxels.x, radius, shape.x), ys = reached(positionVoxels.y, radius, shape.y),
               zs = reached(positionVoxels.z, radius, shape.z);
    const float* density = structure.density.voxels().data();
    for (std::int64_t z = zs.first; z < zs.second; ++z) {
        for (std::int64_t y = ys.first; y < ys.second; ++y) {
            const Vec3 start = Vec3{middle, middle, middle} - positionVoxels.x * dx + (double(y) - positionVoxels.y) * dy +
                               (double(z) - positionVoxels.z) * dz;
            const auto range = within(start.z, dx.z, last, within(start.y, dx.y, last, within(start.x, dx.x, last, xs)));
            float* row = voxels.data() + shape.x * (y + shape.y * z);
            for (std::int64_t x = range.first; x < range.second; ++x) row[x] += trilinear(density, side, start + double(x) * dx);
        }
    }
}

}  // namespace tomoloupe
