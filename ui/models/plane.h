#pragma once

#include <cstdint>
#include <functional>
#include <vector>

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

/// The slices that a slab about `index` is made of: `thickness` of them, as many below as above (an even slab has one
/// more above), fewer where the volume ends.
struct SlabRange {
    std::int64_t first = 0, count = 0;
};
[[nodiscard]] SlabRange slabRange(Plane plane, Index3 shape, std::int64_t index, std::int64_t thickness);

/// Adds blocks of a volume up to the mean over a slab of it, laid out like a slice. One thread.
class SlabMean {
  public:
    SlabMean(Plane plane, Index3 shape, const SlabRange& range);
    /// The slab within the volume.
    [[nodiscard]] const Box& box() const { return box_; }
    /// `block` starts at voxel `start` of the volume; what lies outside of the slab is left out. Each voxel once.
    void add(const Volume& block, Index3 start);
    /// Ends it.
    [[nodiscard]] Volume take(double voxelSizeAngstrom);

  private:
    Plane plane_;
    Box box_;
    std::int64_t count_;
    std::vector<float> sum_;
};
/// Mean over a slab of a volume in memory.
[[nodiscard]] Volume slabOf(const Volume& volume, Plane plane, std::int64_t index, std::int64_t thickness);
/// Mean over a slab of a file, read piece by piece; looks at `stop` before each of them and throws Cancelled.
[[nodiscard]] Volume readSlab(const VolumeFile& file, Plane plane, const SlabRange& range,
                              const std::function<bool()>& stop);
/// Mean of the `thickness` middle XY slices: less noise for a small picture.
[[nodiscard]] Volume middleSlab(const Volume& volume, std::int64_t thickness);

}  // namespace tomoloupe
