#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/stop_token.h"
#include "core/recipe/recipe.h"
#include "core/volume/rotation.h"

namespace tomoloupe {

/// The slab of ice: a middle that bends and a thickness that changes slowly over the field of view. Voxels of the tomogram.
class Ice {
  public:
    struct Range {
        double bottom = 0, top = 0;  ///< z, within 0..nz-1
    };
    Ice(Index3 shape, double fraction, std::uint64_t seed);
    [[nodiscard]] Range at(double x, double y) const;

  private:
    struct Wave {
        double x = 0, y = 0, phase = 0;
        [[nodiscard]] double at(double px, double py) const;
    };
    double height_ = 0, middle_ = 0, bend_ = 0, half_ = 0;
    std::array<Wave, 2> waves_;  // of the middle and of the thickness
};

/// Everything below is in voxels of the tomogram, positions being indices of voxel centres.
struct TomogramParticle {
    int structure = 0;
    Vec3 position;
    Rotation tomogramFromParticle;
};

/// A closed bilayer: the ellipsoid halfway between its two layers of head groups.
struct Vesicle {
    Vec3 centre;
    Vec3 semiAxes;
    Rotation rotation;  ///< of the axes
    [[nodiscard]] double reach() const;  ///< radius of the sphere that holds the ellipsoid
    /// No point of the ellipsoid lies nearer to `point` than this; exact for a sphere.
    [[nodiscard]] double distanceAtLeast(Vec3 point) const;
};

struct GoldBead {
    Vec3 centre;
    double radius = 0;
};

struct TomogramScene {
    std::vector<TomogramParticle> particles;  ///< classes one after the other
    std::vector<Vesicle> vesicles;
    std::vector<GoldBead> beads;
    std::vector<std::int64_t> perStructure;  ///< particles placed of each
};

/// Half the distance between the head-group layers of a bilayer, and how far from its middle its density reaches (Å).
inline constexpr double kHalfBilayerAngstrom = 20, kBilayerReachAngstrom = 35;

/// Puts vesicles, beads and particles, the largest first, at places uniform within the ice where they touch nothing: bounding spheres
/// do not overlap, and particles and beads lie inside or outside a vesicle, not in its shell. All lie wholly within the tomogram, turned uniformly
/// over SO(3). `radiiAngstrom`: of the structures' bounding spheres. What finds no place in many tries is left out. Throws Error, saying what to ask for
/// instead, when fewer than half of the particles, vesicles or beads fit; Cancelled.
[[nodiscard]] TomogramScene placeScene(const SimulateTomogramOptions& options, std::span<const double> radiiAngstrom, const Ice& ice,
                                       std::uint64_t seed, const StopToken& stop = {});

}  // namespace tomoloupe
