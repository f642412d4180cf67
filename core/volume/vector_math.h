#pragma once

#include <cmath>

#include "core/volume/geometry.h"

namespace tomoloupe {

[[nodiscard]] inline double squaredLength(Vec3 v) { return v.x * v.x + v.y * v.y + v.z * v.z; }
[[nodiscard]] inline double length(Vec3 v) { return std::sqrt(squaredLength(v)); }
[[nodiscard]] inline Vec3 cross(Vec3 a, Vec3 b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }

}  // namespace tomoloupe
