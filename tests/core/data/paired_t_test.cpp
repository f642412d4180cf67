#include "core/data/paired_test.h"

#include <cmath>

#include "tests/baselines/paired_test_numbers.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("paired test, gives t and p of an independent integration") {
    for (const auto& known : baseline::kPairedCases) {
        const auto test = pairedTTest(known.first, known.second);
        REQUIRE(test);
        CHECK(test->pairs == int(known.first.size()));
        CHECK(std::abs(test->t - known.t) < 1e-6 * std::max(1.0, std::abs(known.t)));
        CHECK(std::abs(test->p - known.p) < 1e-6 * std::max(1e-3, known.p));
    }
    for (const auto& known : baseline::kStudentCases)
        CHECK(std::abs(studentTwoSided(known.t, known.degreesOfFreedom) - known.p) < 1e-6 * std::max(1e-3, known.p));
}

TEST_CASE("paired test, is symmetric, needs two pairs and has no spread to divide by where all differences are alike") {
    const std::vector<double> a{0.91, 0.90, 0.92}, b{0.89, 0.91, 0.90}, higher{0.92, 0.91, 0.93}, one{0.5};
    CHECK(pairedTTest(a, b)->t == -pairedTTest(b, a)->t);
    CHECK(pairedTTest(a, b)->p == pairedTTest(b, a)->p);
    CHECK_FALSE(pairedTTest(one, one));
    CHECK(pairedTTest(a, a)->p == 1);
    CHECK(pairedTTest(higher, a)->p == 0);
    CHECK(std::abs(meanAndSpread(a).mean - 0.91) < 1e-12);
    CHECK(std::abs(meanAndSpread(a).sd - 0.01) < 1e-12);
    CHECK(meanAndSpread(one).sd == 0);
}

TEST_CASE("Holm's correction, in the order given, never falling") {
    const std::vector<double> p{0.01, 0.04, 0.03, 0.005};  // Holm 1979: 0.005 * 4, 0.01 * 3, 0.03 * 2, then no less
    const std::vector<double> adjusted = holmAdjusted(p), known{0.03, 0.06, 0.06, 0.02};
    for (std::size_t i = 0; i < p.size(); ++i) CHECK(std::abs(adjusted[i] - known[i]) < 1e-12);
    CHECK(holmAdjusted(std::vector<double>{0.7, 0.9}) == std::vector<double>{1, 1});
    CHECK(holmAdjusted({}).empty());
}
