#include "core/data/class_average.h"

#include <cmath>

#include "core/base/error.h"
#include "core/volume/operations.h"

namespace tomoloupe {
namespace {

float interpolated(const Volume& volume, Vec3 at) {
    const Index3 shape = volume.shape();
    const double fx = std::floor(at.x), fy = std::floor(at.y), fz = std::floor(at.z);
    const auto x = static_cast<std::int64_t>(fx), y = static_cast<std::int64_t>(fy), z = static_cast<std::int64_t>(fz);
    const double wx = at.x - fx, wy = at.y - fy, wz = at.z - fz;
    double sum = 0;
    for (int corner = 0; corner < 8; ++corner) {
        const int dx = corner & 1, dy = corner >> 1 & 1, dz = corner >> 2;
        const double weight = (dx ? wx : 1 - wx) * (dy ? wy : 1 - wy) * (dz ? wz : 1 - wz);
        if (weight == 0 || x + dx < 0 || y + dy < 0 || z + dz < 0 || x + dx >= shape.x || y + dy >= shape.y ||
            z + dz >= shape.z)
            continue;
        sum += weight * static_cast<double>(volume.at(x + dx, y + dy, z + dz));
    }
    return static_cast<float>(sum);
}

bool turnsNothing(const Rotation& rotation) {
    return rotation.x == 0 && rotation.y == 0 && rotation.z == 0;
}

}  // namespace

Volume inParticleFrame(const Volume& box, const Rotation& tomogramFromParticle) {
    if (turnsNothing(tomogramFromParticle)) return box;
    const Index3 shape = box.shape();
    const Vec3 middle{double(shape.x / 2), double(shape.y / 2), double(shape.z / 2)};
    std::vector<float> voxels;
    voxels.reserve(static_cast<std::size_t>(shape.product()));
    for (std::int64_t z = 0; z < shape.z; ++z) {
        for (std::int64_t y = 0; y < shape.y; ++y) {
            for (std::int64_t x = 0; x < shape.x; ++x) {
                const Vec3 inBox =
                    tomogramFromParticle * Vec3{double(x) - middle.x, double(y) - middle.y, double(z) - middle.z};
                voxels.push_back(interpolated(box, {inBox.x + middle.x, inBox.y + middle.y, inBox.z + middle.z}));
            }
        }
    }
    return Volume(shape, std::move(voxels), box.voxelSizeAngstrom());
}

Volume classAverage(const SubtomogramSource& source, std::span<const Particle> particles,
                    std::span<const std::int64_t> indices) {
    if (indices.empty()) throw Error("There are no particles to average");
    std::vector<double> sum(static_cast<std::size_t>(source.boxShape().product()));
    for (const std::int64_t index : indices) {
        const Volume turned = inParticleFrame(standardised(source.read(index)),
                                              particles[static_cast<std::size_t>(index)].tomogramFromParticle);
        const auto voxels = turned.voxels();
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(voxels[i]);
    }
    std::vector<float> mean;
    for (const double value : sum) mean.push_back(static_cast<float>(value / double(indices.size())));
    return Volume(source.boxShape(), std::move(mean), source.voxelSizeAngstrom());
}

}  // namespace tomoloupe
