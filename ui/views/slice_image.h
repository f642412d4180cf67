#pragma once

#include <QImage>
#include <optional>
#include <vector>

#include "core/volume/statistics.h"
#include "core/volume/volume.h"

namespace tomoloupe {

/// Greys of a slice of shape (w, h, 1), v upwards; contrast from the slice itself where no range is given. A slice is
/// refined by cubics to at least about `side` pixels, so that a small one looks smooth.
[[nodiscard]] QImage sliceImage(const Volume& slice, int side = 160, const std::optional<ContrastRange>& range = {});

/// Greys beside each other, each in the middle of a square of the largest side, with a dark line between two.
[[nodiscard]] QImage besideEachOther(const std::vector<QImage>& images);

}  // namespace tomoloupe
