#include "core/volume/volume.h"

#include "core/base/error.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("a volume shares its voxels, x fastest") {
    const Volume volume(
        {2, 3, 4},
        std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23}, 5);
    CHECK(volume.at(1, 2, 3) == 23);
    CHECK(volume.at(1, 0, 0) == 1);
    const Volume moved = volume.withGeometry(7, {1, 2, 3});
    CHECK(moved.voxels().data() == volume.voxels().data());
    CHECK(moved.voxelSizeAngstrom() == 7);
    CHECK(volume.voxelSizeAngstrom() == 5);
}

TEST_CASE("a shape that does not fit the voxels is refused; nothing is a volume too") {
    CHECK_THROWS_AS(Volume({2, 2, 2}, std::vector<float>(7)), Error);
    CHECK_THROWS_AS(Volume({0, 2, 2}, {}), Error);
    CHECK_THROWS_AS(Volume({-2, -2, 2}, std::vector<float>(8)), Error);
    CHECK(Volume().empty());
    CHECK(Volume().voxels().empty());
}

TEST_CASE("boxes know whether they lie within and what they share") {
    const Index3 shape{10, 10, 10};
    CHECK(Box{{0, 0, 0}, shape}.within(shape));
    CHECK_FALSE(Box{{1, 0, 0}, shape}.within(shape));
    CHECK_FALSE(Box{{0, 0, 0}, {0, 1, 1}}.within(shape));
    CHECK_FALSE(Box{{-1, 0, 0}, {2, 1, 1}}.within(shape));
    CHECK(Box{{2, 2, 2}, {4, 4, 4}}.intersection({{4, 0, 0}, {9, 9, 9}}) == Box{{4, 2, 2}, {2, 4, 4}});
    CHECK(Box{{0, 0, 0}, {2, 2, 2}}.intersection({{5, 5, 5}, {2, 2, 2}}).size == Index3{0, 0, 0});
}

TEST_CASE("a box whose end is beyond any number lies nowhere") {
    constexpr std::int64_t kMost = INT64_MAX;
    CHECK_FALSE(Box{{kMost - 1, 0, 0}, {4, 1, 1}}.within({10, 10, 10}));
    CHECK_FALSE(Box{{1, 0, 0}, {kMost, 1, 1}}.within({10, 10, 10}));
}
