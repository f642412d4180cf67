#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/simulate/built_in_shapes.h"
#include "core/simulate/built_in_symmetry.h"
#include "core/simulate/molecule.h"
#include "core/simulate/molecule_points.h"

namespace tomoloupe {
namespace {

constexpr double kResidueDalton = 110;  // mean of the amino acids in proteins
constexpr double kBodyVolume = 5.6964;  // of |x|^3 + |y|^3 + |z|^3 <= 1: 8 gamma(4/3)^3 / gamma(2)

/// Points that fill the unit cube evenly, whatever their number: an additive recurrence with the powers of the root of x^4 = x +
/// 1 (Roberts 2018).
class EvenPoints {
  public:
    explicit EvenPoints(std::uint64_t seed) {
        Random random(seed);
        at_ = {random.uniform(), random.uniform(), random.uniform()};
    }
    Vec3 next() {
        constexpr double g = 1.2207440846057596;
        const auto step = [](double value, double by) { return value + by - std::floor(value + by); };
        at_ = {step(at_.x, 1 / g), step(at_.y, 1 / (g * g)), step(at_.z, 1 / (g * g * g))};
        return {2 * at_.x - 1, 2 * at_.y - 1, 2 * at_.z - 1};
    }

  private:
    Vec3 at_;
};

double cubed(double value) {
    return std::abs(value * value * value);
}

void fill(const Domain& domain, std::uint64_t seed, std::vector<MassPoint>& points) {
    const Vec3 axes = domain.semiAxes;
    const double volume = 1000 * domain.kilodalton / domain.density;
    const double scale = std::cbrt(volume / (kBodyVolume * axes.x * axes.y * axes.z));
    const auto count = std::max<std::int64_t>(1, std::llround(1000 * domain.kilodalton / kResidueDalton));
    EvenPoints even(seed);
    for (std::int64_t i = 0; i < count;) {
        const Vec3 p = even.next();
        if (cubed(p.x) + cubed(p.y) + cubed(p.z) > 1) continue;
        const Vec3 place = domain.frame * Vec3{scale * axes.x * p.x, scale * axes.y * p.y, scale * axes.z * p.z};
        points.push_back({domain.centre + place, 1000 * domain.kilodalton / double(count)});
        ++i;
    }
}

const std::vector<Blueprint>& blueprints() {
    static const std::vector<Blueprint> all = [] {
        std::vector<Blueprint> list;
        for (auto part : {machineBlueprints(), enzymeBlueprints(), shellBlueprints(), ribosomeBlueprints()}) {
            list.insert(list.end(), part.begin(), part.end());
        }
        return list;
    }();
    return all;
}

BuiltInStructure described(const Blueprint& blueprint) {
    double unit = 0;
    for (const Domain& domain : blueprint.domains) unit += 1000 * domain.kilodalton;
    return {blueprint.name,
            blueprint.title,
            blueprint.symmetry,
            unit * double(pointGroup(blueprint.symmetry).size()),
            blueprint.diameterAngstrom,
            blueprint.source};
}

}  // namespace

const std::vector<BuiltInStructure>& builtInStructures() {
    static const std::vector<BuiltInStructure> all = [] {
        std::vector<BuiltInStructure> list;
        for (const Blueprint& blueprint : blueprints()) list.push_back(described(blueprint));
        std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.massDalton > b.massDalton; });
        return list;
    }();
    return all;
}

std::string builtInNames() {
    std::string names;
    for (const BuiltInStructure& known : builtInStructures()) names += (names.empty() ? "" : ", ") + known.name;
    return names;
}

Molecule builtInMolecule(std::string_view name) {
    const auto& all = blueprints();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Blueprint& blueprint) { return blueprint.name == name; });
    if (found == all.end()) throw Error(fmt::format("There is no built-in structure “{}”; there are {}", name, builtInNames()));
    std::vector<MassPoint> unit;
    for (std::size_t i = 0; i < found->domains.size(); ++i) fill(found->domains[i], deriveSeed(1, found->name, i), unit);
    Molecule molecule{found->name, found->source, found->symmetry, {}};
    for (const Rotation& operation : pointGroup(found->symmetry)) {
        for (const MassPoint& point : unit) molecule.points.push_back({operation * point.positionAngstrom, point.massDalton});
    }
    // The middle of a Dn, T, O or I particle is its symmetry's; along the axis of a Cn one, and in C1, it is to be found.
    if (found->symmetry == "C1")
        centreOnBoundingBox(molecule.points);
    else if (found->symmetry[0] == 'C')
        centreAlongZ(molecule.points);
    return molecule;
}

}  // namespace tomoloupe
