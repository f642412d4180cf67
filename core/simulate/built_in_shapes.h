#pragma once

#include <string>
#include <vector>

#include "core/simulate/molecule.h"
#include "core/volume/rotation.h"

namespace tomoloupe {

/// Da per Å^3: roughly, of packed RNA with what it binds.
inline constexpr double kRnaDensity = 1.0;

/// A filled body |x/a|^3 + |y/b|^3 + |z/c|^3 <= 1 (between an ellipsoid and a box), which packs as domains do. Its volume follows
/// from mass and density; `semiAxes` give only the proportions.
struct Domain {
    double kilodalton = 0;
    Vec3 centre;  ///< Å
    Vec3 semiAxes;
    Rotation frame;
    double density = kProteinDensity;
};

/// About the z axis: at `radius`, `azimuth` degrees and height `z`; semi-axes radial, tangential, along z. `lean` tips the body's
/// top outwards (about the tangential axis), `skew` turns it about the radial axis, both in degrees.
[[nodiscard]] Domain ring(double kilodalton, double radius, double azimuth, double z, Vec3 semiAxes, double lean = 0,
                          double skew = 0);
/// On a shell: at `radius` along `direction`; semi-axes along it, then along `along` (made perpendicular) and across.
[[nodiscard]] Domain shell(double kilodalton, double radius, Vec3 direction, Vec3 semiAxes, Vec3 along, double spin = 0);
/// Anywhere; turned by `azimuth` degrees about z, then `tilt` about the x axis.
[[nodiscard]] Domain at(double kilodalton, Vec3 centre, Vec3 semiAxes, double azimuth = 0, double tilt = 0);

/// What a built-in structure is made of: the domains of one asymmetric unit.
struct Blueprint {
    std::string name, title, symmetry;
    double diameterAngstrom = 0;  ///< longest extent, as published
    std::string source;
    std::vector<Domain> domains;
};

/// Groups of blueprints, a source file each.
[[nodiscard]] std::vector<Blueprint> machineBlueprints();
[[nodiscard]] std::vector<Blueprint> enzymeBlueprints();
[[nodiscard]] std::vector<Blueprint> shellBlueprints();
[[nodiscard]] std::vector<Blueprint> ribosomeBlueprints();

}  // namespace tomoloupe
