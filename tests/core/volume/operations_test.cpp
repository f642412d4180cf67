#include "core/volume/operations.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/error.h"
#include "core/volume/statistics.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

Volume numbered(Index3 shape, double apix = 2, Vec3 origin = {10, 20, 30}) {
    std::vector<float> voxels(static_cast<std::size_t>(shape.product()));
    std::iota(voxels.begin(), voxels.end(), 0.0f);
    return Volume(shape, std::move(voxels), apix, origin);
}

}  // namespace

TEST_CASE("a crop is the part asked for, and its origin moves along") {
    const Volume part = crop(numbered({5, 6, 7}), {{1, 2, 3}, {2, 3, 4}});
    CHECK(part.shape() == Index3{2, 3, 4});
    CHECK(part.at(1, 2, 3) == 2 + 5 * (4 + 6 * 6));
    CHECK(part.originAngstrom() == Vec3{12, 24, 36});
    CHECK(part.voxelSizeAngstrom() == 2);
}

TEST_CASE("a crop that sticks out or lies outside is filled") {
    const Volume part = crop(numbered({3, 3, 3}), {{-1, -1, -1}, {5, 5, 5}}, -9);
    CHECK(part.at(0, 0, 0) == -9);
    CHECK(part.at(1, 1, 1) == 0);
    CHECK(part.at(3, 3, 3) == 26);
    CHECK(part.at(4, 3, 3) == -9);
    CHECK(part.originAngstrom() == Vec3{8, 18, 28});
    const Volume far = crop(numbered({3, 3, 3}), {{10, 10, 10}, {2, 2, 2}}, 1);
    CHECK(std::all_of(far.voxels().begin(), far.voxels().end(), [](float v) { return v == 1; }));
    CHECK_THROWS_AS(crop(numbered({3, 3, 3}), {{0, 0, 0}, {0, 2, 2}}), Error);
    CHECK_THROWS_AS(crop(numbered({3, 3, 3}), {{0, 0, 0}, {-1, -1, 2}}), Error);
    CHECK_THROWS_AS(crop(numbered({3, 3, 3}), {{0, 0, 0}, {-1, 2, 2}}), Error);
}

TEST_CASE("centring keeps the middle voxel in the middle, for even and odd sizes") {
    for (const std::int64_t from : {8, 9})
        for (const std::int64_t side : {3, 4, 11, 12}) {
            CAPTURE(from, side);
            const Volume volume = numbered({from, from, from});
            const Volume result = centred(volume, side);
            CHECK(result.shape() == Index3{side, side, side});
            CHECK(result.at(side / 2, side / 2, side / 2) == volume.at(from / 2, from / 2, from / 2));
        }
    CHECK(centred(numbered({2, 2, 2}), 6).at(0, 0, 0) == Approx(3.5));  // the mean
}

TEST_CASE("binning takes means, drops what is left over and moves the first voxel's centre") {
    const Volume small = binned(numbered({5, 4, 2}), 2);
    CHECK(small.shape() == Index3{2, 2, 1});
    CHECK(small.voxelSizeAngstrom() == 4);
    CHECK(small.originAngstrom() == Vec3{11, 21, 31});
    CHECK(small.at(0, 0, 0) == Approx((0 + 1 + 5 + 6 + 20 + 21 + 25 + 26) / 8.0));
    CHECK(std::ranges::equal(binned(numbered({3, 3, 3}), 1).voxels(), numbered({3, 3, 3}).voxels()));
    CHECK_THROWS_AS(binned(numbered({5, 4, 2}), 3), Error);
    CHECK_THROWS_AS(binned(numbered({5, 4, 2}), 0), Error);
}

TEST_CASE("standardising gives mean 0 and deviation 1, zeros for a constant and for what is not finite") {
    const Statistics s = statisticsOf(standardised(numbered({5, 6, 7})).voxels());
    CHECK(s.mean == Approx(0).margin(1e-6));
    CHECK(s.standardDeviation == Approx(1).epsilon(1e-5));
    for (const float value : {0.0f, 3.0f, 1e20f, -0.1f}) {
        const Volume constant = standardised(Volume({4, 4, 4}, std::vector<float>(64, value)));
        CHECK(std::all_of(constant.voxels().begin(), constant.voxels().end(), [](float v) { return v == 0; }));
    }
    std::vector<float> holes{1, std::numeric_limits<float>::quiet_NaN(), 3, std::numeric_limits<float>::infinity()};
    const Volume repaired = standardised(Volume({4, 1, 1}, holes));
    CHECK(repaired.at(0, 0, 0) == Approx(-1));
    CHECK(repaired.at(1, 0, 0) == 0);
    CHECK(repaired.at(3, 0, 0) == 0);
}

TEST_CASE("a small spread on a large mean is data, not a constant") {
    std::vector<float> voxels(64);
    for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = 10000.0f + (i % 2 ? 0.5f : -0.5f);
    CHECK(standardised(Volume({4, 4, 4}, voxels)).at(1, 0, 0) == Approx(1).epsilon(1e-3));
}

TEST_CASE("inverting is times -1") {
    CHECK(inverted(numbered({3, 3, 3})).at(2, 2, 2) == -26);
    CHECK(inverted(numbered({3, 3, 3})).originAngstrom() == Vec3{10, 20, 30});
}
