#include "core/simulate/built_in_shapes.h"

#include <cmath>
#include <numbers>

#include "core/volume/vector_math.h"

namespace tomoloupe {
namespace {

Rotation about(Vec3 axis, double degrees) {
    const double half = degrees * std::numbers::pi / 360, sine = std::sin(half);
    return {std::cos(half), sine * axis.x, sine * axis.y, sine * axis.z};
}

Vec3 unit(Vec3 v) { return 1 / length(v) * v; }

}  // namespace

Domain ring(double kilodalton, double radius, double azimuth, double z, Vec3 semiAxes, double lean, double skew) {
    const Rotation turn = about({0, 0, 1}, azimuth);
    return {kilodalton, turn * Vec3{radius, 0, z}, semiAxes, turn * about({0, 1, 0}, lean) * about({1, 0, 0}, skew)};
}

Domain shell(double kilodalton, double radius, Vec3 direction, Vec3 semiAxes, Vec3 along, double spin) {
    const Vec3 x = unit(direction), z = unit(cross(x, along)), y = cross(z, x);
    const Rotation frame = Rotation::fromMatrix({x.x, y.x, z.x, x.y, y.y, z.y, x.z, y.z, z.z});
    return {kilodalton, radius * x, semiAxes, frame * about({1, 0, 0}, spin)};
}

Domain at(double kilodalton, Vec3 centre, Vec3 semiAxes, double azimuth, double tilt) {
    return {kilodalton, centre, semiAxes, about({1, 0, 0}, tilt) * about({0, 0, 1}, azimuth)};
}

}  // namespace tomoloupe
