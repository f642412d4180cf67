#include "core/volume/rotation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tomoloupe {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

Rotation aboutY(double degrees) { return {std::cos(degrees * kDegree / 2), 0, std::sin(degrees * kDegree / 2), 0}; }
Rotation aboutZ(double degrees) { return {std::cos(degrees * kDegree / 2), 0, 0, std::sin(degrees * kDegree / 2)}; }

}  // namespace

Matrix3 Rotation::matrix() const {
    return {1 - 2 * (y * y + z * z), 2 * (x * y - w * z),     2 * (x * z + w * y),
            2 * (x * y + w * z),     1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
            2 * (x * z - w * y),     2 * (y * z + w * x),     1 - 2 * (x * x + y * y)};
}

Vec3 Rotation::operator*(Vec3 v) const {
    const Matrix3 m = matrix();
    return {m[0] * v.x + m[1] * v.y + m[2] * v.z, m[3] * v.x + m[4] * v.y + m[5] * v.z, m[6] * v.x + m[7] * v.y + m[8] * v.z};
}

Rotation Rotation::operator*(const Rotation& o) const {
    return {w * o.w - x * o.x - y * o.y - z * o.z, w * o.x + x * o.w + y * o.z - z * o.y,
            w * o.y - x * o.z + y * o.w + z * o.x, w * o.z + x * o.y - y * o.x + z * o.w};
}

Rotation Rotation::fromMatrix(const Matrix3& m) {
    const double trace = m[0] + m[4] + m[8];
    const std::array<double, 4> squares{1 + trace, 1 + m[0] - m[4] - m[8], 1 - m[0] + m[4] - m[8], 1 - m[0] - m[4] + m[8]};
    const auto largest = std::max_element(squares.begin(), squares.end()) - squares.begin();
    const double twice = std::sqrt(std::max(squares[static_cast<std::size_t>(largest)], 0.0));
    const double s = 0.5 / twice;
    Rotation q;
    switch (largest) {
        case 0: q = {twice / 2, (m[7] - m[5]) * s, (m[2] - m[6]) * s, (m[3] - m[1]) * s}; break;
        case 1: q = {(m[7] - m[5]) * s, twice / 2, (m[1] + m[3]) * s, (m[2] + m[6]) * s}; break;
        case 2: q = {(m[2] - m[6]) * s, (m[1] + m[3]) * s, twice / 2, (m[5] + m[7]) * s}; break;
        default: q = {(m[3] - m[1]) * s, (m[2] + m[6]) * s, (m[5] + m[7]) * s, twice / 2}; break;
    }
    const double length = std::sqrt(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z) * (q.w < 0 ? -1 : 1);
    return {q.w / length, q.x / length, q.y / length, q.z / length};
}

Rotation Rotation::uniform(double u1, double u2, double u3) {
    const double a = std::sqrt(1 - u1), b = std::sqrt(u1);
    const double turn = 2 * std::numbers::pi;
    return {b * std::cos(turn * u3), a * std::sin(turn * u2), a * std::cos(turn * u2), b * std::sin(turn * u3)};
}

Rotation rotationFromRelion(const EulerAngles& angles) {
    return (aboutZ(angles.rot) * aboutY(angles.tilt) * aboutZ(angles.psi)).inverse();
}

EulerAngles relionAngles(const Rotation& rotation) {
    // The inverse is Rz(rot) Ry(tilt) Rz(psi): its last column is (cos rot sin tilt, sin rot sin tilt, cos tilt).
    const Matrix3 m = rotation.inverse().matrix();
    const double sine = std::hypot(m[2], m[5]);
    EulerAngles angles;
    angles.tilt = std::atan2(sine, m[8]) / kDegree;
    if (sine > 1e-9) {
        angles.rot = std::atan2(m[5], m[2]) / kDegree;
        angles.psi = std::atan2(m[7], -m[6]) / kDegree;
    } else {
        angles.rot = std::atan2(m[8] > 0 ? m[3] : -m[3], m[8] > 0 ? m[0] : -m[0]) / kDegree;
    }
    return angles;
}

}  // namespace tomoloupe
