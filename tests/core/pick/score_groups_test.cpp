#include "core/pick/score_groups.h"

#include <vector>

#include "core/base/seed.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

void add(std::vector<double>& scores, int count, double mean, double deviation, Random& random) {
    for (int i = 0; i < count; ++i) scores.push_back(mean + deviation * random.normal());
}

}  // namespace

TEST_CASE("score groups, the best group is parted from the rest") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Random random(seed);
        std::vector<double> scores;
        add(scores, 60, 0.77, 0.025, random);
        add(scores, 50, 0.63, 0.025, random);
        add(scores, 200, 0.53, 0.04, random);
        const double threshold = bestGroup(scores, 0.4);
        CHECK(threshold > 0.665);
        CHECK(threshold < 0.735);
    }
}

TEST_CASE("score groups, one kind of particle stays whole") {
    int cut = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Random random(seed);
        std::vector<double> scores;
        add(scores, seed % 2 == 0 ? 40 : 300, 0.6, 0.05, random);
        cut += bestGroup(scores, 0.3) > 0.3 ? 1 : 0;
    }
    CHECK(cut <= 4);
}

TEST_CASE("score groups, too few scores and equal ones are left alone") {
    CHECK(bestGroup({}, 0.2) == 0.2);
    CHECK(bestGroup(std::vector<double>{0.9, 0.8, 0.3, 0.3, 0.3}, 0.2) == 0.2);
    CHECK(bestGroup(std::vector<double>(50, 0.5), 0.2) == 0.2);
    std::vector<double> stray(60, 0.5);
    for (std::size_t i = 0; i < stray.size(); ++i) stray[i] += 0.001 * double(i);
    stray.push_back(0.9);  // one false pick far above is no group
    CHECK(bestGroup(stray, 0.2) == 0.2);
}
