#include "core/simulate/built_in_symmetry.h"

#include <charconv>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/volume/vector_math.h"

namespace tomoloupe {
namespace {

Rotation turn(Vec3 axis, int order) {
    const double half = std::numbers::pi / order, sine = std::sin(half) / length(axis);
    return {std::cos(half), sine * axis.x, sine * axis.y, sine * axis.z};
}

/// q and -q are one rotation.
bool same(const Rotation& a, const Rotation& b) {
    return std::abs(a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z) > 1 - 1e-9;
}

/// Everything that the generators make.
std::vector<Rotation> closure(const std::vector<Rotation>& generators) {
    std::vector<Rotation> group{{}};
    for (std::size_t i = 0; i < group.size(); ++i) {
        for (const Rotation& generator : generators) {
            const Rotation product = generator * group[i];
            bool known = false;
            for (const Rotation& member : group) known = known || same(member, product);
            if (!known) group.push_back(product);
        }
    }
    return group;
}

}  // namespace

std::vector<Rotation> pointGroup(std::string_view name) {
    const Vec3 x{1, 0, 0}, z{0, 0, 1}, diagonal{1, 1, 1};
    if (name == "T") return closure({turn(z, 2), turn(diagonal, 3)});
    if (name == "O") return closure({turn(z, 4), turn(diagonal, 3)});
    if (name == "I") return closure({turn(z, 2), turn(diagonal, 3), turn({0, 1, std::numbers::phi}, 5)});
    int order = 0;
    if (name.size() > 1 && (name[0] == 'C' || name[0] == 'D')) {
        const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), order);
        if (error != std::errc() || end != name.data() + name.size() || order > 360) order = 0;
    }
    if (order < 1) throw Error(fmt::format("“{}” is no point group: give C1, C2 … D2, D3 …, T, O or I", name));
    return name[0] == 'C' ? closure({turn(z, order)}) : closure({turn(z, order), turn(x, 2)});
}

}  // namespace tomoloupe
