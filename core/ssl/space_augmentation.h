#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "core/recipe/learning.h"
#include "core/ssl/space_view.h"

namespace tomoloupe {

/// One trilinear resampling of cubic volumes [N, 1, D, D, D] on their device to [N, 1, side, side, side], volume i by views[i]; outside is 0.
[[nodiscard]] at::Tensor resample(const at::Tensor& volumes, const std::vector<SpaceView>& views, std::int64_t side);

/// What the views say of noise, wedge, CTF and blur, in this order, on volumes [N, 1, D, H, W], by one Fourier transform and back; noise comes
/// first because a tomogram's noise lacks the wedge too. Formulas in docs/method.md.
[[nodiscard]] at::Tensor imageAnew(const at::Tensor& volumes, const std::vector<SpaceView>& views, const AugmentationOptions& options);

/// Each volume brought to mean 0 and standard deviation 1 (a constant one to 0), then to its view's contrast and brightness.
[[nodiscard]] at::Tensor standardise(const at::Tensor& volumes, const std::vector<SpaceView>& views);

/// The three in turn.
[[nodiscard]] at::Tensor makeViews(const at::Tensor& volumes, const std::vector<SpaceView>& views, const AugmentationOptions& options,
                                   std::int64_t side);

}  // namespace tomoloupe
