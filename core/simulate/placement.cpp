#include "core/simulate/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>
#include <optional>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/simulate/scene.h"
#include "core/volume/vector_math.h"

namespace tomoloupe {
namespace {

/// Tries for one object before the slab counts as full for its kind.
constexpr int kTries = 20000;

/// Spheres in a grid of cells no smaller than two of the largest, so that only neighbouring cells are looked at.
class SphereGrid {
  public:
    SphereGrid(Index3 shape, double largestRadius) : cell_(std::max(4.0, 2 * largestRadius)) {
        const auto cells = [&](std::int64_t size) { return static_cast<std::int64_t>(double(size) / cell_) + 1; };
        cells_ = {cells(shape.x), cells(shape.y), cells(shape.z)};
        spheres_.resize(std::size_t(cells_.product()));
    }
    [[nodiscard]] bool isFree(Vec3 centre, double radius) const {
        const Index3 at = cellOf(centre);
        for (std::int64_t z = std::max<std::int64_t>(0, at.z - 1); z <= std::min(cells_.z - 1, at.z + 1); ++z)
            for (std::int64_t y = std::max<std::int64_t>(0, at.y - 1); y <= std::min(cells_.y - 1, at.y + 1); ++y)
                for (std::int64_t x = std::max<std::int64_t>(0, at.x - 1); x <= std::min(cells_.x - 1, at.x + 1); ++x)
                    for (const Sphere& sphere : spheres_[index({x, y, z})])
                        if (length(sphere.centre - centre) < sphere.radius + radius) return false;
        return true;
    }
    void add(Vec3 centre, double radius) { spheres_[index(cellOf(centre))].push_back({centre, radius}); }

  private:
    struct Sphere {
        Vec3 centre;
        double radius = 0;
    };
    [[nodiscard]] Index3 cellOf(Vec3 p) const {
        const auto cell = [&](double value, std::int64_t count) {
            return std::clamp<std::int64_t>(static_cast<std::int64_t>(value / cell_), 0, count - 1);
        };
        return {cell(p.x, cells_.x), cell(p.y, cells_.y), cell(p.z, cells_.z)};
    }
    [[nodiscard]] std::size_t index(Index3 c) const { return std::size_t(c.x + cells_.x * (c.y + cells_.y * c.z)); }
    double cell_;
    Index3 cells_;
    std::vector<std::vector<Sphere>> spheres_;
};

class Placer {
  public:
    Placer(const SimulateTomogramOptions& options, std::span<const double> radiiAngstrom, const Ice& ice, const StopToken& stop)
        : options_(options), ice_(ice), stop_(stop), shape_{options.sizeX, options.sizeY, options.sizeZ}, grid_(shape_, largest(options, radiiAngstrom)) {
        for (const double radius : radiiAngstrom) radii_.push_back(radius / options.voxelSizeAngstrom);
    }

    void placeVesicles(Random random) {
        // Between a small transport vesicle and what the ice has room for.
        const double voxel = options_.voxelSizeAngstrom, room = options_.iceFraction * double(shape_.z) / 2;
        const double largest = std::min({700 / voxel, 0.9 * room, 0.4 * double(std::min(shape_.x, shape_.y))}) - reach();
        const double smallest = std::min(250 / voxel, 0.5 * largest);
        if (largest < 3 * reach()) return;
        for (int i = 0; i < options_.membranes; ++i) {
            Vesicle vesicle;
            const double longest = random.uniform(smallest, largest);
            vesicle.semiAxes = {longest, longest * random.uniform(0.7, 1), longest * random.uniform(0.7, 1)};
            vesicle.rotation = randomRotation(random);
            const double radius = vesicle.reach() + reach();
            const auto place = findPlace(radius, random, [&](Vec3 p) {
                return std::ranges::all_of(scene_.vesicles, [&](const Vesicle& other) {
                    return length(other.centre - p) >= other.reach() + reach() + radius;
                });
            });
            if (!place) return;
            vesicle.centre = *place;
            scene_.vesicles.push_back(vesicle);
        }
    }

    void placeBeads(Random random) {
        const double radius = options_.goldDiameterAngstrom / 2 / options_.voxelSizeAngstrom;
        for (int i = 0; i < options_.goldBeads; ++i) {
            // Nothing else lies within a radius of a bead's surface, where its fringes would bury it.
            const auto place = findPlace(2 * radius, random, [&](Vec3 p) { return isFree(p, 2 * radius); });
            if (!place) return;
            grid_.add(*place, 2 * radius);
            scene_.beads.push_back({*place, radius});
        }
    }

    void placeParticles(std::uint64_t seed) {
        std::vector<int> order(radii_.size());
        std::iota(order.begin(), order.end(), 0);
        std::ranges::stable_sort(order, std::greater(), [&](int structure) { return radii_[std::size_t(structure)]; });
        scene_.perStructure.assign(radii_.size(), 0);
        for (const int structure : order) {
            Random random(deriveSeed(seed, "particles", std::uint64_t(structure)));
            const double radius = radii_[std::size_t(structure)];
            for (int i = 0; i < options_.perClass; ++i) {
                const auto place = findPlace(radius, random, [&](Vec3 p) { return isFree(p, radius); });
                if (!place) break;
                grid_.add(*place, radius);
                scene_.particles.push_back({structure, *place, randomRotation(random)});
                ++scene_.perStructure[std::size_t(structure)];
            }
        }
        std::ranges::stable_sort(scene_.particles, {}, &TomogramParticle::structure);
    }

    [[nodiscard]] TomogramScene take() { return std::move(scene_); }

  private:
    static double largest(const SimulateTomogramOptions& options, std::span<const double> radiiAngstrom) {
        double radius = options.goldDiameterAngstrom;
        for (const double r : radiiAngstrom) radius = std::max(radius, r);
        return radius / options.voxelSizeAngstrom;
    }
    [[nodiscard]] double reach() const { return kBilayerReachAngstrom / options_.voxelSizeAngstrom; }

    [[nodiscard]] bool isFree(Vec3 p, double radius) const {
        return grid_.isFree(p, radius) && std::ranges::all_of(scene_.vesicles, [&](const Vesicle& vesicle) {
                   return vesicle.distanceAtLeast(p) >= radius + reach();
               });
    }

    /// A place for a sphere, uniform within the ice and the tomogram, that `suits`.
    template <typename Suits>
    std::optional<Vec3> findPlace(double radius, Random& random, Suits suits) const {
        const auto coordinate = [&](std::int64_t size) { return random.uniform(radius, double(size - 1) - radius); };
        if (double(std::min({shape_.x, shape_.y, shape_.z}) - 1) < 2 * radius) return std::nullopt;
        for (int i = 0; i < kTries; ++i) {
            if (i % 256 == 0) stop_.throwIfCancelled();
            Vec3 p;  // in this order, whatever the compiler
            p.x = coordinate(shape_.x);
            p.y = coordinate(shape_.y);
            p.z = coordinate(shape_.z);
            const Ice::Range range = ice_.at(p.x, p.y);
            if (p.z - radius >= range.bottom && p.z + radius <= range.top && suits(p)) return p;
        }
        return std::nullopt;
    }

    const SimulateTomogramOptions& options_;
    const Ice& ice_;
    const StopToken& stop_;
    Index3 shape_;
    std::vector<double> radii_;  // voxels
    SphereGrid grid_;
    TomogramScene scene_;
};

void checkPlaced(const SimulateTomogramOptions& options, const char* what, std::size_t placed, std::int64_t asked, const char* option) {
    if (2 * std::int64_t(placed) >= asked) return;
    throw Error(fmt::format("Only {} of {} {} fit into the ice of {} x {} x {:.0f} voxels; lower {} or choose a larger size", placed, asked, what,
                            options.sizeX, options.sizeY, options.iceFraction * options.sizeZ, option));
}

}  // namespace

Ice::Ice(Index3 shape, double fraction, std::uint64_t seed)
    : height_(double(shape.z - 1)), middle_(height_ / 2), half_(fraction * double(shape.z) / 2) {
    bend_ = 0.7 * std::max(0.0, height_ / 2 - half_);
    Random random(deriveSeed(seed, "ice"));
    for (Wave& wave : waves_) {
        // About one wave over the field of view.
        const double direction = random.uniform(0, 2 * std::numbers::pi);
        wave.x = 2 * std::numbers::pi * random.uniform(0.4, 1.1) * std::cos(direction) / double(shape.x);
        wave.y = 2 * std::numbers::pi * random.uniform(0.4, 1.1) * std::sin(direction) / double(shape.y);
        wave.phase = random.uniform(0, 2 * std::numbers::pi);
    }
}

double Ice::Wave::at(double px, double py) const { return std::sin(x * px + y * py + phase); }

Ice::Range Ice::at(double x, double y) const {
    constexpr double kThinner = 0.06;  // the thinnest part lacks about an eighth
    const double middle = middle_ + bend_ * waves_[0].at(x, y), half = half_ * (1 - kThinner * (1 + waves_[1].at(x, y)));
    return {std::max(0.0, middle - half), std::min(height_, middle + half)};
}

double Vesicle::reach() const { return std::max({semiAxes.x, semiAxes.y, semiAxes.z}); }

double Vesicle::distanceAtLeast(Vec3 point) const {
    const Vec3 p = rotation.inverse() * (point - centre);
    // |p / axes| is a norm that grows by at most 1 / shortest axis a voxel.
    const double norm = length({p.x / semiAxes.x, p.y / semiAxes.y, p.z / semiAxes.z});
    return std::abs(norm - 1) * std::min({semiAxes.x, semiAxes.y, semiAxes.z});
}

TomogramScene placeScene(const SimulateTomogramOptions& options, std::span<const double> radiiAngstrom, const Ice& ice, std::uint64_t seed,
                         const StopToken& stop) {
    Placer placer(options, radiiAngstrom, ice, stop);
    placer.placeVesicles(Random(deriveSeed(seed, "vesicles")));
    placer.placeBeads(Random(deriveSeed(seed, "beads")));
    placer.placeParticles(seed);
    TomogramScene scene = placer.take();
    checkPlaced(options, "particles", scene.particles.size(), std::int64_t(options.perClass) * std::int64_t(radiiAngstrom.size()), "per-class");
    checkPlaced(options, "vesicles", scene.vesicles.size(), options.membranes, "membranes");
    checkPlaced(options, "gold beads", scene.beads.size(), options.goldBeads, "gold-beads");
    return scene;
}

}  // namespace tomoloupe
