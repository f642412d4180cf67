#pragma once

#include "ui/models/plane.h"

namespace tomoloupe {

/// What of a subtomogram a tile shows.
struct TileLook {
    enum class Depth { Slice, Slab, Projection };
    enum class Planes { XY, XZ, YZ, All };
    Depth depth = Depth::Slab;
    int slab = 5;  ///< slices of a slab
    Planes planes = Planes::XY;
    bool commonContrast = false;  ///< one range of greys for all, else each its own

    friend bool operator==(const TileLook&, const TileLook&) = default;
    [[nodiscard]] std::vector<Plane> planeList() const;
    /// Slices that are averaged of a subtomogram with so many.
    [[nodiscard]] std::int64_t thickness(std::int64_t slices) const;
};

/// Mean of the middle slices that `look` asks for, in the layout of sliceOf().
[[nodiscard]] Volume tileSlice(const Volume& volume, Plane plane, const TileLook& look);

}  // namespace tomoloupe
