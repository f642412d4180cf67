#include "core/volume/display_filter.h"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

#include "tests/baselines/display_filter_numbers.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr std::int64_t kWidth = 90, kHeight = 70;
constexpr std::array<std::array<std::int64_t, 2>, 6> kPlaces{{{0, 0}, {89, 0}, {0, 69}, {44, 31}, {17, 60}, {88, 68}}};

Volume picture() {
    std::vector<float> voxels;
    for (std::int64_t y = 0; y < kHeight; ++y)
        for (std::int64_t x = 0; x < kWidth; ++x)
            voxels.push_back(static_cast<float>(std::sin(0.3 * double(x) + 0.1 * double(y)) +
                                                double((7 * x + 13 * y) % 11) / 11 + (x > 50 ? 1 : 0)));
    return Volume({kWidth, kHeight, 1}, std::move(voxels), 8, {1, 2, 3});
}

double worst(const Volume& result, std::span<const double> expected) {
    double most = 0;
    for (std::size_t i = 0; i < kPlaces.size(); ++i)
        most = std::max(most, std::abs(result.at(kPlaces[i][0], kPlaces[i][1], 0) - expected[i]));
    return most;
}

/// How much of a wave of `length` voxels along x a filter leaves, away from the borders.
double remains(double length, const DisplayFilter& filter, double voxelSizeAngstrom) {
    std::vector<float> voxels;
    for (int i = 0; i < 400 * 3; ++i)
        voxels.push_back(static_cast<float>(std::cos(2 * std::numbers::pi * (i % 400 - 200) / length)));
    return filtered(Volume({400, 3, 1}, std::move(voxels), voxelSizeAngstrom), filter).at(200, 1, 0);
}

}  // namespace

TEST_CASE("display filter, agrees with scipy's Gaussians") {
    CHECK(worst(filtered(picture(), {.kind = DisplayFilter::Kind::Gaussian, .sigmaVoxels = 2}), baseline::kSmoothed) <
          1e-3);
    CHECK(worst(filtered(picture(), {.kind = DisplayFilter::Kind::Gaussian, .sigmaVoxels = 7}),
                baseline::kSmoothedWide) < 2e-3);
    CHECK(worst(filtered(picture(),
                         {.kind = DisplayFilter::Kind::BandPass, .finestAngstrom = 40, .coarsestAngstrom = 300}),
                baseline::kBand) < 2e-3);
    CHECK(worst(filtered(picture(),
                         {.kind = DisplayFilter::Kind::DifferenceOfGaussians, .sigmaVoxels = 1.5, .sigmaRatio = 1.6}),
                baseline::kDifference) < 1e-3);
}

TEST_CASE("display filter, a band keeps half at its limits, all but little between, little beyond") {
    const DisplayFilter band{.kind = DisplayFilter::Kind::BandPass, .finestAngstrom = 40, .coarsestAngstrom = 1000};
    CHECK(remains(4, band, 10) == Approx(0.5).margin(0.01));
    CHECK(remains(100, band, 10) == Approx(0.5).margin(0.02));
    CHECK(remains(20, band, 10) > 0.95);
    CHECK(std::abs(remains(2, band, 10)) < 0.13);
    CHECK(std::abs(remains(400, band, 10)) < 0.06);
}

TEST_CASE("display filter, none is the picture itself, and nothing moves") {
    const Volume source = picture();
    CHECK(filtered(source, {}).shared() == source.shared());
    const Volume result = filtered(source, {.kind = DisplayFilter::Kind::Gaussian});
    CHECK(result.shape() == source.shape());
    CHECK(result.originAngstrom() == source.originAngstrom());
    CHECK(result.voxelSizeAngstrom() == 8);
}

TEST_CASE("display filter, one voxel that is no number spoils none of the others") {
    std::vector<float> voxels(64 * 64, 3.0f);
    voxels[64 * 20 + 20] = std::numeric_limits<float>::quiet_NaN();
    for (const double sigma : {2.0, 9.0}) {
        const Volume result =
            filtered(Volume({64, 64, 1}, voxels), {.kind = DisplayFilter::Kind::Gaussian, .sigmaVoxels = sigma});
        for (const float value : result.voxels()) REQUIRE(value == Approx(3.0f));
    }
}

TEST_CASE("display filter, each section is filtered in its own plane, and thin pictures are") {
    std::vector<float> voxels(2 * 16 * 16, 0.0f);
    for (std::size_t i = 256; i < 512; ++i) voxels[i] = 5;
    const Volume result =
        filtered(Volume({16, 16, 2}, voxels), {.kind = DisplayFilter::Kind::Gaussian, .sigmaVoxels = 6});
    CHECK(result.at(8, 8, 0) == Approx(0).margin(1e-6));
    CHECK(result.at(8, 8, 1) == Approx(5));
    CHECK(filtered(Volume({3, 1, 1}, {1, 1, 1}), {.kind = DisplayFilter::Kind::Gaussian, .sigmaVoxels = 12})
              .at(1, 0, 0) == Approx(1));
}
