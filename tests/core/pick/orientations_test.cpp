#include "core/pick/orientations.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("point groups, have their order and are closed") {
    const auto [name, order] = GENERATE(table<std::string, std::size_t>({{"", 1}, {"C1", 1}, {"C7", 7}, {"D2", 4}, {"D7", 14}, {"T", 12},
                                                                         {"O", 24}, {"I", 60}, {"I2", 60}}));
    CAPTURE(name);
    const std::vector<Rotation> group = symmetryGroup(name);
    REQUIRE(group.size() == order);
    for (const Rotation& a : group)
        for (const Rotation& b : {group.front(), group.back(), group[group.size() / 2]})
            CHECK(angleBetweenDegrees(a * b, Rotation(), group) < 1e-3);
}

TEST_CASE("point groups, unknown names are refused in one sentence") {
    for (const char* name : {"Q", "C", "C0", "Dx", "D-2", "C1000"}) CHECK_THROWS_AS(symmetryGroup(name), InvalidOptions);
    CHECK_THROWS_WITH(symmetryGroup("H3"), test::contains("no point group"));
}

TEST_CASE("orientations, leave no rotation far away and are about as many as theory asks for") {
    const std::string name = GENERATE("C1", "C2", "C7", "D2", "D7", "T", "O", "I");
    const double step = GENERATE(30.0, 15.0);
    CAPTURE(name, step);
    const std::vector<Rotation> group = symmetryGroup(name), list = orientationList(step, group);
    const double radians = step * std::numbers::pi / 180;
    const double expected = 8 * std::pow(std::numbers::pi, 2) / std::pow(radians, 3) / double(group.size());
    CAPTURE(list.size(), expected);
    CHECK(double(list.size()) > 0.9 * expected);
    CHECK(double(list.size()) < (step > 20 ? 1.8 : 1.45) * expected + 2);
    Random random(11);
    double farthest = 0;
    for (int i = 0; i < 1000; ++i) {
        const Rotation wanted = Rotation::uniform(random.uniform(), random.uniform(), random.uniform());
        double nearest = 180;
        for (const Rotation& known : list) nearest = std::min(nearest, angleBetweenDegrees(known, wanted, group));
        farthest = std::max(farthest, nearest);
    }
    CAPTURE(farthest);
    CHECK(farthest < 1.1 * step);
}
