#pragma once

#include "core/io/volume_file.h"
#include "core/recipe/recipe.h"

namespace tomoloupe {

/// Where a particle's box lies in its tomogram, so that index boxSize/2 of the subtomogram is the particle: the binned voxel of this
/// index has its centre, as near as whole voxels allow, at `positionVoxels`. `box` has boxSize * binning voxels a side.
struct ParticleBox {
    Box box;
    /// Position minus what index boxSize/2 stands for, in voxels of the tomogram, each within [-0.5, 0.5]: the particle lies at
    /// boxSize/2 + remainder/binning. It is what the set's position keeps beyond the box.
    Vec3 remainderVoxels;
};
[[nodiscard]] ParticleBox boxOfParticle(Vec3 positionVoxels, int boxSize, int binning);

/// One subtomogram as ExtractOptions say: cut out, filled up with the mean of what is inside, binned, inverted, normalised. Its origin
/// is where voxel 0 lies in the tomogram. Any thread. Throws Error when no voxel of the box is inside.
[[nodiscard]] Volume extractSubtomogram(const VolumeFile& tomogram, Vec3 positionVoxels, const ExtractOptions& options);

}  // namespace tomoloupe
