#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/simulate/built_in_symmetry.h"
#include "core/simulate/molecule.h"
#include "tests/core/simulate/alignment.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Published {
    double kilodalton, across, high;  ///< widest extent perpendicular to z, and along z; 0: not checked
};

// The complexes' masses with their chains' sequences; outer dimensions in Å as the papers state them.
const std::map<std::string, Published> kPublished = {
    {"proteasome-20s", {673, 113, 148}},
    {"groel", {802, 137, 146}},
    {"groel-groes", {872, 140, 184}},
    {"clpp", {301, 98, 92}},
    {"tric", {960, 150, 160}},
    {"rubisco", {535, 110, 105}},
    {"apoferritin", {480, 130, 130}},
    {"glutamine-synthetase", {620, 140, 105}},
    {"beta-galactosidase", {465, 175, 90}},
    {"thyroglobulin", {660, 250, 110}},
    {"hemagglutinin", {175, 75, 135}},
    {"haemoglobin", {64, 64, 50}},
    {"aldolase", {157, 0, 0}},
    {"glutamate-dehydrogenase", {336, 100, 130}},
    {"dnab", {314, 115, 0}},
    {"aspartate-transcarbamoylase", {310, 130, 0}},
    {"ribosome-70s", {2300, 250, 0}},
    {"ribosome-80s", {3300, 280, 0}},
    {"aav", {3700, 257, 257}},
    {"ccmv", {3654, 286, 286}},
    {"acr1", {195, 0, 0}},
};

struct Extents {
    double x = 0, y = 0, z = 0;
};

/// A residue reaches 2.5 Å beyond its point.
Extents extentsOf(const Molecule& molecule) {
    Vec3 low{1e9, 1e9, 1e9}, high{-1e9, -1e9, -1e9};
    for (const MassPoint& point : molecule.points) {
        const Vec3 p = point.positionAngstrom;
        low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
    }
    return {high.x - low.x + 5, high.y - low.y + 5, high.z - low.z + 5};
}

std::vector<std::string> names() {
    std::vector<std::string> list;
    for (const BuiltInStructure& structure : builtInStructures()) list.push_back(structure.name);
    return list;
}

/// Cubic roots of the mass and the second moments along the principal axes: what is left of a structure at very low resolution.
std::array<double, 4> shapeOf(const Molecule& molecule) {
    Vec3 middle;
    double total = 0;
    for (const MassPoint& point : molecule.points) {
        middle = middle + point.massDalton * point.positionAngstrom;
        total += point.massDalton;
    }
    middle = 1 / total * middle;
    double xx = 0, yy = 0, zz = 0, fourth = 0;
    for (const MassPoint& point : molecule.points) {
        const Vec3 d = point.positionAngstrom - middle;
        xx += point.massDalton * d.x * d.x / total;
        yy += point.massDalton * d.y * d.y / total;
        zz += point.massDalton * d.z * d.z / total;
        fourth += point.massDalton * std::pow(d.x * d.x + d.y * d.y + d.z * d.z, 2) / total;
    }
    return {std::cbrt(total), std::sqrt(xx + yy), std::sqrt(zz), std::pow(fourth, 0.25)};
}

}  // namespace

TEST_CASE("built-in structures, enough of them, the largest first, each with its source") {
    const auto& all = builtInStructures();
    CHECK(all.size() >= 14);
    CHECK(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.massDalton > b.massDalton; }));
    const std::vector<std::string> list = names();
    CHECK(std::set<std::string>(list.begin(), list.end()).size() == list.size());
    for (const char* needed :
         {"proteasome-20s", "groel", "apoferritin", "rubisco", "ribosome-70s", "haemoglobin", "aldolase",
          "glutamate-dehydrogenase", "dnab", "hemagglutinin", "insulin-receptor", "clpp", "tric", "thyroglobulin"}) {
        INFO(needed);
        CHECK(std::count(list.begin(), list.end(), needed) == 1);
    }
    for (const BuiltInStructure& structure : all) {
        INFO(structure.name);
        CHECK(structure.source.find("19") + structure.source.find("20") != 2 * std::string::npos);
        CHECK(structure.title.size() > 3);
    }
    CHECK_THROWS_WITH(builtInMolecule("proteasom"), test::contains("proteasome-20s"));
}

TEST_CASE("built-in structures, mass and size as published") {
    for (const BuiltInStructure& structure : builtInStructures()) {
        INFO(structure.name);
        const Molecule molecule = builtInMolecule(structure.name);
        CHECK(molecule.massDalton() == Approx(structure.massDalton).epsilon(1e-6));
        const Extents extents = extentsOf(molecule);
        CHECK(std::max({extents.x, extents.y, extents.z}) == Approx(structure.diameterAngstrom).epsilon(0.1));
        const auto known = kPublished.find(structure.name);
        if (known == kPublished.end()) continue;
        CHECK(structure.massDalton == Approx(1000 * known->second.kilodalton).epsilon(0.1));
        if (known->second.across > 0) CHECK(std::max(extents.x, extents.y) == Approx(known->second.across).epsilon(0.1));
        if (known->second.high > 0) CHECK(extents.z == Approx(known->second.high).epsilon(0.1));
    }
}

TEST_CASE("point groups, of the right order and closed") {
    const std::map<std::string, std::size_t> orders = {{"C1", 1}, {"C7", 7}, {"D2", 4}, {"D7", 14},
                                                       {"T", 12}, {"O", 24}, {"I", 60}};
    for (const auto& [name, order] : orders) {
        INFO(name);
        CHECK(pointGroup(name).size() == order);
    }
    for (const char* wrong : {"", "C0", "Cn", "D", "X3", "C7x", "C-3", "c7", "OO"})
        CHECK_THROWS_WITH(pointGroup(wrong), test::contains("no point group"));
}

TEST_CASE("built-in structures, symmetric about their axes") {
    for (const BuiltInStructure& structure : builtInStructures()) {
        if (structure.symmetry == "C1") continue;
        INFO(structure.name);
        const Structure loaded = loadStructure(structure.name, {5, 15});
        const std::int64_t side = loaded.density.shape().x / 2 + 2;
        const Index3 shape{side, side, side};
        const double middle = double(side / 2);
        const auto placed = [&](const Rotation& rotation) {
            std::vector<float> scene(std::size_t(shape.product()));
            addStructure(loaded, rotation, {middle, middle, middle}, 10, shape, scene);
            return scene;
        };
        const std::vector<float> still = placed({});
        for (const Rotation& operation : pointGroup(structure.symmetry)) {
            const double agreement = test::correlation(still, placed(operation));
            if (agreement < 0.998)
                FAIL_CHECK(structure.name << " turned within " << structure.symmetry << " correlates " << agreement);
        }
        // And not about any axis.
        CHECK(test::correlation(still, placed(Rotation::uniform(0.31, 0.17, 0.59))) < 0.995);
    }
}

TEST_CASE("built-in structures, no two alike at low resolution") {
    std::vector<std::array<double, 4>> shapes;
    const std::vector<std::string> list = names();
    for (const std::string& name : list) shapes.push_back(shapeOf(builtInMolecule(name)));
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            double difference = 0;
            for (std::size_t k = 0; k < 4; ++k)
                difference = std::max(difference, std::abs(std::log(shapes[i][k] / shapes[j][k])));
            INFO(list[i] << " and " << list[j]);
            CHECK(difference > 0.05);
        }
    }
}

TEST_CASE("built-in structures, protein as dense as protein") {
    for (const BuiltInStructure& structure : builtInStructures()) {
        INFO(structure.name);
        const Volume density = densityOf(builtInMolecule(structure.name), 5, 10);
        const float peak = *std::max_element(density.voxels().begin(), density.voxels().end());
        CHECK(peak > 0.6);
        CHECK(peak < (structure.symmetry == "C1" ? 2.0 : 1.5));  // RNA is denser, and with proteins between
    }
}
