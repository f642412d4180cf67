#include "core/volume/dust.h"

#include <algorithm>

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// A bar of 5 voxels along x, a piece of 2 along z, one voxel that touches the bar by an edge alone.
Volume pieces() {
    std::vector<float> voxels(8 * 8 * 8, 0.0f);
    const auto at = [&](int x, int y, int z) -> float& {
        return voxels[static_cast<std::size_t>(x + 8 * (y + 8 * z))];
    };
    for (int x = 1; x < 6; ++x) at(x, 2, 2) = 3;
    at(6, 6, 6) = at(6, 6, 7) = 4;
    at(6, 3, 2) = 5;
    return Volume({8, 8, 8}, std::move(voxels), 2, {1, 1, 1});
}

std::int64_t above(const Volume& volume, float level) {
    return std::count_if(volume.voxels().begin(), volume.voxels().end(), [&](float value) { return value > level; });
}

}  // namespace

TEST_CASE("dust, pieces below the size go, larger ones stay as they are") {
    CHECK(above(withoutDust(pieces(), 1, false, 1), 1) == 8);
    CHECK(above(withoutDust(pieces(), 1, false, 2), 1) == 7);
    const Volume cleaned = withoutDust(pieces(), 1, false, 3);
    CHECK(above(cleaned, 1) == 5);
    CHECK(cleaned.at(3, 2, 2) == 3);
    CHECK(cleaned.at(6, 6, 6) == 1);
    CHECK(cleaned.voxelSizeAngstrom() == 2);
    CHECK(above(withoutDust(pieces(), 1, false, 6), 1) == 0);
}

TEST_CASE("dust, dark pieces on light ground count the other way round") {
    std::vector<float> voxels;
    const Volume light = pieces();
    for (const float value : light.voxels()) voxels.push_back(-value);
    const Volume cleaned = withoutDust(Volume({8, 8, 8}, voxels), -1, true, 3);
    CHECK(std::count_if(cleaned.voxels().begin(), cleaned.voxels().end(), [](float value) { return value < -1; }) == 5);
    CHECK(cleaned.at(6, 6, 6) == -1);
}
