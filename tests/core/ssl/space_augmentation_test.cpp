#include "core/ssl/space_augmentation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/nn/compute.h"
#include "core/ssl/augmentation.h"
#include "tests/baselines/augmentation_numbers.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

at::Tensor noise(std::int64_t n, std::int64_t side) {
    const at::Tensor x = at::empty({n, 1, side, side, side}).normal_(0, 1, makeGenerator(at::kCPU, 9));
    return standardise(x, std::vector<SpaceView>(std::size_t(n)));
}

/// Extended views that change nothing.
AugmentationOptions nothing() {
    AugmentationOptions options;
    options.kind = "extended";
    options.voxelSizeAngstrom = 10;
    options.cropProbability = options.affineProbability = options.turnProbability = options.flipProbability = 0;
    options.wedgeProbability = options.ctfProbability = options.blurProbability = options.noiseProbability = 0;
    options.contrastProbability = 0;
    return options;
}

AugmentationOptions everything() {
    AugmentationOptions options;
    options.kind = "extended";
    options.voxelSizeAngstrom = 10;
    return options;
}

double determinant(const SpaceMap& m) {
    return m[0] * (m[5] * m[10] - m[6] * m[9]) - m[1] * (m[4] * m[10] - m[6] * m[8]) + m[2] * (m[4] * m[9] - m[5] * m[8]);
}

/// Balls of unequal size along three unequal arms: no rotation makes it its mirror image.
at::Tensor chiral(std::int64_t side) {
    at::Tensor x = at::zeros({1, 1, side, side, side});
    auto voxels = x.accessor<float, 5>();
    const double balls[][4] = {{0, 0, 0, 3}, {7, 0, 0, 2.5}, {0, 5, 0, 2}, {0, 0, 4, 1.5}};  // x, y, z from the centre; sigma
    for (std::int64_t z = 0; z < side; ++z)
        for (std::int64_t y = 0; y < side; ++y)
            for (std::int64_t i = 0; i < side; ++i)
                for (const auto& ball : balls) {
                    const double centre = double(side - 1) / 2;
                    const double r2 = std::pow(double(i) - centre - ball[0], 2) + std::pow(double(y) - centre - ball[1], 2) +
                                      std::pow(double(z) - centre - ball[2], 2);
                    voxels[0][0][z][y][i] += float(std::exp(-r2 / (2 * ball[3] * ball[3])));
                }
    return x;
}

/// 1 or -1: that of the three axes of its spread, each pointing where the volume reaches farther. A mirror image has the other sign.
double handedness(const at::Tensor& volume) {
    const std::int64_t side = volume.size(-1);
    const at::Tensor x = volume.reshape({side, side, side}).to(at::kDouble).clamp_min(0);
    const at::Tensor axis = at::arange(side, x.options());
    const at::Tensor place = at::stack({axis.view({1, 1, -1}).expand_as(x), axis.view({1, -1, 1}).expand_as(x), axis.view({-1, 1, 1}).expand_as(x)})
                                 .reshape({3, -1});
    const at::Tensor weight = x.reshape({-1}) / x.sum();
    const at::Tensor offset = place - (place * weight).sum(1, true);
    const at::Tensor axes = std::get<1>(at::linalg_eigh((offset * weight).matmul(offset.t())));
    const at::Tensor reach = (axes.t().matmul(offset).pow(3) * weight).sum(1);
    return at::linalg_det(axes * reach.sign()).item<double>();
}

/// Angle in degrees of the rotation in a map without crop and scale.
double angleOf(const SpaceMap& m) { return std::acos(std::clamp((m[0] + m[5] + m[10] - 1) / 2, -1.0, 1.0)) * 180 / std::numbers::pi; }

}  // namespace

TEST_CASE("extended view, one map and one image equal SciPy's") {
    at::Tensor x = at::arange(1000, at::kDouble).mul_(1.7).add_(0.3).sin_().to(at::kFloat).view({1, 1, 10, 10, 10});
    SpaceView view;
    std::copy(std::begin(baseline::kSpaceMap), std::end(baseline::kSpaceMap), view.map.begin());
    view.wedge = view.ctf = true;
    view.wedgeTiltDegrees = 50;
    view.wedgeAxisDegrees = 35;
    view.defocusMicrometre = -6.2;
    view.blur = 0.7;
    AugmentationOptions options;
    options.voxelSizeAngstrom = 12;
    const auto expected = [](const double* numbers) { return at::tensor(at::ArrayRef<double>(numbers, 512)).view({1, 1, 8, 8, 8}); };
    // The program's own loop, and LibTorch's, which other devices take.
    for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
        const at::Tensor moved = resample(x.to(type), {view}, 8).to(at::kDouble);
        CHECK((moved - expected(baseline::kResampledView)).abs().max().item<double>() < 1e-5);
    }
    const at::Tensor imaged = imageAnew(expected(baseline::kResampledView).to(at::kFloat), {view}, options).to(at::kDouble);
    CHECK((imaged - expected(baseline::kImagedView)).abs().max().item<double>() < 1e-5);
}

TEST_CASE("extended view, options that change nothing give the volume") {
    const at::Tensor x = noise(3, 16);
    CHECK(at::allclose(augment(x, nothing(), 4), x, 1e-5, 1e-5));
    AugmentationOptions still = everything();
    still.turnProbability = still.flipProbability = 0;
    still.cropAreaMinimum = still.scaleMinimum = still.scaleMaximum = 1;
    still.translation = still.ctfJitterMicrometre = still.blurMaximum = still.noiseMaximum = still.contrastRange = still.brightnessRange = 0;
    still.wedgeProbability = 0;
    still.cropProbability = still.affineProbability = still.ctfProbability = still.blurProbability = still.noiseProbability = 1;
    still.contrastProbability = 1;
    CHECK(at::allclose(augment(x, still, 4), x, 1e-4, 1e-4));
}

TEST_CASE("extended view, keeps handedness unless mirrors are asked for") {
    AugmentationOptions options = everything();
    int mirrored = 0;
    constexpr int kDraws = 500;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
        options.mirror = false;
        CHECK(determinant(drawSpaceView(options, 32, i % 3 == 0 ? 20 : 32, i).map) > 0);
        options.mirror = true;
        mirrored += determinant(drawSpaceView(options, 32, 32, i).map) < 0;
    }
    CHECK(mirrored == Approx(kDraws / 2).margin(60));

    // The same seen in the voxels.
    options = nothing();
    options.turnProbability = options.flipProbability = 0.7;
    const at::Tensor x = chiral(32).expand({100, 1, 32, 32, 32});
    const double own = handedness(x[0]);
    REQUIRE(std::abs(own) == Approx(1));
    REQUIRE(handedness(x[0].flip({3})) == Approx(-own));
    const auto turned = [&] {
        std::vector<SpaceView> views;
        for (std::uint64_t i = 0; i < 100; ++i) views.push_back(drawSpaceView(options, 32, 32, i));
        const at::Tensor made = resample(x, views, 32);
        int same = 0;
        for (std::int64_t i = 0; i < 100; ++i) same += handedness(made[i]) * own > 0;
        return same;
    };
    CHECK(turned() == 100);
    options.mirror = true;
    CHECK(turned() == Approx(50).margin(20));
}

TEST_CASE("extended view, turns are uniform in space or about the beam") {
    AugmentationOptions options = nothing();
    options.turnProbability = 1;
    constexpr int kDraws = 4000;
    std::vector<double> angles, heights;
    double sums[3] = {0, 0, 0};
    for (std::uint64_t i = 0; i < kDraws; ++i) {
        const SpaceMap map = drawSpaceView(options, 32, 32, i).map;
        angles.push_back(angleOf(map) * std::numbers::pi / 180);
        heights.push_back(map[10]);
        for (std::size_t row = 0; row < 3; ++row) sums[row] += map[4 * row + 1];
    }
    // Kolmogorov and Smirnov: the angle has density (1 - cos a) / pi, each entry is uniform in -1..1. 1.95 / sqrt(n): one in a thousand.
    const auto distance = [&](std::vector<double> values, auto distribution) {
        std::sort(values.begin(), values.end());
        double largest = 0;
        for (std::size_t i = 0; i < values.size(); ++i)
            largest = std::max({largest, std::abs(distribution(values[i]) - double(i) / kDraws), std::abs(distribution(values[i]) - double(i + 1) / kDraws)});
        return largest;
    };
    CHECK(distance(angles, [](double a) { return (a - std::sin(a)) / std::numbers::pi; }) < 1.95 / std::sqrt(kDraws));
    CHECK(distance(heights, [](double h) { return (h + 1) / 2; }) < 1.95 / std::sqrt(kDraws));
    for (const double sum : sums) CHECK(std::abs(sum / kDraws) < 0.04);

    options.turn = "beam";
    std::vector<double> turns;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
        const SpaceMap map = drawSpaceView(options, 32, 32, i).map;
        CHECK(map[10] == Approx(1));
        turns.push_back(std::atan2(map[4], map[0]));
    }
    CHECK(distance(turns, [](double a) { return a / (2 * std::numbers::pi) + 0.5; }) < 1.95 / std::sqrt(kDraws));
}

TEST_CASE("extended view, the wedge is empty beyond its angle and full within") {
    const std::int64_t side = 24;
    std::vector<SpaceView> views(3);
    views[0].wedge = views[1].wedge = true;
    views[0].wedgeTiltDegrees = 60;
    views[1].wedgeTiltDegrees = 45;
    views[1].wedgeAxisDegrees = 70;
    const at::Tensor x = noise(3, side);
    const auto power = [](const at::Tensor& volumes) { return at::fft_fftn(volumes.squeeze(1), c10::nullopt, at::IntArrayRef{1, 2, 3}).abs(); };
    const at::Tensor before = power(x), after = power(imageAnew(x, views, AugmentationOptions{}));
    const at::Tensor k = at::fft_fftfreq(side, 1.0, at::TensorOptions(at::kDouble));
    const auto all = before.accessor<float, 4>(), left = after.accessor<float, 4>();
    const auto frequency = k.accessor<double, 1>();
    for (std::int64_t v = 0; v < 3; ++v) {
        double emptied = 0, kept = 0, lost = 0;
        const double turn = views[std::size_t(v)].wedgeAxisDegrees * std::numbers::pi / 180;
        for (std::int64_t z = 0; z < side; ++z)
            for (std::int64_t y = 0; y < side; ++y)
                for (std::int64_t i = 0; i < side; ++i) {
                    if (y == side / 2 || i == side / 2) continue;
                    const double across = std::abs(frequency[i] * std::cos(turn) + frequency[y] * std::sin(turn));
                    const double tilt = std::atan2(std::abs(frequency[z]), across) * 180 / std::numbers::pi;
                    if (std::abs(tilt - views[std::size_t(v)].wedgeTiltDegrees) < 0.01) continue;
                    if (views[std::size_t(v)].wedge && tilt > views[std::size_t(v)].wedgeTiltDegrees) {
                        emptied = std::max<double>(emptied, left[v][z][y][i]);
                        ++lost;
                    } else {
                        kept = std::max<double>(kept, std::abs(left[v][z][y][i] - all[v][z][y][i]));
                    }
                }
        CHECK(emptied < 1e-3);  // of amplitudes of about 100
        CHECK(kept < 1e-3);
        CHECK((lost > 500) == views[std::size_t(v)].wedge);
    }
}

TEST_CASE("extended view, probabilities and ranges are those asked for") {
    AugmentationOptions options = everything();
    options.turnProbability = 0.3;
    options.flipProbability = 0;
    options.wedgeProbability = 0.7;
    options.ctfProbability = 0.25;
    options.noiseProbability = 0.4;
    constexpr int kDraws = 4000;
    int turned = 0, wedged = 0, defocused = 0, blurred = 0, noisy = 0, contrasted = 0;
    for (std::uint64_t i = 0; i < kDraws; ++i) {
        const SpaceView view = drawSpaceView(options, 32, 32, i);
        turned += view.map[1] != 0;
        wedged += view.wedge;
        defocused += view.ctf;
        blurred += view.blur > 0;
        noisy += view.noise > 0;
        contrasted += view.contrast != 1;
        const double size = std::cbrt(determinant(view.map));
        CHECK((size > std::sqrt(0.5) / 1.1 - 0.03 && size < 1 / 0.9 + 1e-9));
        if (view.wedge) CHECK((std::abs(view.wedgeTiltDegrees - 60) <= 5 && std::abs(view.wedgeAxisDegrees) <= 90));
        if (view.ctf) CHECK(std::abs(view.defocusMicrometre + 5) <= 1);
        CHECK((view.blur <= 1 && view.noise <= 0.5 && std::abs(view.contrast - 1) <= 0.2 && std::abs(view.brightness) <= 0.2));
    }
    const auto fraction = [&](int count) { return double(count) / kDraws; };
    CHECK(fraction(turned) == Approx(0.3).margin(0.03));
    CHECK(fraction(wedged) == Approx(0.7).margin(0.03));
    CHECK(fraction(defocused) == Approx(0.25).margin(0.03));
    CHECK(fraction(blurred) == Approx(0.3).margin(0.03));
    CHECK(fraction(noisy) == Approx(0.4).margin(0.03));
    CHECK(fraction(contrasted) == Approx(0.5).margin(0.03));
    options.voxelSizeAngstrom = 0;
    for (std::uint64_t i = 0; i < 100; ++i) CHECK_FALSE(drawSpaceView(options, 32, 32, i).ctf);
}

TEST_CASE("extended view, one seed and place one view, standardised, of the side asked for") {
    const at::Tensor x = noise(5, 16);
    const AugmentationOptions options = everything();
    const at::Tensor all = augment(x, options, 7, 10);
    CHECK(at::equal(all, augment(x, options, 7, 10)));
    CHECK(at::allclose(all.narrow(0, 2, 3), augment(x.narrow(0, 2, 3), options, 7, 12), 1e-4, 1e-4));
    CHECK_FALSE(at::allclose(all, augment(x, options, 7, 11), 0.1, 0.1));
    AugmentationOptions plain = options;
    plain.contrastProbability = 0;
    const at::Tensor local = augment(x, plain, 7, 0, 10);
    CHECK(local.sizes() == at::IntArrayRef{5, 1, 10, 10, 10});
    for (std::int64_t i = 0; i < 5; ++i) {
        CHECK(std::abs(local[i].mean().item<double>()) < 1e-4);
        CHECK(local[i].std(false).item<double>() == Approx(1).margin(1e-3));
    }
}

TEST_CASE("extended view, a local crop is a part of the volume") {
    const at::Tensor x = noise(4, 16);
    AugmentationOptions options = nothing();
    for (std::int64_t i = 0; i < 4; ++i) {
        const SpaceView view = drawSpaceView(options, 16, 6, std::uint64_t(i));
        const at::Tensor made = resample(x.narrow(0, i, 1), {view}, 6)[0][0];
        const auto start = [&](std::size_t row) { return std::llround(((view.map[4 * row + 3] + 1) * 16 - 6) / 2); };
        const at::Tensor part = x[i][0].narrow(0, start(2), 6).narrow(1, start(1), 6).narrow(2, start(0), 6);
        CHECK(at::allclose(made, part, 1e-4, 1e-4));
    }
}
