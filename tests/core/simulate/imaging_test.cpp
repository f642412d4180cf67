#include "core/simulate/imaging.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/volume/operations.h"
#include "core/volume/statistics.h"
#include "tests/baselines/imaging_numbers.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr double kVoxel = 10;

Index3 cube(std::int64_t side) { return {side, side, side}; }

std::vector<float> white(std::int64_t side, std::uint64_t seed) {
    std::vector<float> values(std::size_t(side * side * side));
    fillWhiteNoise(seed, 0, values);
    return values;
}

/// Imaged noise in real space.
std::vector<float> imagedNoise(const Imaging& imaging, std::uint64_t seed) {
    Spectrum spectrum = fourierTransform(white(imaging.shape().x, seed), imaging.shape());
    imaging.imageNoise(spectrum);
    return inverseFourierTransform(spectrum, imaging.shape());
}

/// Mean of values[i] values[i + lag] over that of the squares, along x, y and z for lags 1 to 3; `n` voxels a side, periodic.
std::array<double, 9> autocorrelation(const std::vector<float>& values, std::int64_t n) {
    std::array<double, 9> sums{};
    double square = 0;
    for (std::int64_t z = 0; z < n; ++z)
        for (std::int64_t y = 0; y < n; ++y)
            for (std::int64_t x = 0; x < n; ++x) {
                const auto at = [&](std::int64_t i, std::int64_t j, std::int64_t k) {
                    return double(values[std::size_t(i % n + n * (j % n + n * (k % n)))]);
                };
                const double here = at(x, y, z);
                square += here * here;
                for (std::int64_t lag = 1; lag <= 3; ++lag) {
                    sums[std::size_t(lag - 1)] += here * at(x + lag, y, z);
                    sums[std::size_t(lag + 2)] += here * at(x, y + lag, z);
                    sums[std::size_t(lag + 5)] += here * at(x, y, z + lag);
                }
            }
    for (double& sum : sums) sum /= square;
    return sums;
}

double varianceOf(const std::vector<float>& values) { return std::pow(statisticsOf(values).standardDeviation, 2); }

}  // namespace

TEST_CASE("ctf, equals an independent computation") {
    const std::array<double, 6> periods{400, 200, 100, 60, 40, 25};
    for (std::size_t i = 0; i < periods.size(); ++i) CHECK(ctfAt({}, 1 / periods[i], kVoxel) == Approx(baseline::kCtf[i]).epsilon(1e-4));
    ImagingOptions none;
    none.ctf = false;
    CHECK(ctfAt(none, 0.02, kVoxel) == 1);
    ImagingOptions over;
    over.defocusMicrometre = 5;  // dark where underfocus is bright
    CHECK(ctfAt(over, 1 / 200.0, kVoxel) < 0);
    CHECK(ctfAt({}, 1 / 200.0, kVoxel) > 0);
}

TEST_CASE("imaged noise, has the variance and the autocorrelation of the formulas and of public samples") {
    constexpr std::int64_t kSide = 128;
    const Imaging imaging({}, cube(kSide), kVoxel);
    CHECK(imaging.noiseVariance() == Approx(baseline::kNoiseVariance[0]).epsilon(0.01));
    const std::vector<float> noise = imagedNoise(imaging, 5);
    CHECK(varianceOf(noise) == Approx(imaging.noiseVariance()).epsilon(0.02));
    const auto found = autocorrelation(noise, kSide);
    // Blocks of particle-free noise in 44 public samples (method.md 4.5): x, y (tilt axis), z (beam).
    const std::array<double, 9> samples{0.71, 0.15, -0.25, 0.77, 0.33, 0.01, 0.85, 0.53, 0.21};
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(found[i] == Approx(baseline::kNoiseAutocorrelation[i]).margin(0.02));
        CHECK(found[i] == Approx(samples[i]).margin(0.09));
    }
    ImagingOptions ctfOnly;
    ctfOnly.mtfWidth = 0.01;  // what is left is the noise that went through the CTF
    const auto before = autocorrelation(imagedNoise(Imaging(ctfOnly, cube(kSide), kVoxel), 6), kSide);
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(before[i] == Approx(baseline::kCtfNoiseAutocorrelation[i]).margin(0.03));
}

TEST_CASE("imaging, the radial spectrum follows the CTF within 5 per cent") {
    constexpr std::int64_t kSide = 64;
    ImagingOptions options;
    options.bandPass = 0;
    options.tiltMaximumDegrees = 90;
    const Imaging imaging(options, cube(kSide), kVoxel);
    const std::vector<float> before = white(kSide, 9);
    Spectrum spectrum = fourierTransform(before, cube(kSide));
    imaging.imageSignal(spectrum);
    const Spectrum after = fourierTransform(inverseFourierTransform(spectrum, cube(kSide)), cube(kSide));
    const Spectrum reference = fourierTransform(before, cube(kSide));
    std::array<double, 32> power{}, given{}, expected{};
    std::size_t i = 0;
    for (std::int64_t z = 0; z < kSide; ++z)
        for (std::int64_t y = 0; y < kSide; ++y)
            for (std::int64_t x = 0; x <= kSide / 2; ++x, ++i) {
                const double k = std::hypot(frequency(x, kSide), frequency(y, kSide), frequency(z, kSide));
                const auto shell = std::size_t(std::lround(k * kSide));
                if (shell >= power.size()) continue;
                power[shell] += std::norm(after[i]);
                given[shell] += std::norm(reference[i]);
                const double lambda = 0.0196875;  // Å at 300 kV
                const double q = k / kVoxel, phase = M_PI / 2 * (2e7 * std::pow(lambda, 3) * std::pow(q, 4) + 1e5 * lambda * q * q);
                expected[shell] += std::norm(reference[i]) * std::pow(std::sin(phase) * std::exp(-std::pow(q / 0.02, 2)), 2);
            }
    int compared = 0;
    for (std::size_t shell = 2; shell < power.size(); ++shell) {
        if (expected[shell] < 1e-3 * given[shell]) continue;  // the zeros and the far tail
        CHECK(power[shell] == Approx(expected[shell]).epsilon(0.05));
        ++compared;
    }
    CHECK(compared > 15);
}

TEST_CASE("imaging, crops hold at least 20 times less power beyond the wedge than beside it") {
    constexpr std::int64_t kSide = 96, kBox = 32;
    const Imaging imaging({}, cube(kSide), kVoxel);
    double beyond = 0, beside = 0;
    int beyondCount = 0, besideCount = 0;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        const Volume whole(cube(kSide), imagedNoise(imaging, seed), kVoxel);
        const Volume box = crop(whole, {{20, 30, 40}, cube(kBox)});
        const Spectrum spectrum = fourierTransform(box.voxels(), cube(kBox));
        std::size_t i = 0;
        for (std::int64_t z = 0; z < kBox; ++z)
            for (std::int64_t y = 0; y < kBox; ++y)
                for (std::int64_t x = 0; x <= kBox / 2; ++x, ++i) {
                    const double kx = frequency(x, kBox) * kBox, ky = frequency(y, kBox) * kBox, kz = std::abs(frequency(z, kBox)) * kBox;
                    const double k = std::hypot(kx, ky, kz);
                    if (k < 4 || k > 7) continue;
                    // Two coefficients away from the edge, which a crop blurs.
                    if (kx < 0.577 * kz - 2) beyond += std::norm(spectrum[i]), ++beyondCount;
                    if (kx > 0.577 * kz + 2) beside += std::norm(spectrum[i]), ++besideCount;
                }
    }
    REQUIRE(beyondCount > 50);
    CHECK(beside / besideCount > 20 * beyond / beyondCount);
}

TEST_CASE("imaging, a small grid gives what a scene of 300 voxels gives: noise of the same variance and spectrum") {
    constexpr std::int64_t kScene = 300, kGrid = 64, kBox = 32;
    const Imaging scene({}, cube(kScene), kVoxel), local({}, cube(kGrid), kVoxel);
    CHECK(local.noiseVariance() == Approx(scene.noiseVariance()).epsilon(0.02));

    const auto shellsOf = [](const Imaging& imaging, std::uint64_t seed, int crops) {
        const std::int64_t side = imaging.shape().x;
        const Volume whole(imaging.shape(), imagedNoise(imaging, seed), kVoxel);
        std::array<double, 10> shells{};
        for (int c = 0; c < crops; ++c) {
            const std::int64_t step = side > 100 ? 60 : 0;
            const Volume box = crop(whole, {{c % 4 * step, c / 4 % 4 * step, c / 16 * step}, cube(kBox)});
            const Spectrum spectrum = fourierTransform(box.voxels(), cube(kBox));
            std::size_t i = 0;
            for (std::int64_t z = 0; z < kBox; ++z)
                for (std::int64_t y = 0; y < kBox; ++y)
                    for (std::int64_t x = 0; x <= kBox / 2; ++x, ++i) {
                        const double k = std::hypot(frequency(x, kBox), frequency(y, kBox), frequency(z, kBox)) * kBox;
                        if (k < 10) shells[std::size_t(k)] += std::norm(spectrum[i]) / crops;
                    }
        }
        return shells;
    };
    constexpr int kCrops = 64;
    const auto inScene = shellsOf(scene, 1, kCrops);
    std::array<double, 10> locally{};
    for (int i = 0; i < kCrops; ++i) {
        const auto one = shellsOf(local, 100 + std::uint64_t(i), 1);
        for (std::size_t k = 0; k < one.size(); ++k) locally[k] += one[k] / kCrops;
    }
    CHECK(std::accumulate(locally.begin(), locally.end(), 0.0) ==
          Approx(std::accumulate(inScene.begin(), inScene.end(), 0.0)).epsilon(0.03));
    for (std::size_t k = 2; k < 8; ++k) CHECK(locally[k] == Approx(inScene[k]).epsilon(0.1));  // chance alone makes 2 to 5 per cent
}

TEST_CASE("white noise, is the same however it is cut, normal, and another with another seed") {
    std::vector<float> whole(100001), part(1001);
    fillWhiteNoise(7, 0, whole);
    fillWhiteNoise(7, 333, part);
    CHECK(std::equal(part.begin(), part.end(), whole.begin() + 333));
    fillWhiteNoise(7, 334, part);
    CHECK(std::equal(part.begin(), part.end(), whole.begin() + 334));
    const Statistics statistics = statisticsOf(whole);
    CHECK(statistics.mean == Approx(0).margin(0.015));
    CHECK(statistics.standardDeviation == Approx(1).epsilon(0.01));
    double lag = 0;
    for (std::size_t i = 0; i + 1 < whole.size(); ++i) lag += whole[i] * whole[i + 1];
    CHECK(lag / double(whole.size()) == Approx(0).margin(0.015));
    fillWhiteNoise(8, 0, part);
    CHECK_FALSE(std::equal(part.begin(), part.end(), whole.begin()));
}
