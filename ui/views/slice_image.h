#pragma once

#include <QImage>

#include "core/volume/volume.h"

namespace tomoloupe {

/// Greys of a slice of shape (w, h, 1), v upwards; contrast from the slice itself. A slice is refined by cubics to at
/// least about `side` pixels, so that a small one looks smooth.
[[nodiscard]] QImage sliceImage(const Volume& slice, int side = 160);

}  // namespace tomoloupe
