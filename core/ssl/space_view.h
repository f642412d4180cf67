#pragma once

#include <array>
#include <cstdint>

#include "core/recipe/learning.h"

namespace tomoloupe {

/// One map from output to input in space, acting on coordinates that run from -1 to 1 over the box (the convention of affine_grid with
/// align_corners = false): rows of [a b c t] for x, y and z.
using SpaceMap = std::array<double, 12>;

/// What is done to one volume to make a view of the extended kind (docs/method.md).
struct SpaceView {
    static constexpr SpaceMap kIdentity{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
    SpaceMap map = kIdentity;
    bool wedge = false;            ///< cut a missing wedge:
    double wedgeTiltDegrees = 90;  ///< tilt range to either side
    double wedgeAxisDegrees = 0;   ///< from y towards -x
    bool ctf = false;              ///< another defocus:
    double defocusMicrometre = 0;
    double blur = 0;   ///< standard deviation, voxels
    double noise = 0;  ///< standard deviation
    std::uint64_t noiseSeed = 0;
    double contrast = 1, brightness = 0;
};

/// `viewSide` of the `side` voxels of a cubic volume make a view. Each part draws from a seed of its own: changing one option leaves
/// the others' draws as they were.
[[nodiscard]] SpaceView drawSpaceView(const AugmentationOptions& options, std::int64_t side, std::int64_t viewSide, std::uint64_t seed);

}  // namespace tomoloupe
