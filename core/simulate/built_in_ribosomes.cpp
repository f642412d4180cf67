#include <algorithm>
#include <limits>

#include "core/base/seed.h"
#include "core/simulate/built_in_shapes.h"
#include "core/simulate/scene.h"
#include "core/volume/vector_math.h"

namespace tomoloupe {
namespace {

struct Lobe {
    Vec3 centre, semiAxes;
    double share = 1;  ///< of the pieces
};

/// A place in one of the lobes, between the fractions `inner` and `outer` of its radius.
Vec3 placeIn(const std::vector<Lobe>& lobes, double inner, double outer, Random& random) {
    double total = 0;
    for (const Lobe& lobe : lobes) total += lobe.share;
    double pick = random.uniform(0, total);
    std::size_t chosen = 0;
    while (chosen + 1 < lobes.size() && pick >= lobes[chosen].share) pick -= lobes[chosen++].share;
    for (;;) {
        const Vec3 p{random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)};
        const double radius = length(p);
        if (radius < inner || radius > outer) continue;
        const Lobe& lobe = lobes[chosen];
        return lobe.centre + Vec3{p.x * lobe.semiAxes.x, p.y * lobe.semiAxes.y, p.z * lobe.semiAxes.z};
    }
}

/// Spreads `count` pieces evenly: each goes to the candidate farthest from those there are (Mitchell 1991).
void scatter(const std::vector<Lobe>& lobes, int count, double inner, double outer, const Domain& piece, Random& random,
             std::vector<Domain>& domains) {
    for (int i = 0; i < count; ++i) {
        Domain best = piece;
        double farthest = -1;
        for (int candidate = 0; candidate < 150; ++candidate) {
            const Vec3 place = placeIn(lobes, inner, outer, random);
            double nearest = std::numeric_limits<double>::max();
            for (const Domain& other : domains) nearest = std::min(nearest, squaredLength(place - other.centre));
            if (nearest > farthest) {
                farthest = nearest;
                best.centre = place;
            }
        }
        best.frame = randomRotation(random);
        domains.push_back(best);
    }
}

const Vec3 kHelix{21, 12, 12}, kGlobule{14, 12, 11};

/// RNA in the middle, proteins around it.
void addSubunit(const std::vector<Lobe>& lobes, int helices, double helixKilodalton, int proteins, double proteinKilodalton,
                std::string_view name, std::vector<Domain>& domains) {
    Random random(deriveSeed(1, name));
    std::vector<Domain> subunit;
    scatter(lobes, helices, 0, 0.82, {helixKilodalton, {}, kHelix, {}, kRnaDensity}, random, subunit);
    scatter(lobes, proteins, 0.7, 1, {proteinKilodalton, {}, kGlobule, {}, kProteinDensity}, random, subunit);
    domains.insert(domains.end(), subunit.begin(), subunit.end());
}

// z runs from the solvent side of the large subunit to that of the small one, y up to the central protuberance and the head.
std::vector<Domain> bacterialRibosome() {
    std::vector<Domain> domains;
    addSubunit({{{0, -8, -54}, {92, 82, 52}, 8}, {{6, 62, -40}, {28, 26, 24}, 1}}, 72, 13.5, 28, 12.5, "50S", domains);
    addSubunit({{{4, -34, 38}, {58, 56, 37}, 5}, {{-4, 58, 42}, {47, 37, 35}, 3}}, 38, 13.5, 20, 15, "30S", domains);
    domains.push_back(at(26, {-98, 28, -38}, {22, 11, 13}, -20));  // L1 stalk
    domains.push_back(at(30, {94, 34, -30}, {28, 10, 11}, 20));    // L7/L12 stalk
    domains.push_back(at(25, {24, -94, 34}, {10, 20, 10}, 10));    // spur
    return domains;
}

std::vector<Domain> yeastRibosome() {
    std::vector<Domain> domains;
    addSubunit({{{0, -8, -62}, {98, 90, 60}, 8}, {{6, 72, -44}, {32, 30, 28}, 1}, {{-40, -70, -62}, {40, 34, 34}, 1}}, 84, 14.5,
               44, 15, "60S", domains);
    addSubunit({{{4, -36, 46}, {62, 60, 42}, 5}, {{-4, 62, 48}, {50, 40, 40}, 3}, {{44, -60, 44}, {28, 40, 26}, 1}}, 44, 14.5, 32,
               16, "40S", domains);
    domains.push_back(at(38, {-108, 30, -42}, {24, 12, 14}, -20));
    domains.push_back(at(45, {104, 38, -34}, {32, 11, 12}, 20));
    domains.push_back(at(50, {20, -112, 36}, {12, 26, 12}, 10));
    return domains;
}

}  // namespace

std::vector<Blueprint> ribosomeBlueprints() {
    return {
        {"ribosome-70s", "70S ribosome (like)", "C1", 250,
         "Outline after PDB 4YBB, Noeske et al. 2015, Nat Struct Mol Biol 22:336", bacterialRibosome()},
        {"ribosome-80s", "80S ribosome (like)", "C1", 280, "Outline after PDB 4V88, Ben-Shem et al. 2011, Science 334:1524",
         yeastRibosome()},
    };
}

}  // namespace tomoloupe
