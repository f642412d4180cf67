#include "core/simulate/scene.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/volume/vector_math.h"

namespace tomoloupe {
namespace {

constexpr int kStarts = 5, kSweeps = 5000;

struct Sphere {
    Vec3 centre;
    double radius = 0;
};

/// True when sphere `index`, moved to `centre`, would overlap one of the first `count`.
bool overlaps(const std::vector<Sphere>& spheres, std::size_t count, std::size_t index, Vec3 centre) {
    for (std::size_t i = 0; i < count; ++i)
        if (i != index && length(spheres[i].centre - centre) < spheres[i].radius + spheres[index].radius) return true;
    return false;
}

/// Uniform in a box, each drawn again until it overlaps none before it; the box grows when it is too full.
void scatter(std::vector<Sphere>& spheres, double side, Random& random) {
    for (std::size_t i = 0; i < spheres.size(); ++i) {
        for (int tries = 1;; ++tries) {
            const Vec3 centre{random.uniform(0, side), random.uniform(0, side), random.uniform(0, side)};
            if (!overlaps(spheres, i, i, centre)) {
                spheres[i].centre = centre;
                break;
            }
            if (tries % 200 == 0) side *= 1.5;
        }
    }
}

Vec3 centroid(const std::vector<Sphere>& spheres) {
    Vec3 sum;
    for (const Sphere& sphere : spheres) sum = sum + sphere.centre;
    return (1.0 / double(spheres.size())) * sum;
}

/// Moves every sphere by `step` towards the centroid, sweep after sweep, until none can move.
void contract(std::vector<Sphere>& spheres, double step) {
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
        bool moved = false;
        for (std::size_t i = 0; i < spheres.size(); ++i) {
            const Vec3 away = centroid(spheres) - spheres[i].centre;
            const double distance = length(away);
            if (distance <= step) continue;
            const Vec3 centre = spheres[i].centre + (step / distance) * away;
            if (overlaps(spheres, spheres.size(), i, centre)) continue;
            spheres[i].centre = centre;
            moved = true;
        }
        if (!moved) return;
    }
}

double spread(const std::vector<Sphere>& spheres) {
    const Vec3 middle = centroid(spheres);
    double sum = 0;
    for (const Sphere& sphere : spheres) sum += length(sphere.centre - middle);
    return sum;
}

std::vector<Sphere> packed(std::vector<Sphere> spheres, Random& random) {
    double largest = 0;
    for (const Sphere& sphere : spheres) largest = std::max(largest, sphere.radius);
    const double side = std::ceil(std::sqrt(double(spheres.size()))) * 2 * largest;
    std::vector<Sphere> best;
    double least = std::numeric_limits<double>::max();
    for (int start = 0; start < kStarts; ++start) {
        scatter(spheres, side, random);
        for (const double step : {8.0, 1.0}) contract(spheres, step);  // the long steps only save time
        if (const double now = spread(spheres); now < least) {
            least = now;
            best = spheres;
        }
    }
    return best;
}

}  // namespace

Rotation randomRotation(Random& random) {
    const double u1 = random.uniform(), u2 = random.uniform(), u3 = random.uniform();
    return Rotation::uniform(u1, u2, u3);
}

std::vector<PlacedStructure> packScene(std::span<const double> radiiAngstrom, int target, int neighbours, Random& random) {
    std::vector<PlacedStructure> scene(std::size_t(neighbours) + 1);
    scene.front().structure = target;
    for (std::size_t i = 1; i < scene.size(); ++i) scene[i].structure = int(random.below(radiiAngstrom.size()));
    for (PlacedStructure& placed : scene) placed.rotation = randomRotation(random);
    if (neighbours == 0) return scene;
    std::vector<Sphere> spheres;
    for (const PlacedStructure& placed : scene) spheres.push_back({{}, radiiAngstrom[std::size_t(placed.structure)]});
    spheres = packed(std::move(spheres), random);
    for (std::size_t i = 0; i < scene.size(); ++i) scene[i].positionAngstrom = spheres[i].centre - spheres.front().centre;
    return scene;
}

}  // namespace tomoloupe
