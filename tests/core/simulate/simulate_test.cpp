#include "core/simulate/simulate.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "core/base/error.h"
#include "core/simulate/wedge.h"
#include "core/volume/statistics.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

std::vector<float> values(const Volume& volume) { return {volume.voxels().begin(), volume.voxels().end()}; }

double variance(const Volume& volume) {
    const double deviation = statisticsOf(volume.voxels()).standardDeviation;
    return deviation * deviation;
}

Volume difference(const Volume& a, const Volume& b) {
    std::vector<float> result = values(a);
    for (std::size_t i = 0; i < result.size(); ++i) result[i] -= b.voxels()[i];
    return {a.shape(), std::move(result)};
}

double correlation(const Volume& a, const Volume& b) {
    const Statistics first = statisticsOf(a.voxels()), second = statisticsOf(b.voxels());
    double sum = 0;
    for (std::size_t i = 0; i < a.voxels().size(); ++i) sum += (a.voxels()[i] - first.mean) * (b.voxels()[i] - second.mean);
    return sum / (static_cast<double>(a.voxels().size()) * first.standardDeviation * second.standardDeviation);
}

/// One Fourier coefficient by its definition, independent of any FFT; k in whole cycles per box.
double power(const Volume& volume, Index3 k) {
    const Index3 n = volume.shape();
    std::complex<double> sum = 0;
    for (std::int64_t z = 0; z < n.z; ++z) {
        for (std::int64_t y = 0; y < n.y; ++y) {
            for (std::int64_t x = 0; x < n.x; ++x) {
                const double turns = double(k.x * x) / double(n.x) + double(k.y * y) / double(n.y) + double(k.z * z) / double(n.z);
                sum += double(volume.at(x, y, z)) * std::polar(1.0, -2 * std::numbers::pi * turns);
            }
        }
    }
    return std::norm(sum);
}

}  // namespace

TEST_CASE("simulated particle, same seed gives the same voxels and another one others") {
    const SimulateOptions options;
    const SimulatedParticle first = simulateParticle(options, 1, 7, 42);
    const SimulatedParticle again = simulateParticle(options, 1, 7, 42);
    CHECK(values(first.volume) == values(again.volume));
    CHECK(first.offsetVoxels == again.offsetVoxels);
    CHECK(values(first.volume) != values(simulateParticle(options, 1, 8, 42).volume));
    CHECK(values(first.volume) != values(simulateParticle(options, 1, 7, 43).volume));
    CHECK(first.volume.shape() == Index3{32, 32, 32});
    CHECK(first.volume.voxelSizeAngstrom() == options.voxelSizeAngstrom);
}

TEST_CASE("simulated particle, has the signal-to-noise ratio asked for") {
    SimulateOptions options, clean;
    options.snr = 0.5;
    clean.snr = 1e9;
    options.tiltMaximumDegrees = clean.tiltMaximumDegrees = 90;
    double sum = 0;
    constexpr int kCount = 20;
    for (int i = 0; i < kCount; ++i) {
        const Volume signal = simulateParticle(clean, i % 5, i, 3).volume;
        const Volume noise = difference(simulateParticle(options, i % 5, i, 3).volume, signal);
        CHECK(statisticsOf(noise.voxels()).mean == Approx(0).margin(0.02));
        sum += variance(signal) / variance(noise);
    }
    CHECK(sum / kCount == Approx(0.5).epsilon(0.01));
}

TEST_CASE("simulated particle, its wedge is empty and the rest is not") {
    const Volume volume = simulateParticle({}, 0, 0, 5).volume;  // +-60 degrees: kept where |kx| >= 0.577 |kz|
    const double measured = power(volume, {4, 1, 5});
    CHECK(measured > 1e-3);
    CHECK(power(volume, {3, 2, 5}) > 1e-4 * measured);  // 3/5 > 0.577
    for (const Index3 k : {Index3{0, 0, 5}, Index3{2, 3, 5}, Index3{-2, 3, 5}, Index3{5, 0, 10}, Index3{1, 1, -2}}) {
        CHECK(power(volume, k) < 1e-6 * measured);
    }
    CHECK(power(volume, {0, 5, 0}) > 1e-4 * measured);  // along the tilt axis all is seen
}

TEST_CASE("missing wedge, leaves what was measured as it is, and everything at 90 degrees") {
    const Volume volume = renderShape(makeShape(4), {}, {}, 24, 12);
    const Volume kept = withMissingWedge(volume, 50);
    CHECK(power(kept, {3, 1, 1}) == Approx(power(volume, {3, 1, 1})).epsilon(1e-3));
    CHECK(statisticsOf(kept.voxels()).mean == Approx(statisticsOf(volume.voxels()).mean));
    CHECK(values(withMissingWedge(kept, 50)) != values(volume));
    CHECK(correlation(withMissingWedge(kept, 50), kept) == Approx(1));
    CHECK(values(withMissingWedge(volume, 90)) == values(volume));
}

TEST_CASE("simulated particle, poses are uniform and offsets fill a ball") {
    SimulateOptions options;
    options.boxSize = 16;
    constexpr int kCount = 800;
    Vec3 meanAxis;
    double meanSquare = 0, farthest = 0, meanDistance = 0;
    for (int i = 0; i < kCount; ++i) {
        const SimulatedParticle particle = simulateParticle(options, 0, i, 11);
        const Vec3 axis = particle.rotation * Vec3{0, 0, 1};
        meanAxis = meanAxis + (1.0 / kCount) * axis;
        meanSquare += axis.z * axis.z / kCount;
        const Vec3 offset = particle.offsetVoxels;
        const double distance = std::hypot(offset.x, offset.y, offset.z);
        farthest = std::max(farthest, distance);
        meanDistance += distance / kCount;
    }
    CHECK(std::hypot(meanAxis.x, meanAxis.y, meanAxis.z) < 0.1);  // five standard deviations
    CHECK(meanSquare == Approx(1.0 / 3).margin(0.05));
    CHECK(farthest <= options.offsetVoxels);
    CHECK(meanDistance == Approx(0.75 * options.offsetVoxels).epsilon(0.05));
}

TEST_CASE("shapes, bright, within the box, unlike each other in every pose tried, and turned exactly") {
    std::vector<Volume> upright;
    for (int i = 0; i < kShapeCount; ++i) {
        const Volume volume = renderShape(makeShape(i), {}, {}, 32, 10);
        const Statistics statistics = statisticsOf(volume.voxels());
        CHECK(statistics.minimum >= 0);
        CHECK(statistics.maximum > 0.8);
        CHECK(volume.at(0, 16, 16) + volume.at(16, 0, 16) + volume.at(16, 16, 0) < 0.01);
        upright.push_back(volume);
    }
    for (int i = 0; i < kShapeCount; ++i) {
        for (int j = 0; j < i; ++j) {
            const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
            CHECK(correlation(upright[a], upright[b]) < 0.9);
        }
    }
    // Half a turn about z maps voxel (16 + x, 16 + y, z) to (16 - x, 16 - y, z).
    const Volume turned = renderShape(makeShape(4), {0, 0, 0, 1}, {}, 32, 10);
    CHECK(turned.at(16 + 5, 16 - 3, 12) == Approx(upright[4].at(16 - 5, 16 + 3, 12)).margin(1e-6));
    CHECK_THROWS_AS(makeShape(kShapeCount), Error);
    CHECK(shapeNames(3) == std::vector<std::string>{"cylinder", "ring", "shell"});
}

TEST_CASE("simulated particle, wrong options and classes are refused") {
    SimulateOptions options;
    options.boxSize = 3;
    CHECK_THROWS_AS(simulateParticle(options, 0, 0, 1), Error);
    CHECK_THROWS_AS(simulateParticle({}, 77, 0, 1), Error);
}
