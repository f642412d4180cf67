#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "core/recipe/learning.h"
#include "core/ssl/plane_view.h"

namespace tomoloupe {

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
