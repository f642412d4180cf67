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

/// Draws the paper's augmentation (docs/method.md): with its probability a crop by area, resized back; then with its own probability a turn, a shift
/// in whole voxels and a scaling about the centre. The same map for every slice along the beam, both in one map.
[[nodiscard]] PlaneMap drawPlaneMap(const AugmentationOptions& options, std::int64_t side, std::uint64_t seed);

/// One bilinear resampling of volumes [N, 1, D, H, W] on their device, every slice of volume i by maps[i]; outside is 0, the
/// mean of a standardised volume.
[[nodiscard]] at::Tensor resample(const at::Tensor& volumes, const std::vector<PlaneMap>& maps);

/// An augmented view of each volume; volume i draws from deriveSeed(seed, "view", i).
[[nodiscard]] at::Tensor augment(const at::Tensor& volumes, const AugmentationOptions& options, std::uint64_t seed);

}  // namespace tomoloupe
