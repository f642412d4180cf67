#pragma once

#include <string>
#include <vector>

#include "core/volume/rotation.h"

namespace tomoloupe {

/// The rotations of a point group as the built-in structures have them (main axis along z, twofold along x; axes of a cube along x, y,
/// z; "I" with a fivefold axis in the yz plane, "I2" in the xz plane). Empty: the identity alone. Throws InvalidOptions.
[[nodiscard]] std::vector<Rotation> symmetryGroup(const std::string& name);

/// Rotations spread nearly evenly over SO(3), about 8 pi^2 / step^3 of them (step in radians), divided by the order of `group`:
/// of rotations that bring a template of that symmetry to the same place one is kept. The same list every time.
[[nodiscard]] std::vector<Rotation> orientationList(double stepDegrees, const std::vector<Rotation>& group);

/// The smallest angle, in degrees, that takes `a` to `b` or to one that `group` makes equal to it.
[[nodiscard]] double angleBetweenDegrees(const Rotation& a, const Rotation& b, const std::vector<Rotation>& group);

}  // namespace tomoloupe
