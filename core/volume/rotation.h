#pragma once

#include <array>

#include "core/volume/geometry.h"

namespace tomoloupe {

/// Row-major 3 x 3, acting on column vectors.
using Matrix3 = std::array<double, 9>;

/// A unit quaternion (w, x, y, z): an active rotation. For particles it takes the particle frame to the tomogram frame.
struct Rotation {
    double w = 1, x = 0, y = 0, z = 0;
    [[nodiscard]] Matrix3 matrix() const;
    [[nodiscard]] Rotation inverse() const { return {w, -x, -y, -z}; }
    [[nodiscard]] Vec3 operator*(Vec3 v) const;
    /// First `other`, then this.
    [[nodiscard]] Rotation operator*(const Rotation& other) const;
    /// Nearest unit quaternion with w >= 0 of a rotation matrix (Shepperd 1978).
    [[nodiscard]] static Rotation fromMatrix(const Matrix3& matrix);
    /// Uniform on SO(3) from three uniform numbers in [0, 1) (Shoemake 1992).
    [[nodiscard]] static Rotation uniform(double u1, double u2, double u3);
};

/// Three Euler angles in degrees.
struct EulerAngles {
    double rot = 0, tilt = 0, psi = 0;
};

/// RELION, Warp and M: R = (Rz(rot) Ry(tilt) Rz(psi))^T with R from particle to tomogram (formats.md 3.9; RELION
/// Euler_angles2matrix).
[[nodiscard]] Rotation rotationFromRelion(const EulerAngles& angles);
/// rot and psi in (-180, 180], tilt in [0, 180]; at tilt 0 and 180, where only a sum is defined, psi is 0.
[[nodiscard]] EulerAngles relionAngles(const Rotation& rotation);

}  // namespace tomoloupe
