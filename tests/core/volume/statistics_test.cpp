#include "core/volume/statistics.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("statistics of a few numbers, with and without what is not finite") {
    const std::vector<float> values{
        1, 2, 3, 4, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()};
    const Statistics s = statisticsOf(values);
    CHECK(s.minimum == 1);
    CHECK(s.maximum == 4);
    CHECK(s.mean == 2.5);
    CHECK(s.standardDeviation == Approx(std::sqrt(1.25)));
    CHECK(s.count == 4);
    CHECK(s.notFinite == 2);
}

TEST_CASE("pieces add up to the whole, whatever their sizes") {
    std::vector<float> values(10007);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 1e6f + static_cast<float>(i % 13);
    const Statistics whole = statisticsOf(values);
    StatisticsAccumulator accumulator;
    const std::span<const float> all(values);
    for (std::size_t at = 0, size = 1; at < values.size(); at += size, size = size * 3 % 1000 + 1)
        accumulator.add(all.subspan(at, std::min(size, values.size() - at)));
    CHECK(accumulator.result().mean == Approx(whole.mean).epsilon(1e-12));
    CHECK(accumulator.result().standardDeviation == Approx(whole.standardDeviation).epsilon(1e-9));
    CHECK(accumulator.result().count == whole.count);
    CHECK(whole.standardDeviation == Approx(std::sqrt(14.0)).epsilon(1e-3));  // uniform on 0..12
}

TEST_CASE("a first piece without any finite number does not spoil the extrema") {
    StatisticsAccumulator accumulator;
    const std::vector<float> nothing(3, std::numeric_limits<float>::quiet_NaN()), values{5, 6};
    accumulator.add(nothing);
    accumulator.add(values);
    CHECK(accumulator.result().minimum == 5);
    CHECK(accumulator.result().maximum == 6);
    CHECK(accumulator.result().notFinite == 3);
    CHECK(statisticsOf(std::span<const float>()).count == 0);
}

TEST_CASE("the contrast range leaves out the tails") {
    std::vector<float> values(10001);
    std::iota(values.begin(), values.end(), 0.0f);
    values.push_back(std::numeric_limits<float>::quiet_NaN());
    const ContrastRange range = contrastRange(values, 0.01, 0.99);
    CHECK(range.low == Approx(100).margin(2));
    CHECK(range.high == Approx(9900).margin(2));
    const std::vector<float> constant(50, 3.0f);
    CHECK(contrastRange(constant).high > contrastRange(constant).low);
    CHECK(contrastRange(std::span<const float>()).high == 1);
}

TEST_CASE("the sample for the contrast does not fall in step with the rows") {
    // A ramp along x in rows of 500: every column must be seen although only some voxels are.
    std::vector<float> values(500 * 4000);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 500);
    const ContrastRange range = contrastRange(values, 0, 1);
    CHECK(range.low <= 5);
    CHECK(range.high >= 494);
    CHECK(contrastRange(values, 0.5, 0.9).low == Approx(250).margin(5));
}

TEST_CASE("large values keep an ordered range") {
    const std::vector<float> large(10, 1e9f);
    const ContrastRange range = contrastRange(large);
    CHECK(range.high > range.low);
}

TEST_CASE("a histogram counts what is finite and within its range, both ends included") {
    const float odd = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> values{0, 0.5f, 1, 1.5f, 2, 4, 4.1f, -1, odd};
    CHECK(histogramOf(values, {0, 4}, 4) == std::vector<std::int64_t>{2, 2, 1, 1});
    CHECK(histogramOf({}, {0, 4}, 2) == std::vector<std::int64_t>{0, 0});
}
