#pragma once

#include "core/volume/volume.h"

namespace tomoloupe {

/// What a tilt series of +-`tiltMaximumDegrees` about the y axis, with the beam along z, leaves of a volume: Fourier
/// coefficients with |kx| < tan(90° - tiltMaximum) |kz| become zero, k in cycles per voxel (AITOM vol/wedge/util.py; 60° leave a
/// wedge of 30° half opening). Periodic: what leaves the box at one side comes in at the other. Any thread.
[[nodiscard]] Volume withMissingWedge(const Volume& volume, double tiltMaximumDegrees);

}  // namespace tomoloupe
