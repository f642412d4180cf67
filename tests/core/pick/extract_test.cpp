#include "core/pick/extract.h"

#include <cmath>

#include "core/volume/statistics.h"
#include "tests/core/pick/volume_in_memory.h"
#include "tests/support/catch.h"

using namespace tomoloupe;
using test::VolumeInMemory;

namespace {

/// A Gaussian blob of 1.8 voxels' sigma about the place, on a ground of 5.
Volume blob(Index3 shape, Vec3 centre, float height = 1) {
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < shape.z; ++z)
        for (std::int64_t y = 0; y < shape.y; ++y)
            for (std::int64_t x = 0; x < shape.x; ++x) {
                const Vec3 d = Vec3{double(x), double(y), double(z)} - centre;
                voxels.push_back(5 + height * float(std::exp(-(d.x * d.x + d.y * d.y + d.z * d.z) / 6.48)));
            }
    return Volume(shape, std::move(voxels), 10);
}

/// Centre of what stands out from the ground, in voxels of the volume.
Vec3 centreOf(const Volume& volume, float ground) {
    Vec3 sum;
    double weight = 0;
    const Index3 n = volume.shape();
    for (std::int64_t z = 0; z < n.z; ++z)
        for (std::int64_t y = 0; y < n.y; ++y)
            for (std::int64_t x = 0; x < n.x; ++x) {
                const double value = std::abs(double(volume.at(x, y, z) - ground));
                sum = sum + value * Vec3{double(x), double(y), double(z)};
                weight += value;
            }
    return (1 / weight) * sum;
}

ExtractOptions optionsOf(int boxSize, int binning) {
    ExtractOptions options;
    options.boxSize = boxSize;
    options.binning = binning;
    options.invert = false;
    options.normalise = "none";
    return options;
}

}  // namespace

TEST_CASE("extraction, the particle lies at index box/2 but for the remainder that is told, whatever the binning") {
    const Vec3 place = GENERATE(Vec3{40, 40, 40}, Vec3{40.3, 39.6, 41.45}, Vec3{38.5, 40.9, 40.1});
    const int binning = GENERATE(1, 2, 3);
    const int boxSize = GENERATE(16, 17);
    const Volume cut = extractSubtomogram(VolumeInMemory(blob({84, 84, 84}, place)), place, optionsOf(boxSize, binning));
    REQUIRE(cut.shape() == Index3{boxSize, boxSize, boxSize});
    CHECK(cut.voxelSizeAngstrom() == 10 * binning);
    const Vec3 rest = boxOfParticle(place, boxSize, binning).remainderVoxels;
    const Vec3 found = centreOf(cut, 5);
    const double margin = 0.01;
    CHECK(found.x == Approx(boxSize / 2 + rest.x / binning).margin(margin));
    CHECK(found.y == Approx(boxSize / 2 + rest.y / binning).margin(margin));
    CHECK(found.z == Approx(boxSize / 2 + rest.z / binning).margin(margin));
    for (const double part : {rest.x, rest.y, rest.z}) CHECK(std::abs(part) <= 0.5);
    // The origin tells where in the tomogram voxel 0 lies: the particle is at boxSize/2 voxels and the remainder from there.
    CHECK(cut.originAngstrom().x + 10 * (boxSize / 2) * binning + 10 * rest.x == Approx(10 * place.x));
}

TEST_CASE("extraction, whole positions leave no remainder when the binning is odd") {
    for (const int binning : {1, 3}) {
        const ParticleBox box = boxOfParticle({10, -7, 33}, 32, binning);
        CHECK(box.remainderVoxels == Vec3{0, 0, 0});
        CHECK(box.box.size == Index3{32 * binning, 32 * binning, 32 * binning});
    }
    CHECK(boxOfParticle({40, 50, 60}, 32, 1).box.start == Index3{24, 34, 44});
}

TEST_CASE("extraction, inverts and brings to mean 0 and deviation 1") {
    const VolumeInMemory file(blob({48, 48, 48}, {24, 24, 24}, -2));
    ExtractOptions options;
    options.boxSize = 24;
    const Volume cut = extractSubtomogram(file, {24, 24, 24}, options);
    const Statistics statistics = statisticsOf(cut.voxels());
    CHECK(statistics.mean == Approx(0).margin(1e-5));
    CHECK(statistics.standardDeviation == Approx(1).epsilon(1e-5));
    CHECK(cut.at(12, 12, 12) == Approx(statistics.maximum));  // a dark particle became light
    options.invert = false;
    CHECK(extractSubtomogram(file, {24, 24, 24}, options).at(12, 12, 12) == Approx(-statistics.maximum));
    options.normalise = "none";
    CHECK(extractSubtomogram(file, {24, 24, 24}, options).at(12, 12, 12) == Approx(3));
}

TEST_CASE("extraction, what lies beyond the tomogram is the mean of what is inside") {
    const Volume volume = blob({30, 30, 30}, {2, 15, 15});
    const Volume cut = extractSubtomogram(VolumeInMemory(volume), {2, 15, 15}, optionsOf(16, 1));
    double sum = 0;
    for (std::int64_t z = 0; z < 16; ++z)
        for (std::int64_t y = 0; y < 16; ++y) {
            for (std::int64_t x = 6; x < 16; ++x) {
                CHECK(cut.at(x, y, z) == volume.at(x - 6, y + 7, z + 7));
                sum += cut.at(x, y, z);
            }
        }
    for (std::int64_t x = 0; x < 6; ++x) CHECK(cut.at(x, 3, 9) == Approx(sum / (10 * 16 * 16)));
    CHECK_THROWS_WITH(extractSubtomogram(VolumeInMemory(volume), {-20, 15, 15}, optionsOf(16, 1)), test::contains("outside its tomogram"));
}
