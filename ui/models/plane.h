#pragma once

#include <cstdint>

#include "core/io/volume_file.h"
#include "core/volume/volume.h"

namespace tomoloupe {

/// The three planes of a volume as they are laid out in the window: XY with x right and y up; XZ below it, x right and
/// z up; YZ beside it, z right and y up, so that neighbours share an axis.
enum class Plane { XY, XZ, YZ };

/// A point of a plane: u to the right, v up.
struct PlanePoint {
    double u = 0, v = 0;
};

[[nodiscard]] PlanePoint projected(Plane plane, Vec3 point);
/// `point` with the two coordinates of the plane replaced.
[[nodiscard]] Vec3 lifted(Plane plane, PlanePoint onPlane, Vec3 point);
/// The coordinate across the plane.
[[nodiscard]] double depthOf(Plane plane, Vec3 point);
[[nodiscard]] Vec3 withDepth(Plane plane, Vec3 point, double depth);
/// Number of slices.
[[nodiscard]] std::int64_t extent(Plane plane, Index3 shape);

/// One slice as a volume of shape (width, height, 1) in the layout above.
[[nodiscard]] Volume sliceOf(const Volume& volume, Plane plane, std::int64_t index);
[[nodiscard]] Volume readSlice(const VolumeFile& file, Plane plane, std::int64_t index);
/// Mean of the `thickness` middle XY slices: less noise for a small picture.
[[nodiscard]] Volume middleSlab(const Volume& volume, std::int64_t thickness);

}  // namespace tomoloupe
