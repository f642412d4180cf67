#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "core/io/volume_file.h"
#include "core/volume/rotation.h"
#include "ui/models/plane.h"

namespace tomoloupe {

/// A plane through a volume, turned at will: `tomogramFromPlane` takes x to its right, y to its up and z to its normal,
/// which looks at the viewer. No rotation is the XY plane.
struct ObliquePlane {
    Vec3 through;  ///< voxels
    Rotation tomogramFromPlane;
    [[nodiscard]] Vec3 right() const { return tomogramFromPlane * Vec3{1, 0, 0}; }
    [[nodiscard]] Vec3 up() const { return tomogramFromPlane * Vec3{0, 1, 0}; }
    [[nodiscard]] Vec3 normal() const { return tomogramFromPlane * Vec3{0, 0, 1}; }
    /// Along the normal; above 0: towards the viewer.
    [[nodiscard]] double distance(Vec3 voxel) const;
};

/// Rz(direction) Ry(tilt) Rz(turn), in degrees: the normal leans by `tilt` from z towards `direction` (from x to y),
/// and the picture is turned within its plane.
struct PlaneAngles {
    double direction = 0, tilt = 0, turn = 0;
};
[[nodiscard]] Rotation rotationOf(const PlaneAngles& angles);
/// Direction and turn in (-180, 180], tilt in [0, 180].
[[nodiscard]] PlaneAngles planeAngles(const Rotation& tomogramFromPlane);

/// Where an oblique slice is sampled: a voxel from sample to sample. Planes that are alike but for their depth have
/// their samples above each other.
struct ObliqueGrid {
    Vec3 first;  ///< voxel of sample (0, 0)
    Vec3 right, up, normal;
    Index3 shape;  ///< (samples to the right, samples up, 1)
    /// The voxel of a sample, or of a place between samples.
    [[nodiscard]] Vec3 voxelAt(PlanePoint sample) const;
    [[nodiscard]] PlanePoint projected(Vec3 voxel) const;
    /// Along the normal.
    [[nodiscard]] double distance(Vec3 voxel) const;
    friend bool operator==(const ObliqueGrid&, const ObliqueGrid&) = default;
};
/// All of the plane that lies in a volume of `shape`.
[[nodiscard]] ObliqueGrid gridOf(const ObliquePlane& plane, Index3 shape);

/// The corners of what is common to the plane and a volume (its voxels' outer faces), in order; none: nothing is.
[[nodiscard]] std::vector<Vec3> outlineOf(const ObliquePlane& plane, Index3 shape);
/// Where the plane cuts one of the three slices; empty or two points, in voxels of that slice.
[[nodiscard]] std::vector<PlanePoint> traceIn(Plane slice, double depth, const ObliquePlane& plane, Index3 shape);

/// Trilinear; the mean over `slab` planes a voxel apart (as slabRange() has them), as many of them as lie in the
/// volume. NaN beyond the outer voxels' faces. Any thread.
[[nodiscard]] Volume sampled(const Volume& volume, const ObliqueGrid& grid, std::int64_t slab);

/// The same from a file too large for memory: boxes of few sections are read where samples lie, in short steps between
/// which others have their turn. The first step takes a sample here and there, so that there is something to look at.
/// One thread at a time.
class ObliqueReading {
  public:
    ObliqueReading(std::shared_ptr<const VolumeFile> file, const ObliqueGrid& grid, std::int64_t slab);

    /// Reads on for about `time`; the share (0..1) that is there then. Throws ReadError.
    double readOn(std::chrono::milliseconds time);
    /// What is there; what is not comes from samples far apart.
    [[nodiscard]] Volume picture() const;

  private:
    void readCoarse();
    void readTile(std::int64_t tile);
    [[nodiscard]] std::int64_t tilesAcross() const;
    [[nodiscard]] std::int64_t tiles() const;

    std::shared_ptr<const VolumeFile> file_;
    ObliqueGrid grid_;
    std::int64_t slab_;
    std::int64_t nextTile_ = -1;  // -1: not even the coarse picture is there
    std::vector<float> voxels_;
};

}  // namespace tomoloupe
