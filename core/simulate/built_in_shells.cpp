#include <cmath>
#include <numbers>

#include "core/simulate/built_in_shapes.h"

namespace tomoloupe {
namespace {

// Axes about one asymmetric unit of "I": the fivefold, the twofold and the two threefold ones at its corners.
const Vec3 kFive{0, 0.525731, 0.850651}, kTwo{0, 0, 1}, kThree{0.356822, 0, 0.934172}, kOtherThree{-0.356822, 0, 0.934172};

Vec3 mix(double five, double two, double three, double other) {
    return five * kFive + two * kTwo + three * kThree + other * kOtherThree;
}

/// A bundle of four helices and a fifth short one; two bundles lie side by side on each face of a rhombic dodecahedron.
std::vector<Domain> ferritinSubunit() {
    const Vec3 face{1, 1, 0};
    const double angle = 25 * std::numbers::pi / 180, root = std::numbers::sqrt2 / 2;
    // Along the face's long diagonal, turned a little towards the threefold corners, and across it.
    const Vec3 along{root * std::cos(angle), -root * std::cos(angle), std::sin(angle)};
    const Vec3 across{root * std::sin(angle), -root * std::sin(angle), -std::cos(angle)};
    std::vector<Domain> domains;
    for (const double side : {-6.0, 6.0}) {
        for (const double radius : {44.0, 55.0}) {
            const Vec3 centre = radius * root * face + (13.5 + side) * across;
            Domain helix = shell(4.2, 1, face, {5.6, 26, 5.6}, along);
            helix.centre = centre;
            domains.push_back(helix);
        }
    }
    Domain last = shell(3.2, 1, face, {7, 9, 6}, along);
    last.centre = 47 * root * face + 4.0 * across + 31.0 * along;
    domains.push_back(last);
    return domains;
}

}  // namespace

std::vector<Blueprint> shellBlueprints() {
    return {
        {"apoferritin", "Apoferritin", "O", 125, "PDB 2FHA, Hempstead et al. 1997, J Mol Biol 268:424", ferritinSubunit()},
        {"acr1",
         "Small heat shock protein Acr1",
         "T",
         100,
         "PDB 2BYU, Kennaway et al. 2005, J Biol Chem 280:33419",
         {shell(11, 34, {0.42, 0.1, 1}, {14, 15, 12}, {1, 0, 0}, 20), shell(5.2, 40, {0.75, 0.45, 1}, {8, 9, 8}, {1, 0, 0})}},
        {"aav",
         "Adeno-associated virus capsid (empty)",
         "I",
         257,
         "PDB 1LP3, Xie et al. 2002, PNAS 99:10405",
         {shell(38, 98, mix(0.4, 0.2, 0.25, 0.15), {16, 26, 20}, kThree - kFive),
          shell(16, 117, mix(0.16, 0.14, 0.6, 0.1), {11, 10, 10}, kTwo), shell(6, 111, mix(0.8, 0, 0.2, 0), {9, 8, 8}, kTwo)}},
        {"ccmv",
         "Cowpea chlorotic mottle virus capsid (empty)",
         "I",
         286,
         "PDB 1CWP, Speir et al. 1995, Structure 3:63",
         {shell(15, 114, mix(0.56, 0.1, 0.24, 0.1), {14, 16, 14}, kThree),
          shell(5.3, 133, mix(0.74, 0.05, 0.16, 0.05), {9, 9, 9}, kThree),
          shell(15, 113, mix(0.22, 0.15, 0.6, 0.03), {14, 16, 14}, kFive),
          shell(5.3, 132, mix(0.14, 0.05, 0.72, 0.09), {9, 9, 9}, kFive),
          shell(15, 113, mix(0.24, 0.15, 0.03, 0.58), {14, 16, 14}, kFive),
          shell(5.3, 132, mix(0.1, 0.1, 0.1, 0.7), {9, 9, 9}, kFive)}},
    };
}

}  // namespace tomoloupe
