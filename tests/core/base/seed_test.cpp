#include "core/base/seed.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("the engine gives the published numbers of SplitMix64") {
    // Reference: Vigna, splitmix64.c, seed 1234567.
    Random random(1234567);
    CHECK(random.next() == 6457827717110365317ULL);
    CHECK(random.next() == 3203168211198807973ULL);
    CHECK(random.next() == 9817491932198370423ULL);
}

TEST_CASE("derived seeds are fixed, and differ by seed, purpose and index") {
    std::set<std::uint64_t> seeds;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        for (const char* purpose : {"", "split", "epoch", "epoci"})
            for (std::uint64_t index = 0; index < 20; ++index) seeds.insert(deriveSeed(seed, purpose, index));
    CHECK(seeds.size() == 20 * 4 * 20);
    CHECK(deriveSeed(7, "split", 3) == deriveSeed(7, "split", 3));
}

TEST_CASE("uniform, normal and bounded numbers have the right moments and ranges") {
    Random random(1);
    double sum = 0, squares = 0;
    std::vector<int> counts(7, 0);
    constexpr int kDraws = 100000;
    for (int i = 0; i < kDraws; ++i) {
        const double u = random.uniform();
        REQUIRE((u >= 0 && u < 1));
        const double n = random.normal();
        REQUIRE(std::isfinite(n));
        sum += n;
        squares += n * n;
        ++counts[random.below(7)];
    }
    CHECK(sum / kDraws == Approx(0).margin(0.02));
    CHECK(squares / kDraws == Approx(1).margin(0.02));
    for (const int count : counts) CHECK(count == Approx(kDraws / 7.0).epsilon(0.05));
    CHECK(random.below(1) == 0);
}

TEST_CASE("shuffling keeps every item and gives the same order for the same seed") {
    std::vector<int> a(100), b(100);
    std::iota(a.begin(), a.end(), 0);
    b = a;
    Random(5).shuffle(a);
    Random(5).shuffle(b);
    CHECK(a == b);
    CHECK_FALSE(std::is_sorted(a.begin(), a.end()));
    std::sort(a.begin(), a.end());
    CHECK(a.front() == 0);
    CHECK(std::adjacent_find(a.begin(), a.end()) == a.end());
}
