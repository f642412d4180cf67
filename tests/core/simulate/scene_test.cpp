#include "core/simulate/scene.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

double length(Vec3 v) { return std::sqrt(v.x * v.x + v.y * v.y + v.z * v.z); }

}  // namespace

TEST_CASE("scene, target first and at the origin, nothing overlaps, all lie close") {
    const std::array<double, 4> radii{50, 75, 95, 150};
    for (int trial = 0; trial < 40; ++trial) {
        Random random(std::uint64_t(trial) + 1);
        const auto scene = packScene(radii, trial % 4, 4, random);
        REQUIRE(scene.size() == 5);
        CHECK(scene.front().structure == trial % 4);
        CHECK(length(scene.front().positionAngstrom) == 0);
        for (std::size_t i = 0; i < scene.size(); ++i) {
            double nearest = 1e9;
            for (std::size_t j = 0; j < scene.size(); ++j) {
                if (i == j) continue;
                const double gap = length(scene[i].positionAngstrom - scene[j].positionAngstrom) -
                                   radii[std::size_t(scene[i].structure)] - radii[std::size_t(scene[j].structure)];
                CHECK(gap >= 0);
                nearest = std::min(nearest, gap);
            }
            CHECK(nearest < 12);  // Å: packed until they touch, in steps
        }
    }
}

TEST_CASE("scene, neighbours are drawn from all classes alike") {
    const std::array<double, 3> radii{40, 40, 40};
    std::array<int, 3> drawn{};
    for (std::uint64_t trial = 0; trial < 300; ++trial) {
        Random random(trial + 77);
        const auto scene = packScene(radii, 0, 4, random);
        for (std::size_t i = 1; i < scene.size(); ++i) ++drawn[std::size_t(scene[i].structure)];
    }
    for (const int count : drawn) CHECK(count == Approx(400).margin(66));  // four standard deviations
}

TEST_CASE("rotations, are uniform on SO(3)") {
    // The angle of a uniform rotation has density (1 - cos) / pi (Miles 1965), so F(angle) = (angle - sin(angle)) / pi; every turned axis
    // is uniform on the sphere, so each of its components is uniform in [-1, 1]. Kolmogorov and Smirnov: 1.95 / sqrt(n) at 0.1 %.
    constexpr int kCount = 4000;
    Random random(3);
    std::vector<double> angles, components[9];
    for (int i = 0; i < kCount; ++i) {
        const Rotation rotation = randomRotation(random);
        const double angle = 2 * std::acos(std::min(1.0, std::abs(rotation.w)));
        angles.push_back((angle - std::sin(angle)) / M_PI);
        const Matrix3 matrix = rotation.matrix();
        for (std::size_t k = 0; k < 9; ++k) components[k].push_back((matrix[k] + 1) / 2);
    }
    const auto distance = [](std::vector<double> values) {
        std::sort(values.begin(), values.end());
        double largest = 0;
        for (std::size_t i = 0; i < values.size(); ++i)
            largest = std::max({largest, values[i] - double(i) / double(values.size()), double(i + 1) / double(values.size()) - values[i]});
        return largest;
    };
    const double limit = 1.95 / std::sqrt(double(kCount));
    CHECK(distance(angles) < limit);
    for (const auto& component : components) CHECK(distance(component) < limit);
}
