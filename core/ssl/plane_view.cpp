#include "core/ssl/plane_view.h"

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

/// A square of `small` voxels at a whole-voxel place of a slice of `side`, as the full view.
PlaneMap drawPlace(std::int64_t small, std::int64_t side, Random& random) {
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

PlaneView drawPlaneView(const AugmentationOptions& options, std::int64_t side, std::int64_t viewSide, std::uint64_t seed) {
    Random random(seed);
    PlaneView view;
    if (random.uniform() < options.cropProbability) {
        const double area = random.uniform(options.cropAreaMinimum, 1);
        view.map = drawPlace(std::clamp<std::int64_t>(std::llround(std::sqrt(area) * double(viewSide)), 1, viewSide), side, random);
    } else if (viewSide < side) {
        view.map = drawPlace(viewSide, side, random);
    }
    if (random.uniform() < options.affineProbability) view.map = compose(view.map, drawAffine(options, viewSide, random));
    if (viewSide < side) view.firstSlice = std::int64_t(random.below(std::uint64_t(side - viewSide + 1)));
    return view;
}

}  // namespace tomoloupe
