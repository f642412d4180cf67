#include "core/simulate/simulate.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/seed.h"
#include "core/simulate/wedge.h"
#include "core/volume/statistics.h"

namespace tomoloupe {
namespace {

constexpr double kReachSigmas = 4;  // beyond it a blob is below 0.04 % of its peak

/// exp(-(i - centre)^2 / (2 sigma^2)) for the voxels of one axis within reach, and the index of the first.
struct Profile {
    std::int64_t start = 0;
    std::vector<float> values;
};

Profile profile(double centre, double sigma, std::int64_t side) {
    const double reach = kReachSigmas * sigma;
    const auto first = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(centre - reach)), 0, side);
    const auto last = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(centre + reach)), -1, side - 1);
    Profile result{.start = first, .values = {}};
    for (std::int64_t i = first; i <= last; ++i) {
        const double distance = (static_cast<double>(i) - centre) / sigma;
        result.values.push_back(static_cast<float>(std::exp(-0.5 * distance * distance)));
    }
    return result;
}

void addBlob(std::vector<float>& voxels, std::int64_t side, Vec3 centre, double sigma, double weight) {
    const Profile x = profile(centre.x, sigma, side), y = profile(centre.y, sigma, side), z = profile(centre.z, sigma, side);
    for (std::size_t k = 0; k < z.values.size(); ++k) {
        for (std::size_t j = 0; j < y.values.size(); ++j) {
            const float factor = static_cast<float>(weight) * z.values[k] * y.values[j];
            const std::int64_t row = side * (y.start + static_cast<std::int64_t>(j) +
                                             side * (z.start + static_cast<std::int64_t>(k)));
            float* voxel = voxels.data() + row + x.start;
            for (const float value : x.values) *voxel++ += factor * value;
        }
    }
}

Vec3 uniformInBall(Random& random, double radius) {
    const double cosine = random.uniform(-1, 1), angle = random.uniform(0, 2 * M_PI);
    const double distance = radius * std::cbrt(random.uniform());
    const double sine = std::sqrt(1 - cosine * cosine);
    return distance * Vec3{sine * std::cos(angle), sine * std::sin(angle), cosine};
}

}  // namespace

Volume renderShape(const Shape& shape, const Rotation& rotation, Vec3 offsetVoxels, std::int64_t side,
                   double voxelSizeAngstrom) {
    std::vector<float> voxels(static_cast<std::size_t>(side * side * side), 0.0F);
    const auto middle = static_cast<double>(side / 2);
    const Vec3 origin = Vec3{middle, middle, middle} + offsetVoxels;
    for (const Blob& blob : shape.blobs) {
        const Vec3 centre = origin + (1 / voxelSizeAngstrom) * (rotation * blob.centreAngstrom);
        addBlob(voxels, side, centre, blob.sigmaAngstrom / voxelSizeAngstrom, blob.weight);
    }
    return {{side, side, side}, std::move(voxels), voxelSizeAngstrom};
}

SimulatedParticle simulateParticle(const SimulateOptions& options, int classIndex, std::int64_t index, std::uint64_t seed) {
    SimulateOptions checked = options;
    check(checked.describe());
    Random pose(deriveSeed(seed, "pose", static_cast<std::uint64_t>(index)));
    SimulatedParticle particle;
    particle.classIndex = classIndex;
    const double u1 = pose.uniform(), u2 = pose.uniform(), u3 = pose.uniform();
    particle.rotation = Rotation::uniform(u1, u2, u3);
    particle.offsetVoxels = uniformInBall(pose, options.offsetVoxels);
    const Volume signal = renderShape(makeShape(classIndex), particle.rotation, particle.offsetVoxels, options.boxSize,
                                      options.voxelSizeAngstrom);

    const double noise = statisticsOf(signal.voxels()).standardDeviation / std::sqrt(options.snr);
    Random random(deriveSeed(seed, "noise", static_cast<std::uint64_t>(index)));
    std::vector<float> voxels(signal.voxels().begin(), signal.voxels().end());
    for (float& voxel : voxels) voxel += static_cast<float>(noise * random.normal());
    const Volume noisy(signal.shape(), std::move(voxels), options.voxelSizeAngstrom);
    particle.volume = withMissingWedge(noisy, options.tiltMaximumDegrees);
    return particle;
}

}  // namespace tomoloupe
