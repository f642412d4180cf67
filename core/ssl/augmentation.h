#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <vector>

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

/// One bilinear resampling of volumes [N, 1, D, H, W] on their device to views [N, 1, depth, side, side], volume i by views[i]; outside
/// is 0, the mean of a standardised volume.
[[nodiscard]] at::Tensor resample(const at::Tensor& volumes, const std::vector<PlaneView>& views, std::int64_t depth, std::int64_t side);

/// An augmented view of each volume; volume i draws from deriveSeed(seed, "view", first + i), so that a batch in parts, each told
/// its `first`, gives the same views. `side`: of the views' boxes, where they are to be smaller than the volumes (SwAV's local
/// crops): each then shows a part of about that side at a random place, at the magnifications of a full view with the same
/// options, [N, 1, side, side, side]; 0: the volumes' own.
[[nodiscard]] at::Tensor augment(const at::Tensor& volumes, const AugmentationOptions& options, std::uint64_t seed, std::int64_t first = 0,
                                 std::int64_t side = 0);

}  // namespace tomoloupe
