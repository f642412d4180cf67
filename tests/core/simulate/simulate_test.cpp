#include "core/simulate/simulate.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/error.h"
#include "core/volume/operations.h"
#include "core/volume/statistics.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

std::vector<float> values(const Volume& volume) { return {volume.voxels().begin(), volume.voxels().end()}; }

Volume difference(const Volume& a, const Volume& b) {
    std::vector<float> voxels = values(a);
    for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] -= b.voxels()[i];
    return {a.shape(), std::move(voxels)};
}

double variance(const Volume& volume) { return std::pow(statisticsOf(volume.voxels()).standardDeviation, 2); }

SimulateOptions small() {
    SimulateOptions options;
    options.structures = {"proteasome-20s", "apoferritin", "haemoglobin"};
    options.boxSize = 24;
    return options;
}

}  // namespace

TEST_CASE("simulated particle, same seed gives the same voxels and another one others") {
    const Simulator simulator(small());
    const SimulatedParticle first = simulator.make(7, 42), again = Simulator(small()).make(7, 42);
    CHECK(values(first.volume) == values(again.volume));
    CHECK(first.positionVoxels == again.positionVoxels);
    CHECK(values(first.volume) != values(simulator.make(10, 42).volume));
    CHECK(values(first.volume) != values(simulator.make(7, 43).volume));
    CHECK(first.classIndex == 1);
    CHECK(first.volume.shape() == Index3{24, 24, 24});
    CHECK(first.volume.voxelSizeAngstrom() == 10);
    CHECK(first.scene.size() == 5);
}

TEST_CASE("simulated particle, scene and noise field do not depend on the noise level") {
    SimulateOptions strong = small(), weak = small();
    strong.snr = 0.01;
    weak.snr = 0.04;
    const SimulatedParticle a = Simulator(strong).make(3, 1), b = Simulator(weak).make(3, 1);
    CHECK(values(a.clean) == values(b.clean));
    CHECK(std::sqrt(variance(difference(a.volume, a.clean))) ==
          Approx(2 * std::sqrt(variance(difference(b.volume, b.clean)))).epsilon(1e-3));
}

TEST_CASE("simulated particle, the signal-to-noise ratio of the crop is the one asked for") {
    SimulateOptions options = small();
    options.snrScope = "crop";
    for (const double asked : {0.02, 0.1, 1.0}) {
        options.snr = asked;
        const Simulator simulator(options);
        for (int i = 0; i < 4; ++i) {
            const SimulatedParticle made = simulator.make(i, 3);
            const double measured = variance(made.clean) / variance(difference(made.volume, made.clean));
            CHECK(measured == Approx(asked).epsilon(0.03));
            CHECK(made.localSnr == Approx(measured).epsilon(0.01));
        }
    }
}

TEST_CASE("simulated particle, the ratio holds over a scene of 300 voxels that is imaged as a whole") {
    SimulateOptions options = small();
    options.snr = 0.05;
    const Simulator simulator(options);
    const SimulatedParticle made = simulator.make(0, 11);

    const Index3 shape{options.sceneSide, options.sceneSide, options.sceneSide};
    const std::int64_t start = options.sceneSide / 2 - options.boxSize / 2;
    const auto voxelsInScene = static_cast<std::size_t>(shape.product());
    std::vector<float> density(voxelsInScene, 0.0F);
    for (const PlacedStructure& placed : made.scene) {
        const Vec3 shift{double(start), double(start), double(start)};
        const Vec3 at = made.positionVoxels + shift + (1 / options.voxelSizeAngstrom) * placed.positionAngstrom;
        addStructure(simulator.structures()[std::size_t(placed.structure)], placed.rotation, at, options.voxelSizeAngstrom, shape, density);
    }
    const Imaging imaging(options.imaging, shape, options.voxelSizeAngstrom);
    Spectrum spectrum = fourierTransform(density, shape);
    imaging.imageSignal(spectrum);
    const Volume scene(shape, inverseFourierTransform(spectrum, shape), options.voxelSizeAngstrom);

    // The local image is the crop of the whole one.
    const Volume whole = crop(scene, {{start, start, start}, made.clean.shape()});
    CHECK(std::sqrt(variance(difference(made.clean, whole)) / variance(whole)) < 0.05);
    // The ratio over the scene: white noise of the level implied, passing CTF and wedge like the signal.
    ImagingOptions ctfAlone = options.imaging;
    ctfAlone.bandPass = 0;
    ctfAlone.mtfWidth = 0.01;  // then half of the noise passes the CTF and the other half vanishes
    const Imaging passing(ctfAlone, shape, options.voxelSizeAngstrom);
    std::vector<float> white(voxelsInScene);
    fillWhiteNoise(5, 0, white);
    Spectrum noise = fourierTransform(white, shape);
    passing.imageNoise(noise);
    const double passed = 2 * std::pow(statisticsOf(inverseFourierTransform(noise, shape)).standardDeviation, 2);
    const double level = made.noiseVariance / Imaging(options.imaging, shape, options.voxelSizeAngstrom).noiseVariance();
    CHECK(variance(scene) / (level * passed) == Approx(options.snr).epsilon(0.03));
    CHECK(made.sceneSnr == Approx(options.snr).epsilon(0.03));
    CHECK(made.localSnr > 20 * made.sceneSnr);  // the scene is mostly empty

    double noiseRatio = 0;  // what crops hold of the variance they should
    constexpr int kCount = 32;
    for (int i = 0; i < kCount; ++i) {
        const SimulatedParticle other = simulator.make(i, 12);
        const double held = variance(difference(other.volume, other.clean));
        CHECK(other.localSnr == Approx(variance(other.clean) / held).epsilon(0.01));
        noiseRatio += held / other.noiseVariance / kCount;
    }
    CHECK(noiseRatio == Approx(1).epsilon(0.03));
}

TEST_CASE("simulated particle, the mask holds the target and nothing else") {
    SimulateOptions options = small();
    options.offset = 0;
    options.snr = SimulateOptions::kNoNoise;
    const Simulator simulator(options);
    for (int i = 0; i < 3; ++i) {
        const SimulatedParticle made = simulator.make(i, 2);
        CHECK(values(made.volume) == values(made.clean));
        const Structure& target = simulator.structures()[std::size_t(made.classIndex)];
        double count = 0, farthest = 0;
        for (std::int64_t z = 0; z < 24; ++z)
            for (std::int64_t y = 0; y < 24; ++y)
                for (std::int64_t x = 0; x < 24; ++x) {
                    if (made.mask.at(x, y, z) == 0) continue;
                    CHECK(made.mask.at(x, y, z) == 1);
                    const Vec3 from = Vec3{double(x), double(y), double(z)} - made.positionVoxels;
                    farthest = std::max(farthest, std::sqrt(from.x * from.x + from.y * from.y + from.z * from.z));
                    ++count;
                }
        CHECK(farthest * 10 < target.radiusAngstrom + 15);
        CHECK(count * 1000 == Approx(target.massDalton / 0.81).epsilon(0.25));  // Å^3 of protein
    }
}

TEST_CASE("simulated particle, offsets fill a quarter of the box along each axis, classes come in turn") {
    SimulateOptions options = small();
    options.boxSize = 16;
    options.neighbours = 0;
    options.snr = SimulateOptions::kNoNoise;
    const Simulator simulator(options);
    double low = 0, high = 0, square = 0;
    constexpr int kCount = 120;
    for (int i = 0; i < kCount; ++i) {
        const SimulatedParticle made = simulator.make(i, 8);
        CHECK(made.classIndex == i % 3);
        for (const double coordinate : {made.positionVoxels.x, made.positionVoxels.y, made.positionVoxels.z}) {
            const double offset = (coordinate - 8) / 16;
            low = std::min(low, offset);
            high = std::max(high, offset);
            square += offset * offset / (3 * kCount);
        }
    }
    CHECK(low >= -0.25);
    CHECK(low < -0.24);
    CHECK(high <= 0.25);
    CHECK(high > 0.24);
    CHECK(square == Approx(0.25 * 0.25 / 3).epsilon(0.1));
}

TEST_CASE("simulator, a margin keeps neighbours away") {
    SimulateOptions options = small();
    options.snr = SimulateOptions::kNoNoise;
    const double margin = 60;
    const auto nearest = [&](double asked) {
        options.marginAngstrom = asked;
        const Simulator simulator(options);
        double gap = 1e9;
        for (int i = 0; i < 6; ++i) {
            const SimulatedParticle made = simulator.make(i, 4);
            for (std::size_t n = 1; n < made.scene.size(); ++n) {
                const Vec3 at = made.scene[n].positionAngstrom;
                const auto radius = [&](std::size_t which) { return simulator.structures()[std::size_t(made.scene[which].structure)].radiusAngstrom; };
                gap = std::min(gap, std::sqrt(at.x * at.x + at.y * at.y + at.z * at.z) - radius(0) - radius(n));
            }
        }
        return gap;
    };
    CHECK(nearest(0) == Approx(6).margin(6));  // they touch, but for the steps
    CHECK(nearest(margin) == Approx(2 * margin + 6).margin(6));
}

TEST_CASE("simulator, wrong options are refused with one sentence") {
    SimulateOptions options = small();
    options.neighbours = 50;
    options.sceneSide = 40;
    CHECK_THROWS_WITH(Simulator(options), test::contains("cannot be packed"));
    options = small();
    options.structures = {"groel", "groel"};
    CHECK_THROWS_WITH(Simulator(options), test::contains("groel"));
    options.structures = {};
    CHECK_THROWS_AS(Simulator(options), Error);
    options.structures = {"no-such-thing"};
    CHECK_THROWS_WITH(Simulator(options), test::contains("no-such-thing"));
    options = small();
    options.boxSize = 3;
    CHECK_THROWS_AS(Simulator(options), InvalidOptions);
}
