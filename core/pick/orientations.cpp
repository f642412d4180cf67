#include "core/pick/orientations.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/simulate/built_in_symmetry.h"

namespace tomoloupe {
namespace {

constexpr double kPi = std::numbers::pi;

/// |cos| of half the angle between two rotations: 1 for the same.
double closeness(const Rotation& a, const Rotation& b) { return std::abs(a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z); }

}  // namespace

std::vector<Rotation> symmetryGroup(const std::string& name) {
    if (name.empty()) return {Rotation()};
    try {
        if (name != "I1" && name != "I2") return pointGroup(name);
        std::vector<Rotation> group = pointGroup("I");
        const Rotation quarter{std::numbers::sqrt2 / 2, 0, 0, std::numbers::sqrt2 / 2};  // about z
        if (name == "I2")
            for (Rotation& turn : group) turn = quarter * turn * quarter.inverse();
        return group;
    } catch (const Error& error) {
        throw InvalidOptions(std::string("symmetry: ") + error.what());
    }
}

double angleBetweenDegrees(const Rotation& a, const Rotation& b, const std::vector<Rotation>& group) {
    double closest = 0;
    for (const Rotation& turn : group) closest = std::max(closest, closeness(a * turn, b));
    return 2 * std::acos(std::min(1.0, closest)) * 180 / kPi;
}

std::vector<Rotation> orientationList(double stepDegrees, const std::vector<Rotation>& group) {
    // Super-Fibonacci spirals (Alexa 2022, CVPR, algorithm 1): with psi^4 = psi + 4 any number of quaternions covers SO(3) evenly.
    constexpr double kPhi = std::numbers::sqrt2, kPsi = 1.533751168755204288118041;
    const double step = stepDegrees * kPi / 180;
    const auto count = std::max<std::int64_t>(1, std::llround(8 * kPi * kPi / (step * step * step)));
    std::vector<Rotation> kept;
    for (std::int64_t i = 0; i < count; ++i) {
        const double s = double(i) + 0.5, t = s / double(count), turn = 2 * kPi * s;
        const double r = std::sqrt(t), rest = std::sqrt(1 - t);
        const Rotation q{rest * std::cos(turn / kPsi), r * std::sin(turn / kPhi), r * std::cos(turn / kPhi), rest * std::sin(turn / kPsi)};
        // Of the equal ones the nearest to the identity is kept, and with it those up to a tenth of a step beyond the border, so that
        // no gap opens where the borders of two such regions meet.
        double nearest = 0;
        for (const Rotation& turnOfGroup : group) nearest = std::max(nearest, std::abs((q * turnOfGroup).w));
        const double beyond = 2 * (std::acos(std::min(1.0, std::abs(q.w))) - std::acos(std::min(1.0, nearest)));
        if (group.size() == 1 || beyond <= 0.1 * step) kept.push_back(q);
    }
    return kept;
}

}  // namespace tomoloupe
