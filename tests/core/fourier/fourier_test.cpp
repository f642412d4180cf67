#include "core/fourier/fourier.h"

#include <atomic>
#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "core/base/seed.h"
#include "core/fourier/parallel.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

std::vector<float> irregular(Index3 shape) {
    Random random(4);
    std::vector<float> values(std::size_t(shape.product()));
    for (float& value : values) value = static_cast<float>(random.normal());
    return values;
}

}  // namespace

TEST_CASE("fourier transform, equals its definition and comes back, for odd and even sides") {
    for (const Index3 shape : {Index3{6, 5, 4}, Index3{5, 4, 6}, Index3{7, 3, 3}}) {
        const std::vector<float> values = irregular(shape);
        const Spectrum spectrum = fourierTransform(values, shape);
        REQUIRE(std::int64_t(spectrum.size()) == spectrumSize(shape));
        for (const Index3 k : {Index3{0, 0, 0}, Index3{1, 2, 1}, Index3{2, 0, 2}, Index3{shape.x / 2, shape.y - 1, shape.z - 1}}) {
            std::complex<double> sum = 0;
            for (std::int64_t z = 0, i = 0; z < shape.z; ++z)
                for (std::int64_t y = 0; y < shape.y; ++y)
                    for (std::int64_t x = 0; x < shape.x; ++x, ++i) {
                        const double turns = double(k.x * x) / double(shape.x) + double(k.y * y) / double(shape.y) + double(k.z * z) / double(shape.z);
                        sum += double(values[std::size_t(i)]) * std::polar(1.0, -2 * std::numbers::pi * turns);
                    }
            const std::complex<float> found = spectrum[std::size_t(k.x + (shape.x / 2 + 1) * (k.y + shape.y * k.z))];
            CHECK(double(found.real()) == Approx(sum.real()).margin(1e-4));
            CHECK(double(found.imag()) == Approx(sum.imag()).margin(1e-4));
        }
        const std::vector<float> back = inverseFourierTransform(spectrum, shape);
        REQUIRE(back.size() == values.size());
        for (std::size_t i = 0; i < back.size(); ++i) CHECK(back[i] == Approx(values[i]).margin(1e-5));
    }
}

TEST_CASE("frequencies, are signed and end at one half") {
    CHECK(frequency(0, 8) == 0);
    CHECK(frequency(4, 8) == 0.5);
    CHECK(frequency(5, 8) == -0.375);
    CHECK(frequency(3, 7) == Approx(3.0 / 7));
    CHECK(frequency(4, 7) == Approx(-3.0 / 7));
}

TEST_CASE("quick sizes, are even and have no large prime factor") {
    CHECK(quickSize(1) == 2);
    CHECK(quickSize(64) == 64);
    CHECK(quickSize(65) == 72);
    CHECK(quickSize(97) == 100);
    CHECK(quickSize(301) == 320);
}

TEST_CASE("parallel loop, takes every item once and passes on what a part throws") {
    std::vector<std::atomic<int>> seen(1000);
    parallelFor(0, 1000, 7, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) ++seen[std::size_t(i)];
    });
    for (const auto& count : seen) CHECK(count == 1);
    CHECK_THROWS_AS(parallelFor(0, 100, 1, [](std::int64_t, std::int64_t) { throw std::runtime_error("no"); }), std::runtime_error);
    parallelFor(5, 5, 1, [](std::int64_t, std::int64_t) { FAIL("nothing to do"); });
}
