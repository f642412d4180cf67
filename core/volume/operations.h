#pragma once

#include "core/volume/volume.h"

namespace tomoloupe {

/// The voxels of `box`; voxels of the box outside the volume get `fill`. The origin moves with the box.
[[nodiscard]] Volume crop(const Volume& volume, const Box& box, float fill = 0);

/// The box of `side`^3 voxels in the volume's middle (index n/2 stays index side/2), padded with the mean where larger.
[[nodiscard]] Volume centred(const Volume& volume, std::int64_t side);

/// Means of factor^3 voxels; voxels left over at the far ends are dropped. The first voxel's centre moves by
/// (factor - 1)/2 voxels.
[[nodiscard]] Volume binned(const Volume& volume, int factor);

/// Mean 0, standard deviation 1 over the finite voxels; what is not finite becomes 0; a constant volume becomes zeros.
[[nodiscard]] Volume standardised(const Volume& volume);

/// Density times -1: particles dark on light become light on dark.
[[nodiscard]] Volume inverted(const Volume& volume);

}  // namespace tomoloupe
