#pragma once

#include <span>

#include "core/volume/geometry.h"

namespace tomoloupe {

/// Convolves with a Gaussian of standard deviation `sigma` voxels along each axis (0: that axis is left as it is), cut at 4.5 of
/// them; outside lie zeros. The kernel's sum is 1. In place; any thread.
void blur(std::span<float> voxels, Index3 shape, Vec3 sigma);

}  // namespace tomoloupe
