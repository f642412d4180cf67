#include "core/simulate/tomogram.h"

#include <array>
#include <cmath>
#include <set>

#include "core/base/error.h"
#include "core/fourier/fourier.h"
#include "core/simulate/membrane.h"
#include "core/volume/statistics.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// A ball as dense as protein.
Structure ball(const std::string& name, double radiusAngstrom) {
    constexpr double kVoxel = 5;
    const auto side = 2 * static_cast<std::int64_t>(radiusAngstrom / kVoxel + 3);
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < side; ++z)
        for (std::int64_t y = 0; y < side; ++y)
            for (std::int64_t x = 0; x < side; ++x) {
                const double r = std::hypot(double(x - side / 2), double(y - side / 2), double(z - side / 2)) * kVoxel;
                voxels.push_back(static_cast<float>(0.8 * std::clamp(0.5 + (radiusAngstrom - r) / 10, 0.0, 1.0)));
            }
    Structure structure;
    structure.name = name;
    structure.radiusAngstrom = radiusAngstrom;
    structure.density = Volume({side, side, side}, std::move(voxels), kVoxel);
    return structure;
}

SimulateTomogramOptions smallOptions() {
    SimulateTomogramOptions options;
    options.sizeX = 96;
    options.sizeY = 150;
    options.sizeZ = 64;
    options.perClass = 12;
    options.membranes = 1;
    options.goldBeads = 2;
    options.goldDiameterAngstrom = 60;
    return options;
}

const std::array<double, 2> kRadii{60, 45};

struct Made {
    SimulatedTomogram tomogram;
    Volume volume;
};

Made make(const SimulateTomogramOptions& options, TomogramRun run, const test::TemporaryFolder& folder) {
    const std::vector<Structure> structures{ball("large", kRadii[0]), ball("small", kRadii[1])};
    const Index3 shape{options.sizeX, options.sizeY, options.sizeZ};
    MrcStream stream(folder / "t.mrc", shape, options.voxelSizeAngstrom);
    Made made{simulateTomogram(options, structures, stream, run), {}};
    std::vector<float> voxels(static_cast<std::size_t>(shape.product()));
    stream.read({{}, shape}, voxels);
    made.volume = Volume(shape, std::move(voxels), options.voxelSizeAngstrom);
    return made;
}

double distance(Vec3 a, Vec3 b) { return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z); }

/// Smallest distance of a point from an ellipsoid by looking at points all over it.
double distanceBySearch(const Vesicle& vesicle, Vec3 point) {
    double least = 1e9;
    for (int i = 0; i < 400; ++i)
        for (int j = 0; j <= 200; ++j) {
            const double phi = i * 2 * M_PI / 400, theta = j * M_PI / 200;
            const Vec3 p{vesicle.semiAxes.x * std::sin(theta) * std::cos(phi), vesicle.semiAxes.y * std::sin(theta) * std::sin(phi),
                         vesicle.semiAxes.z * std::cos(theta)};
            least = std::min(least, distance(vesicle.centre + vesicle.rotation * p, point));
        }
    return least;
}

}  // namespace

TEST_CASE("a scene in a slab, nothing overlaps and all lies within the ice") {
    SimulateTomogramOptions options = smallOptions();
    options.sizeX = options.sizeY = 200;
    options.sizeZ = 100;
    options.perClass = 100;
    options.membranes = 2;
    const Ice ice({200, 200, 100}, options.iceFraction, 3);
    const TomogramScene scene = placeScene(options, kRadii, ice, 3);
    CHECK(scene.perStructure == std::vector<std::int64_t>{100, 100});
    REQUIRE(scene.vesicles.size() == 2);
    REQUIRE(scene.beads.size() == 2);
    int inside = 0;
    for (std::size_t i = 0; i < scene.particles.size(); ++i) {
        const TomogramParticle& particle = scene.particles[i];
        const double radius = kRadii[std::size_t(particle.structure)] / options.voxelSizeAngstrom;
        const Ice::Range range = ice.at(particle.position.x, particle.position.y);
        CHECK((particle.position.z - radius >= range.bottom && particle.position.z + radius <= range.top));
        CHECK((particle.position.x >= radius && particle.position.x <= 199 - radius));
        for (std::size_t j = 0; j < i; ++j)
            if (distance(particle.position, scene.particles[j].position) < radius + kRadii[std::size_t(scene.particles[j].structure)] / 10)
                FAIL("particles " << i << " and " << j << " overlap");
        for (const GoldBead& bead : scene.beads) CHECK(distance(bead.centre, particle.position) >= radius + bead.radius);
        for (const Vesicle& vesicle : scene.vesicles) {
            CHECK(distanceBySearch(vesicle, particle.position) >= radius + kBilayerReachAngstrom / 10 - 0.1);
            inside += distance(vesicle.centre, particle.position) < std::min({vesicle.semiAxes.x, vesicle.semiAxes.y, vesicle.semiAxes.z});
        }
    }
    CHECK(inside > 0);  // a vesicle is no forbidden ground
}

TEST_CASE("a scene in a slab that cannot hold half of what was asked, says so and what to do") {
    SimulateTomogramOptions options = smallOptions();
    options.perClass = 5000;
    const Ice ice({96, 150, 64}, options.iceFraction, 1);
    CHECK_THROWS_WITH(placeScene(options, kRadii, ice, 1), test::contains("of 10000 particles fit") && test::contains("per-class"));
    options.perClass = 1;
    options.membranes = 500;
    CHECK_THROWS_WITH(placeScene(options, kRadii, ice, 1), test::contains("of 500 vesicles") && test::contains("membranes"));
    // A part is left out where half fits.
    options = smallOptions();
    std::int64_t placed = 2 * options.perClass;
    while (placed == 2 * options.perClass) {
        options.perClass = options.perClass * 5 / 4;
        placed = std::int64_t(placeScene(options, kRadii, ice, 1).particles.size());
    }
    CHECK((placed > options.perClass && placed < 2 * options.perClass));
}

TEST_CASE("a simulated tomogram, slabs of any height give the same voxels") {
    const test::TemporaryFolder folder;
    const SimulateTomogramOptions options = smallOptions();
    TomogramRun run;
    run.seed = 5;
    const Made whole = make(options, run, folder);
    run.slabRows = 40;
    const Made slabs = make(options, run, folder);
    CHECK(whole.tomogram.slabs == 1);
    CHECK(slabs.tomogram.slabs == 4);
    double largest = 0, squares = 0;
    for (std::size_t i = 0; i < whole.volume.voxels().size(); ++i) {
        const double difference = std::abs(double(whole.volume.voxels()[i]) - slabs.volume.voxels()[i]);
        largest = std::max(largest, difference);
        squares += difference * difference;
    }
    INFO("largest " << largest << ", root mean square " << std::sqrt(squares / double(whole.volume.voxels().size())));
    CHECK(std::sqrt(squares / double(whole.volume.voxels().size())) < 1e-3);  // the noise has standard deviation 1
    CHECK(largest < 1e-2);
    run.slabRows = 0;
    const Made again = make(options, run, folder);
    CHECK(std::ranges::equal(again.volume.voxels(), whole.volume.voxels()));
}

TEST_CASE("a simulated tomogram has the signal-to-noise ratio asked for, with noise of standard deviation 1") {
    const test::TemporaryFolder folder;
    SimulateTomogramOptions options = smallOptions();
    for (const double snr : {0.05, 1.0}) {
        options.snr = snr;
        const Made made = make(options, {.seed = 2}, folder);
        CHECK(made.tomogram.snr == Approx(snr).epsilon(0.03));
        CHECK(made.tomogram.iceVoxels > 96 * 150 * 64 / 2);
    }
    options.snr = 1e-6;
    const Statistics noise = statisticsOf(make(options, {.seed = 2}, folder).volume.voxels());
    CHECK(noise.standardDeviation == Approx(1).epsilon(0.03));
    CHECK(std::abs(noise.mean) < 0.01);
}

TEST_CASE("a simulated tomogram, particles and gold are darker than ice, or lighter") {
    const test::TemporaryFolder folder;
    SimulateTomogramOptions options = smallOptions();
    options.snr = SimulateOptions::kNoNoise;
    options.membranes = 0;
    options.imaging.ctf = false;  // which leaves a solid ball little but its edge
    for (const std::string contrast : {"dark", "light"}) {
        options.contrast = contrast;
        double done = 0;
        const Made made = make(options, {.seed = 4, .progress = [&](double fraction) { done = fraction; }}, folder);
        CHECK(done == 1);
        const double sign = contrast == "dark" ? -1 : 1;
        double small = 0;
        for (const TomogramParticle& particle : made.tomogram.scene.particles) {
            const Vec3 p = particle.position;
            if (particle.structure == 1) small += made.volume.at(std::lround(p.x), std::lround(p.y), std::lround(p.z)) / options.perClass;
        }
        CHECK(sign * small > 0.5);
        for (const GoldBead& bead : made.tomogram.scene.beads)
            CHECK(sign * made.volume.at(std::lround(bead.centre.x), std::lround(bead.centre.y), std::lround(bead.centre.z)) > 10);
    }
}

TEST_CASE("a simulated tomogram lacks what lies beyond the largest tilt") {
    const test::TemporaryFolder folder;
    SimulateTomogramOptions options = smallOptions();
    const Made made = make(options, {.seed = 6}, folder);
    // A window keeps the edges of the volume from spreading power all over.
    const Index3 shape = made.volume.shape();
    std::vector<float> windowed(made.volume.voxels().begin(), made.volume.voxels().end());
    const auto window = [](std::int64_t i, std::int64_t n) { return std::pow(std::sin(M_PI * (double(i) + 0.5) / double(n)), 2); };
    for (std::int64_t z = 0, i = 0; z < shape.z; ++z)
        for (std::int64_t y = 0; y < shape.y; ++y)
            for (std::int64_t x = 0; x < shape.x; ++x, ++i)
                windowed[std::size_t(i)] *= static_cast<float>(window(x, shape.x) * window(y, shape.y) * window(z, shape.z));
    const Spectrum spectrum = fourierTransform(windowed, shape);
    double seen = 0, missing = 0;
    std::int64_t seenCount = 0, missingCount = 0;
    for (std::int64_t z = 0, i = 0; z < shape.z; ++z)
        for (std::int64_t y = 0; y < shape.y; ++y)
            for (std::int64_t x = 0; x <= shape.x / 2; ++x, ++i) {
                const double kx = frequency(x, shape.x), ky = frequency(y, shape.y), kz = std::abs(frequency(z, shape.z));
                const double k = std::hypot(kx, ky, kz), tilt = std::atan2(kx, kz) * 180 / M_PI;  // 90 minus that of the plane
                if (k < 0.08 || k > 0.24 || std::hypot(kx, kz) < 0.08) continue;
                (tilt > 35 ? seen : missing) += tilt > 35 || tilt < 25 ? std::norm(spectrum[std::size_t(i)]) : 0;
                (tilt > 35 ? seenCount : missingCount) += tilt > 35 || tilt < 25;
            }
    CHECK(seen / double(seenCount) > 20 * missing / double(missingCount));
}

TEST_CASE("a simulated tomogram that is cancelled leaves nothing") {
    const test::TemporaryFolder folder;
    StopSource stop;
    TomogramRun run;
    run.stop = stop.token();
    double last = 0;
    run.progress = [&](double fraction) {
        CHECK(fraction > last);
        last = fraction;
        if (fraction > 0.6) stop.request(StopWish::Cancel);
    };
    CHECK_THROWS_AS(make(smallOptions(), run, folder), Cancelled);
    CHECK((last > 0.6 && last < 0.8));
    CHECK(std::filesystem::directory_iterator(folder.path()) == std::filesystem::directory_iterator());
}

TEST_CASE("a vesicle is two layers of head groups 40 Å apart, a bead ten times as dense as protein") {
    const Index3 shape{120, 120, 120};
    std::vector<float> voxels(std::size_t(shape.product()));
    addVesicle({{60, 60, 60}, {40, 32, 36}, {}}, 5, 10, {}, shape, voxels);
    const auto at = [&](std::int64_t x, std::int64_t y, std::int64_t z) { return voxels[std::size_t(x + 120 * (y + 120 * z))]; };
    // Along y the middle lies at 60 + 32, the layers four voxels off.
    CHECK(at(60, 96, 60) > at(60, 97, 60));
    CHECK(at(60, 96, 60) > at(60, 95, 60));
    CHECK(at(60, 88, 60) == Approx(at(60, 96, 60)).epsilon(0.05));
    CHECK(at(60, 92, 60) < 0.2f * at(60, 96, 60));
    CHECK(at(60, 60, 60) == 0);
    CHECK(at(104, 60, 60) == Approx(at(60, 96, 60)).epsilon(0.05));
    // The same made of two parts.
    std::vector<float> part(120 * 120 * 30);
    addVesicle({{60, 60, 60}, {40, 32, 36}, {}}, 5, 10, {0, 0, 45}, {120, 120, 30}, part);
    CHECK(std::equal(part.begin(), part.end(), voxels.begin() + 120 * 120 * 45));
    std::ranges::fill(voxels, 0.0f);
    addGoldBead({{60, 60, 60}, 10}, 5, 10, {}, shape, voxels);
    CHECK(at(60, 60, 60) == Approx(8.13));
    CHECK(at(70, 60, 60) == Approx(8.13 / 2).epsilon(0.01));
    CHECK(at(75, 60, 60) < 0.01f);
}
