#include "core/pick/peak.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

std::vector<Peak> randomPeaks(int count, double side) {
    std::mt19937_64 random(5);
    std::uniform_real_distribution<double> place(0, side);
    std::vector<Peak> peaks;
    for (int i = 0; i < count; ++i) peaks.push_back({{place(random), place(random), place(random)}, double(random() % 50), {}, -1});
    return peaks;
}

double apart(const Peak& a, const Peak& b) {
    const Vec3 d = a.positionVoxels - b.positionVoxels;
    return std::sqrt(d.x * d.x + d.y * d.y + d.z * d.z);
}

}  // namespace

TEST_CASE("peaks, those kept are the best of their surroundings and what was dropped has a better one near") {
    const auto all = randomPeaks(2000, 60);
    const auto kept = withoutNeighbours(all, 7.5);
    REQUIRE(kept.size() > 100);
    REQUIRE(kept.size() < all.size());
    for (std::size_t i = 0; i < kept.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            CHECK(apart(kept[i], kept[j]) >= 7.5);
            CHECK(kept[j].score >= kept[i].score);
        }
    for (const Peak& peak : all) {
        const auto reason = std::find_if(kept.begin(), kept.end(), [&](const Peak& other) {
            return other.score >= peak.score && apart(peak, other) < 7.5;
        });
        CHECK(reason != kept.end());  // itself, if it was kept
    }
}

TEST_CASE("peaks, do not depend on the order they come in, ties included") {
    auto peaks = randomPeaks(800, 40);
    const auto first = withoutNeighbours(peaks, 6);
    std::shuffle(peaks.begin(), peaks.end(), std::mt19937_64(1));
    const auto second = withoutNeighbours(peaks, 6);
    REQUIRE(first.size() == second.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        CHECK(first[i].positionVoxels == second[i].positionVoxels);
        CHECK(first[i].score == second[i].score);
    }
}

TEST_CASE("peaks, no more than asked for and the best of them") {
    const auto all = withoutNeighbours(randomPeaks(500, 100), 3);
    const auto few = withoutNeighbours(randomPeaks(500, 100), 3, 10);
    REQUIRE(few.size() == 10);
    for (std::size_t i = 0; i < few.size(); ++i) CHECK(few[i].positionVoxels == all[i].positionVoxels);
    CHECK(withoutNeighbours({}, 3).empty());
}
