#include "core/data/tomogram_source.h"

#include <fstream>

#include "core/base/error.h"
#include "core/io/mrc_writer.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// x + 100 y + 10000 z.
Volume ramp(Index3 shape) {
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < shape.z; ++z) {
        for (std::int64_t y = 0; y < shape.y; ++y) {
            for (std::int64_t x = 0; x < shape.x; ++x) voxels.push_back(static_cast<float>(x + 100 * y + 10000 * z));
        }
    }
    return Volume(shape, std::move(voxels), 10);
}

Particle placed(const std::string& tomogram, Vec3 position) {
    Particle particle;
    particle.tomogram = tomogram;
    particle.positionVoxels = position;
    return particle;
}

std::shared_ptr<const SubtomogramSource> sourceOf(const std::filesystem::path& folder,
                                                  std::vector<Particle> particles) {
    return openTomogramSource(std::make_shared<const ReaderRegistry>(builtInReaders()),
                              {{"a", folder / "a.mrc", 10}, {"broken", folder / "broken.mrc", 10}},
                              std::make_shared<const std::vector<Particle>>(std::move(particles)), 4);
}

}  // namespace

TEST_CASE("tomogram source, index n/2 is the particle and what lies outside gets the mean") {
    const test::TemporaryFolder folder;
    writeMrc(folder / "a.mrc", ramp({20, 20, 20}));
    const auto source =
        sourceOf(folder / "", {placed("a", {10, 9, 8}), placed("a", {10.4, 8.6, 8}), placed("a", {0, 10, 10})});
    CHECK(source->count() == 3);
    CHECK(source->boxShape() == Index3{4, 4, 4});
    CHECK(source->voxelSizeAngstrom() == 10);
    CHECK(source->read(0).at(2, 2, 2) == 80910);
    CHECK(source->read(1).at(2, 2, 2) == 80910);
    const Volume edge = source->read(2);
    CHECK(edge.at(2, 2, 2) == 101000);
    CHECK(edge.at(0, 0, 0) == Approx(0.5 + 100 * 9.5 + 10000 * 9.5));  // the mean of x 0..1, y 8..11, z 8..11
    CHECK(edge.shape() == Index3{4, 4, 4});
}

TEST_CASE("tomogram source, says in words what cannot be cut") {
    const test::TemporaryFolder folder;
    writeMrc(folder / "a.mrc", ramp({20, 20, 20}));
    std::ofstream(folder / "broken.mrc") << "no volume";
    const auto source = sourceOf(folder / "", {placed("a", {100, 9, 8}), placed("b", {1, 1, 1}), placed("", {1, 1, 1}),
                                               placed("broken", {1, 1, 1})});
    CHECK_THROWS_WITH(source->read(0), test::contains("outside tomogram a"));
    CHECK_THROWS_WITH(source->read(1), test::contains("no tomogram b"));
    CHECK_THROWS_WITH(source->read(2), test::contains("lies in no tomogram"));
    CHECK_THROWS_WITH(source->read(3), test::contains("broken.mrc"));
}
