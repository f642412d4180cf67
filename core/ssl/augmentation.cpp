#include "core/ssl/augmentation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/seed.h"

namespace tomoloupe {
namespace {

/// First `inner`, then `outer`.
PlaneMap compose(const PlaneMap& outer, const PlaneMap& inner) {
    return {outer[0] * inner[0] + outer[1] * inner[3], outer[0] * inner[1] + outer[1] * inner[4],
            outer[0] * inner[2] + outer[1] * inner[5] + outer[2],
            outer[3] * inner[0] + outer[4] * inner[3], outer[3] * inner[1] + outer[4] * inner[4],
            outer[3] * inner[2] + outer[4] * inner[5] + outer[5]};
}

/// A square of side round(sqrt(area) * side) at a whole-voxel place, blown up to the full slice.
PlaneMap drawCrop(const AugmentationOptions& options, std::int64_t side, Random& random) {
    const double area = random.uniform(options.cropAreaMinimum, 1);
    const auto small = std::clamp<std::int64_t>(std::llround(std::sqrt(area) * double(side)), 1, side);
    const double scale = double(small) / double(side);
    const auto place = [&] {
        const double start = double(random.below(std::uint64_t(side - small + 1)));
        return (2 * start + double(small)) / double(side) - 1;  // centre of the crop
    };
    const double x = place(), y = place();
    return {scale, 0, x, 0, scale, y};
}

PlaneMap drawAffine(const AugmentationOptions& options, std::int64_t side, Random& random) {
    const double angle = random.uniform(-options.rotationDegrees, options.rotationDegrees) * std::numbers::pi / 180;
    const auto shift = [&] {
        const double largest = options.translation * double(side);
        return std::round(random.uniform(-largest, largest)) * 2 / double(side);
    };
    const double tx = shift(), ty = shift();
    const double scale = random.uniform(options.scaleMinimum, options.scaleMaximum);
    // From output to input: take the shift away, turn back, scale back.
    const double c = std::cos(angle) / scale, s = std::sin(angle) / scale;
    return {c, s, -(c * tx + s * ty), -s, c, -(-s * tx + c * ty)};
}

}  // namespace

PlaneMap drawPlaneMap(const AugmentationOptions& options, std::int64_t side, std::uint64_t seed) {
    Random random(seed);
    PlaneMap map{1, 0, 0, 0, 1, 0};
    if (random.uniform() < options.cropProbability) map = drawCrop(options, side, random);
    if (random.uniform() < options.affineProbability) map = compose(map, drawAffine(options, side, random));
    return map;
}

at::Tensor resample(const at::Tensor& volumes, const std::vector<PlaneMap>& maps) {
    const std::int64_t n = volumes.size(0), depth = volumes.size(2), height = volumes.size(3), width = volumes.size(4);
    at::Tensor theta = at::empty({n, 2, 3}, at::kFloat);
    float* values = theta.data_ptr<float>();
    for (const PlaneMap& map : maps)
        for (const double value : map) *values++ = static_cast<float>(value);
    const at::Tensor grid = at::affine_grid_generator(theta.to(volumes.device()), {n, depth, height, width}, false);
    // Slices along the beam are the channels of a 2D resampling: the grid is computed and looked up once for all of them.
    return at::grid_sampler_2d(volumes.view({n, depth, height, width}), grid, /*bilinear*/ 0, /*zeros*/ 0, false)
        .view({n, 1, depth, height, width});
}

at::Tensor augment(const at::Tensor& volumes, const AugmentationOptions& options, std::uint64_t seed) {
    std::vector<PlaneMap> maps;
    for (std::int64_t i = 0; i < volumes.size(0); ++i)
        maps.push_back(drawPlaneMap(options, volumes.size(4), deriveSeed(seed, "view", std::uint64_t(i))));
    return resample(volumes, maps);
}

}  // namespace tomoloupe
