#pragma once

#include <QImage>

#include "core/volume/volume.h"

namespace tomoloupe {

/// Greys of a slice of shape (w, h, 1), v upwards, one pixel a voxel; contrast from the slice itself.
[[nodiscard]] QImage sliceImage(const Volume& slice);

}  // namespace tomoloupe
