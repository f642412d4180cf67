#include "core/data/relion_particles.h"

#include <array>

#include "core/base/error.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;

namespace {

constexpr const char* kOptics = "data_optics\n\nloop_\n_rlnOpticsGroup #1\n_rlnTomoTiltSeriesPixelSize #2\n1 1.35\n\n";
constexpr const char* kAngles =
    "_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n_rlnTomoSubtomogramRot\n_rlnTomoSubtomogramTilt\n"
    "_rlnTomoSubtomogramPsi\n_rlnOriginXAngst\n_rlnOriginYAngst\n_rlnOriginZAngst\n_rlnOpticsGroup\n";
constexpr const char* kAngleValues = "31 57 -112 12 77 -45 3.5 -2.25 1.75 1";

ParticleTable read(const std::string& text, const RelionReadOptions& options) {
    return particlesFromRelion(parseStar(text, "test.star"), "test.star", options);
}

void checkNear(Vec3 found, std::array<double, 3> expected) {
    CHECK(found.x == Approx(expected[0]).margin(1e-6));
    CHECK(found.y == Approx(expected[1]).margin(1e-6));
    CHECK(found.z == Approx(expected[2]).margin(1e-6));
}

void checkNear(const Matrix3& found, const Matrix3& expected) {
    for (std::size_t i = 0; i < 9; ++i) CHECK(found[i] == Approx(expected[i]).margin(1e-8));
}

RelionReadOptions withTomogram(std::optional<Index3> bin1 = {}) {
    RelionReadOptions options;
    options.tomograms.push_back({"TS_01", {959, 927, 375}, 5.4, bin1});
    return options;
}

}  // namespace

// Expected numbers: tests/baselines/relion_particles.py.
TEST_CASE("relion particles, two levels of angles multiply and the origin is subtracted") {
    const ParticleTable table = read(std::string(kOptics) +
                                         "data_particles\n\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n"
                                         "_rlnCoordinateZ\n" +
                                         kAngles + "TS_01 1000.5 740.25 512 " + kAngleValues + "\n",
                                     withTomogram());
    CHECK(table.format == "relion4");
    REQUIRE(table.particles.size() == 1);
    checkNear(table.particles[0].tomogramFromParticle.matrix(),
              {-0.815848332, -0.529713418, 0.231937912, -0.039176748, -0.349538755, -0.936102474, 0.57693733,
               -0.772804215, 0.264418161});
    checkNear(table.particles[0].positionVoxels, {249.877739598, 185.582194592, 127.393773176});
    CHECK(table.warnings.empty());
}

TEST_CASE("relion particles, one level of angles is the matrix of RELION") {
    const ParticleTable table = read(
        "data_\n\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_rlnAngleRot\n_rlnAngleTilt\n"
        "_rlnAnglePsi\n_rlnMicrographName\n_rlnPixelSize\n_rlnOriginX\n_rlnOriginY\n_rlnOriginZ\n"
        "10 20 30 31 57 -112 TS_01.tomostar 5.4 1 2 3\n",
        withTomogram());
    CHECK(table.format == "relion3");
    checkNear(table.particles[0].tomogramFromParticle.matrix(),
              {0.302651109, -0.899832517, 0.314171524, 0.625789448, -0.061016328, -0.77760181, 0.718880987, 0.431947275,
               0.544639035});
    CHECK(table.particles[0].tomogram == "TS_01");
    checkNear(table.particles[0].positionVoxels, {9, 18, 27});
}

TEST_CASE("relion particles, centred coordinates win and count from N/2") {
    const std::string text =
        std::string(kOptics) +
        "data_particles\n\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n"
        "_rlnCenteredCoordinateXAngst\n_rlnCenteredCoordinateYAngst\n_rlnCenteredCoordinateZAngst\n" +
        kAngles + "TS_01 1 2 3 100.5 -40.25 12 " + kAngleValues + "\n";
    CHECK(read(text, withTomogram()).format == "relion5");
    checkNear(read(text, withTomogram()).particles[0].positionVoxels, {497.863850709, 456.565990889, 189.115995398});
    checkNear(read(text, withTomogram(Index3{3838, 3710, 1501})).particles[0].positionVoxels,
              {498.113850709, 456.815990889, 189.240995398});
    const ParticleTable unplaced = read(text, {});
    REQUIRE(unplaced.warnings.size() == 1);
    CHECK_THAT(unplaced.warnings[0], contains("TS_01") && contains("counted from the centre"));
}

TEST_CASE("relion particles, lie in the tomogram of their name or the only one whose name goes on after it") {
    const std::string text =
        "data_\nloop_\n_rlnMicrographName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_rlnPixelSize\n"
        "TS_1.tomostar 10 20 30 2\nTS_2.tomostar 10 20 30 2\nTS_3.tomostar 10 20 30 2\n";
    RelionReadOptions options;
    for (const char* name : {"TS_1_10.00Apx", "TS_11_10.00Apx", "TS_2_a", "TS_2_b"})
        options.tomograms.push_back({name, {100, 100, 100}, 10, {}});
    const ParticleTable table = read(text, options);
    CHECK(table.particles[0].tomogram == "TS_1_10.00Apx");
    checkNear(table.particles[0].positionVoxels, {2, 4, 6});
    CHECK(table.particles[1].tomogram == "TS_2");
    checkNear(table.particles[1].positionVoxels, {10, 20, 30});
    REQUIRE(table.warnings.size() == 1);
    CHECK_THAT(table.warnings[0], contains("2 names"));
}

TEST_CASE("relion particles, go out as they came in") {
    const std::string text =
        std::string("data_general\n\n_rlnTomoSubTomosAre2DStacks 1\n\n") + kOptics +
        "data_particles\n\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_myOwnColumn\n"
        "1.50 2 3e0 \"two words\"\n4 5 6 <NA>\n";
    const StarFile came = parseStar(text, "test.star");
    const StarFile goes = relionFromParticles(particlesFromRelion(came, "test.star", {}), {});
    REQUIRE(goes.blocks.size() == came.blocks.size());
    for (std::size_t i = 0; i < came.blocks.size(); ++i) {
        CHECK(goes.blocks[i].name == came.blocks[i].name);
        CHECK(goes.blocks[i].loop == came.blocks[i].loop);
        CHECK(goes.blocks[i].columns == came.blocks[i].columns);
        CHECK(goes.blocks[i].rows == came.blocks[i].rows);
    }
}

TEST_CASE("relion particles, extra columns are added, replaced or leave what is there") {
    const StarFile came = parseStar(
        "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n_rlnClassNumber\n_tomoloupeLabel\n"
        "1 2 3 7 old\n",
        "test.star");
    const std::vector<ExtraColumn> extra{
        {"rlnClassNumber", {"1"}, false}, {"tomoloupeLabel", {"new"}, true}, {"more", {"x"}, true}};
    const StarFile goes = relionFromParticles(particlesFromRelion(came, "test.star", {}), {1, extra});
    CHECK(goes.blocks[0].rows[0] == std::vector<std::string>{"1", "2", "3", "7", "new", "x"});
}

TEST_CASE("relion particles, of a table from elsewhere come back the same") {
    ParticleTable table;
    table.format = "simulated";
    Particle particle;
    particle.tomogram = "tomo 1";
    particle.positionVoxels = {12.5, 3, 4};
    particle.tomogramFromParticle = rotationFromRelion({31, 57, -112});
    table.particles = {particle, particle};
    const StarFile file = relionFromParticles(table, {13.48, {}});
    const ParticleTable read = particlesFromRelion(file, "test.star", {});
    REQUIRE(read.particles.size() == 2);
    CHECK(read.particles[1].tomogram == "tomo 1");
    checkNear(read.particles[1].positionVoxels, {12.5, 3, 4});
    checkNear(read.particles[1].tomogramFromParticle.matrix(), particle.tomogramFromParticle.matrix());
}

TEST_CASE("relion particles, what is missing or no number is told") {
    CHECK_THROWS_WITH(read("data_optics\n_rlnOpticsGroup 1\n", {}),
                      contains("no block with rlnCoordinateX") && contains("data_optics"));
    CHECK_THROWS_WITH(read("data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n1 2\n", {}),
                      contains("test.star has no complete positions"));
    CHECK_THROWS_WITH(read("data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n1 2 x\n", {}),
                      contains("\"x\" in column rlnCoordinateZ, row 1"));
}

TEST_CASE("relion particles, real files are read and go out as they came in") {
    const auto data = test::sharedData();
    if (!data) return;
    const std::pair<const char*, std::size_t> files[] = {{"odd/star/cryoCAT__relion_test.star", 3},
                                                         {"odd/star/cryoCAT__warp2_particles_matching.star", 1218},
                                                         {"odd/star/portal__relion_3_star.star", 6},
                                                         {"odd/star/PyTom__subtomo_format.star", 1037},
                                                         {"odd/star/starfile__empty_loop.star", 0}};
    for (const auto& [name, count] : files) {
        const StarFile came = readStar(*data / name);
        const ParticleTable table = particlesFromRelion(came, name, {});
        CHECK(table.particles.size() == count);
        const StarFile goes = relionFromParticles(table, {});
        REQUIRE(goes.blocks.size() == came.blocks.size());
        for (std::size_t i = 0; i < came.blocks.size(); ++i) CHECK(goes.blocks[i].rows == came.blocks[i].rows);
    }
    for (const char* name : {"odd/star/portal__stopgap_star.star", "odd/star/starfile__default_pipeline.star"})
        CHECK_THROWS_AS(readRelionParticles(*data / name, {}), ReadError);
}

TEST_CASE("relion particles, the ribosomes of EMPIAR-10499 lie in their tomograms") {
    const auto data = test::sharedData();
    if (!data) return;
    const ParticleTable table = readRelionParticles(
        *data / "subtomograms/empiar10499_ribosome/raw/warptools_test_4-tomos_10-ptcls_box-32_angpix-12.star", {});
    REQUIRE(table.particles.size() == 40);
    for (const Particle& particle : table.particles) {
        CHECK(particle.tomogram.starts_with("Unt_0"));
        CHECK(particle.positionVoxels.x > 0);
    }
}

TEST_CASE("relion particles, a convention holds in place of what the file tells") {
    const std::string text = std::string(kOptics) +
                             "data_particles\n\nloop_\n_rlnTomoName\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n"
                             "_rlnOpticsGroup\nTS_01 100 200 300 1\n";
    const RelionPositions told = positionsTold(parseStar(text, "test.star"), "test.star");
    CHECK_FALSE(told.inAngstromFromCentre);
    CHECK(told.pixelSizeAngstrom == 1.35);
    RelionReadOptions options = withTomogram();  // voxels of 5.4 Å, 959 x 927 x 375
    checkNear(read(text, options).particles[0].positionVoxels, {25, 50, 75});
    options.convention.pixelSizeAngstrom = 2.7;
    checkNear(read(text, options).particles[0].positionVoxels, {50, 100, 150});
    options.convention.binning = 2;
    checkNear(read(text, options).particles[0].positionVoxels, {100, 200, 300});
    options.convention = {.origin = RelionConvention::Origin::Centre};
    checkNear(read(text, options).particles[0].positionVoxels, {25 + 479.5, 50 + 463.5, 75 + 187.5});

    const std::string centred =
        std::string(kOptics) +
        "data_particles\n\nloop_\n_rlnTomoName\n_rlnCenteredCoordinateXAngst\n_rlnCenteredCoordinateYAngst\n"
        "_rlnCenteredCoordinateZAngst\n_rlnOpticsGroup\nTS_01 54 108 27 1\n";
    CHECK(positionsTold(parseStar(centred, "test.star"), "test.star").inAngstromFromCentre);
    options.convention = {.origin = RelionConvention::Origin::Corner};
    checkNear(read(centred, options).particles[0].positionVoxels, {10, 20, 5});
}
