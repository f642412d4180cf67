#include "core/data/class_average.h"

#include <cmath>

#include "core/base/error.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr std::int64_t kSide = 24;

/// Three blobs that no turn and no mirror brings onto one another, moved by R about the middle of the box.
Volume blobs(const Rotation& rotation) {
    const Vec3 places[] = {{6, 0, 0}, {0, 4, 0}, {0, 0, -5}};
    const double heights[] = {3, 2, 1};
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < kSide; ++z)
        for (std::int64_t y = 0; y < kSide; ++y)
            for (std::int64_t x = 0; x < kSide; ++x) {
                double value = 0;
                for (int i = 0; i < 3; ++i) {
                    const Vec3 at = rotation * places[i];
                    const double dx = double(x) - 12 - at.x, dy = double(y) - 12 - at.y, dz = double(z) - 12 - at.z;
                    value += heights[i] * std::exp(-(dx * dx + dy * dy + dz * dz) / 4.5);
                }
                voxels.push_back(static_cast<float>(value));
            }
    return Volume({kSide, kSide, kSide}, std::move(voxels), 10);
}

double correlation(const Volume& a, const Volume& b) {
    double ab = 0, aa = 0, bb = 0, ma = 0, mb = 0;
    const auto n = double(a.voxels().size());
    for (const float v : a.voxels()) ma += double(v) / n;
    for (const float v : b.voxels()) mb += double(v) / n;
    for (std::size_t i = 0; i < a.voxels().size(); ++i) {
        const double x = double(a.voxels()[i]) - ma, y = double(b.voxels()[i]) - mb;
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    return ab / std::sqrt(aa * bb);
}

class TurnedBlobs : public SubtomogramSource {
  public:
    explicit TurnedBlobs(std::vector<Particle> particles) : particles_(std::move(particles)) {}
    std::int64_t count() const override { return std::int64_t(particles_.size()); }
    Index3 boxShape() const override { return {kSide, kSide, kSide}; }
    double voxelSizeAngstrom() const override { return 10; }
    Volume read(std::int64_t index) const override {
        return blobs(particles_[std::size_t(index)].tomogramFromParticle);
    }

  private:
    std::vector<Particle> particles_;
};

}  // namespace

TEST_CASE("class average, turns every particle into its own frame") {
    std::vector<Particle> particles(6);
    for (std::size_t i = 0; i < particles.size(); ++i)
        particles[i].tomogramFromParticle = Rotation::uniform(0.1 + 0.13 * double(i), 0.7 - 0.1 * double(i), 0.15 * double(i));
    const TurnedBlobs source(particles);
    const std::int64_t all[] = {0, 1, 2, 3, 4, 5};
    const Volume average = classAverage(source, particles, all);
    CHECK(average.voxelSizeAngstrom() == 10);
    CHECK(correlation(average, blobs({})) > 0.98);
    CHECK(correlation(average, blobs(Rotation{0, 1, 0, 0})) < 0.7);
    // With the turns the wrong way round nothing fits.
    for (Particle& particle : particles) particle.tomogramFromParticle = particle.tomogramFromParticle.inverse();
    CHECK(correlation(classAverage(source, particles, all), blobs({})) < 0.7);
    CHECK_THROWS_AS(classAverage(source, particles, {}), Error);
}

TEST_CASE("class average, a box that is not turned stays as it is") {
    const Volume box = blobs({});
    const Volume same = inParticleFrame(box, {});
    CHECK(std::equal(box.voxels().begin(), box.voxels().end(), same.voxels().begin()));
    const Volume quarter = inParticleFrame(box, Rotation{std::sqrt(0.5), 0, 0, std::sqrt(0.5)});
    // R turns x to y: what lies at +y in the box is at +x in the particle's frame.
    CHECK(quarter.at(16, 12, 12) == Approx(box.at(12, 16, 12)).margin(1e-4));
}
