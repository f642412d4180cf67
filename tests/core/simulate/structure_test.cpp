#include "core/simulate/structure.h"

#include <cmath>
#include <fstream>

#include "core/base/error.h"
#include "core/io/mrc_writer.h"
#include "core/simulate/molecule.h"
#include "tests/core/simulate/alignment.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// A ball of density 3 with a soft edge upon a background of `background`, off the middle.
Volume ball(double voxelSize, double radiusAngstrom, Vec3 centreAngstrom, float background, float sign = 1) {
    const Index3 shape{48, 44, 40};
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < shape.z; ++z) {
        for (std::int64_t y = 0; y < shape.y; ++y) {
            for (std::int64_t x = 0; x < shape.x; ++x) {
                const Vec3 d = voxelSize * Vec3{double(x), double(y), double(z)} - centreAngstrom;
                const double r = std::sqrt(d.x * d.x + d.y * d.y + d.z * d.z);
                voxels.push_back(background + sign * float(3 / (1 + std::exp((r - radiusAngstrom) / 3))));
            }
        }
    }
    return Volume(shape, std::move(voxels), voxelSize);
}

void touch(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

const std::string kAtom = "ATOM      1  CA  ALA A   1      10.000   0.000   0.000  1.00 10.00           C\n";

double sumOf(std::span<const float> values) {
    double sum = 0;
    for (const float value : values) sum += value;
    return sum;
}

}  // namespace

TEST_CASE("structure, a built-in one") {
    const Structure structure = loadStructure("proteasome-20s", {});
    CHECK(structure.name == "proteasome-20s");
    CHECK(structure.symmetry == "D7");
    CHECK(structure.massDalton == Approx(673e3).epsilon(0.01));
    CHECK(structure.density.voxelSizeAngstrom() == 5);
    CHECK(sumOf(structure.density.voxels()) * 125 == Approx(structure.massDalton).epsilon(1e-4));
    std::int64_t inside = 0;
    for (const float value : structure.density.voxels()) inside += value > structure.maskLevel;
    CHECK(double(inside) * 125 == Approx(structure.massDalton / 0.81).epsilon(0.01));
}

TEST_CASE("structure, a map is levelled, centred and resampled") {
    const test::TemporaryFolder folder;
    const double radius = 50;
    writeMrc(folder / "ball.mrc", ball(4, radius, {80, 92, 75}, 5));
    const double voxel = GENERATE(2.5, 4.0, 10.0);
    const Structure structure = loadStructure((folder / "ball.mrc").string(), {voxel, 10});
    CHECK(structure.name == "ball");
    CHECK(structure.massDalton == 0);
    const Volume& density = structure.density;
    const std::int64_t half = density.shape().x / 2;
    CHECK(density.shape() == Index3{2 * half, 2 * half, 2 * half});
    CHECK(density.voxelSizeAngstrom() == voxel);
    CHECK(density.at(half, half, half) == Approx(3).epsilon(0.01));
    CHECK(density.at(0, 0, 0) == Approx(0).margin(0.01));
    CHECK(structure.radiusAngstrom == Approx(radius).margin(voxel + 2));
    CHECK(structure.maskLevel == Approx(1.5).margin(0.4));
    const Vec3 middle = test::centreOfMass(density);
    CHECK(middle.x == Approx(double(half)).margin(0.55 * 4 / voxel));  // the box about a map's voxels ends at whole or half ones
    CHECK(middle.y == Approx(double(half)).margin(0.55 * 4 / voxel));
    CHECK(middle.z == Approx(double(half)).margin(0.55 * 4 / voxel));
    const double volume = sumOf(density.voxels()) / 3 * voxel * voxel * voxel;
    CHECK(volume == Approx(4.0 / 3 * 3.14159265 * radius * radius * radius).epsilon(0.06));
}

TEST_CASE("structure, a bad map is refused in one sentence") {
    const test::TemporaryFolder folder;
    writeMrc(folder / "flat.mrc", Volume({8, 8, 8}, std::vector<float>(512, 2.0F), 10));
    CHECK_THROWS_WITH(loadStructure((folder / "flat.mrc").string(), {}), test::contains("is empty"));
    writeMrc(folder / "dark.mrc", ball(4, 40, {90, 88, 80}, 5, -1));
    CHECK_THROWS_WITH(loadStructure((folder / "dark.mrc").string(), {}), test::contains("contrast inverted"));
    writeMrc(folder / "huge.mrc", ball(4, 40, {90, 88, 80}, 5));
    CHECK_THROWS_WITH(loadStructure((folder / "huge.mrc").string(), {0.05, 10}), test::contains("take larger voxels"));
}

TEST_CASE("structures, lists, folders and what is wrong with them") {
    const test::TemporaryFolder folder;
    touch(folder / "beta.pdb", kAtom);
    touch(folder / "alpha.ent", kAtom);
    touch(folder / "notes.txt", "no structure");
    const auto load = [](std::vector<std::string> list) { return loadStructures(list, {}); };
    const std::vector<Structure> all = load({"haemoglobin", folder.path().string()});
    REQUIRE(all.size() == 3);
    CHECK(all[0].name == "haemoglobin");
    CHECK(all[1].name == "alpha");
    CHECK(all[2].name == "beta");
    CHECK_THROWS_WITH(load({}), test::contains("No structure is given"));
    CHECK_THROWS_WITH(load({"groel", "groel"}), test::contains("given twice"));
    CHECK_THROWS_WITH(load({(folder / "notes.txt").string()}), test::contains("is no structure"));
    CHECK_THROWS_WITH(load({"unheard-of"}), test::contains("neither a file nor a built-in structure"));
    std::filesystem::create_directory(folder / "more");
    CHECK_THROWS_WITH(load({(folder / "more").string()}), test::contains("holds no structure"));
    touch(folder.path() / "more" / "beta.pdb.gz", kAtom);  // plain text under a packed file's name
    CHECK_THROWS_WITH(load({(folder / "beta.pdb").string(), (folder / "more").string()}),
                      test::contains("would both be the class “beta”"));
}

TEST_CASE("placing a structure, where it was asked for, to fractions of a voxel") {
    const Structure structure = loadStructure("haemoglobin", {});
    const Index3 shape{30, 28, 26};
    const Vec3 position{14.3, 12.85, 13.6};
    std::vector<float> scene(std::size_t(shape.product()));
    addStructure(structure, Rotation::uniform(0.2, 0.7, 0.4), position, 10, shape, scene);
    CHECK(sumOf(scene) * 1000 == Approx(structure.massDalton).epsilon(0.01));
    const double middle = double(structure.density.shape().x / 2);
    const Vec3 offset =
        0.5 * (Rotation::uniform(0.2, 0.7, 0.4) * (test::centreOfMass(structure.density) - Vec3{middle, middle, middle}));
    const Vec3 centre = test::centreOfMass(Volume(shape, scene, 10));
    CHECK(centre.x == Approx(position.x + offset.x).margin(0.02));
    CHECK(centre.y == Approx(position.y + offset.y).margin(0.02));
    CHECK(centre.z == Approx(position.z + offset.z).margin(0.02));
}

TEST_CASE("placing a structure, turned as its atoms are") {
    // The rotation takes the particle's frame to the scene's: atoms turned first and drawn then must give the same scene.
    Molecule molecule = builtInMolecule("ribosome-70s");
    Structure structure = loadStructure("ribosome-70s", {5, 20});
    const Rotation rotation = Rotation::uniform(0.9, 0.35, 0.15);
    for (MassPoint& point : molecule.points) point.positionAngstrom = rotation * point.positionAngstrom;
    const Volume turned = densityOf(molecule, 10, 20);
    std::vector<float> scene(turned.voxels().size());
    const double middle = double(turned.shape().x / 2);
    addStructure(structure, rotation, {middle, middle, middle}, 10, turned.shape(), scene);
    CHECK(test::correlation(scene, turned.voxels()) > 0.999);
    std::vector<float> otherWay(scene.size());
    addStructure(structure, rotation.inverse(), {middle, middle, middle}, 10, turned.shape(), otherWay);
    CHECK(test::correlation(otherWay, turned.voxels()) < 0.9);
}

TEST_CASE("placing a structure, half outside is half left out and nothing else changes") {
    const Structure structure = loadStructure("clpp", {});
    const Rotation rotation = Rotation::uniform(0.1, 0.2, 0.3);
    const Index3 whole{40, 40, 40}, part{17, 15, 13};
    const Vec3 position{20.2, 19.4, 20.9};
    std::vector<float> large(std::size_t(whole.product()), 1.0F), small(std::size_t(part.product()), 1.0F);
    addStructure(structure, rotation, position, 10, whole, large);
    const Index3 start{20, 18, 22};
    addStructure(structure, rotation, position - Vec3{20, 18, 22}, 10, part, small);
    double worst = 0;
    for (std::int64_t z = 0; z < part.z; ++z) {
        for (std::int64_t y = 0; y < part.y; ++y) {
            for (std::int64_t x = 0; x < part.x; ++x) {
                const float a = large[std::size_t(x + start.x + whole.x * (y + start.y + whole.y * (z + start.z)))];
                const float b = small[std::size_t(x + part.x * (y + part.y * z))];
                worst = std::max(worst, double(std::abs(a - b)));
            }
        }
    }
    CHECK(worst < 1e-5);
    CHECK(large.front() == 1.0F);
    std::vector<float> away(std::size_t(part.product()));
    addStructure(structure, rotation, {-500, 3, 1e6}, 10, part, away);
    CHECK(sumOf(away) == 0);
    CHECK_THROWS_AS(addStructure(structure, rotation, position, 10, whole, small), Error);
}
