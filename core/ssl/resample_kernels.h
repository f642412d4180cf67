#pragma once

#include <cstdint>

#include "core/ssl/plane_view.h"
#include "core/ssl/space_view.h"

namespace tomoloupe {

// The CPU's resampling, free of LibTorch; one call is one volume and one thread's work. Equal to LibTorch's grid_sampler with zeros outside and
// align_corners = false, but for rounding.

/// Voxels of a volume, [depth, height, width], width fastest.
struct VoxelGrid {
    const float* voxels;
    std::int64_t depth, height, width;
};

/// Bilinear; every slice of `in`, seen through `map`, to `out` [in.depth, side, side]. What all slices share, places and weights, is
/// computed once.
void resamplePlanes(const VoxelGrid& in, const PlaneMap& map, std::int64_t side, float* out);

/// Trilinear; `in` seen through `map` to `out` [side, side, side].
void resampleSpace(const VoxelGrid& in, const SpaceMap& map, std::int64_t side, float* out);

}  // namespace tomoloupe
