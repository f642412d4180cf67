#pragma once

#include <array>
#include <cstdint>

#include "core/recipe/learning.h"

namespace tomoloupe {

/// One in-plane map from output to input, acting on coordinates that run from -1 to 1 over the slice (the convention of
/// affine_grid with align_corners = false): rows of [a b tx; c d ty], x first.
using PlaneMap = std::array<double, 6>;

/// A view of the paper's kind: the same map for every slice along the beam, of which it shows those from `firstSlice` on.
struct PlaneView {
    PlaneMap map{1, 0, 0, 0, 1, 0};
    std::int64_t firstSlice = 0;
};

/// Draws the paper's augmentation (docs/method.md): with its probability a crop by area, resized back; then with its own probability a turn, a shift
/// in whole voxels and a scaling about the centre; both in one map. `viewSide` of `side` voxels make a view.
[[nodiscard]] PlaneView drawPlaneView(const AugmentationOptions& options, std::int64_t side, std::int64_t viewSide, std::uint64_t seed);

}  // namespace tomoloupe
