#include "core/pick/dog.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/base/error.h"
#include "core/pick/gaussian.h"
#include "tests/core/pick/volume_in_memory.h"
#include "tests/support/catch.h"

using namespace tomoloupe;
using test::VolumeInMemory;

namespace {

Volume noise(Index3 shape, std::uint64_t seed, float offset = 0) {
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal(offset, 1);
    std::vector<float> voxels(std::size_t(shape.product()));
    for (float& voxel : voxels) voxel = normal(random);
    return Volume(shape, std::move(voxels), 10);
}

/// Balls of `value` about the places, in a volume of zeros.
Volume balls(Index3 shape, const std::vector<Vec3>& places, double radius, float value) {
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < shape.z; ++z)
        for (std::int64_t y = 0; y < shape.y; ++y)
            for (std::int64_t x = 0; x < shape.x; ++x) {
                const bool inside = std::any_of(places.begin(), places.end(), [&](Vec3 p) {
                    return std::hypot(double(x) - p.x, double(y) - p.y, double(z) - p.z) <= radius;
                });
                voxels.push_back(inside ? value : 0.0f);
            }
    return Volume(shape, std::move(voxels), 10);
}

PickOptions optionsOf(double sigma) {
    PickOptions options;
    options.sigmaVoxels = sigma;
    options.contrast = "light";
    options.clipDeviations = 0;
    return options;
}

DogPicks pick(const VolumeFile& file, const PickOptions& options) { return pickByDog(file, options, {}, {}); }

/// Along each axis in turn by the definition, in double, with mirrored faces.
std::vector<double> smoothed(const Volume& volume, double sigma) {
    const Index3 n = volume.shape();
    std::vector<double> values(volume.voxels().begin(), volume.voxels().end());
    const int radius = int(4 * sigma + 0.5);
    double sum = 0;
    for (int k = -radius; k <= radius; ++k) sum += std::exp(-k * k / (2 * sigma * sigma));
    const std::int64_t stride[] = {1, n.x, n.x * n.y}, count[] = {n.x, n.y, n.z};
    for (int axis = 0; axis < 3; ++axis) {
        std::vector<double> next(values.size());
        for (std::int64_t i = 0; i < n.product(); ++i) {
            const std::int64_t at = i / stride[axis] % count[axis];
            for (int k = -radius; k <= radius; ++k) {
                std::int64_t from = at + k;
                while (from < 0 || from >= count[axis]) from = from < 0 ? -1 - from : 2 * count[axis] - 1 - from;
                next[std::size_t(i)] += std::exp(-k * k / (2 * sigma * sigma)) / sum * values[std::size_t(i + (from - at) * stride[axis])];
            }
        }
        values = next;
    }
    return values;
}

bool same(const DogPicks& a, const DogPicks& b) {
    return a.threshold == b.threshold && a.candidates == b.candidates &&
           std::equal(a.peaks.begin(), a.peaks.end(), b.peaks.begin(), b.peaks.end(), [](const Peak& p, const Peak& q) {
               return p.positionVoxels == q.positionVoxels && p.score == q.score;
           });
}

}  // namespace

TEST_CASE("mirrored rows, as scipy reflects them also when the kernel is longer than the row") {
    const std::int64_t wanted[] = {1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1};
    for (std::int64_t i = -5; i < 8; ++i) CHECK(mirrored(i, 3) == wanted[i + 5]);
}

TEST_CASE("difference of Gaussians, is what the definition gives at every voxel, faces included") {
    const Volume volume = noise({37, 23, 19}, 3, 500);
    const VolumeInMemory file(volume);
    const double sigma = GENERATE(1.5, 4.0);  // 4: the kernel is longer than the volume is thick
    const auto narrow = smoothed(volume, sigma), wide = smoothed(volume, 1.1 * sigma);
    for (std::int64_t z = 0; z < 19; ++z) {
        const DogSlice slice = dogSlice(file, optionsOf(sigma), z, {});
        REQUIRE(slice.response.shape() == Index3{37, 23, 1});
        for (std::size_t i = 0; i < 37 * 23; ++i) {
            const std::size_t at = std::size_t(z) * 37 * 23 + i;
            CHECK(slice.response.voxels()[i] == Approx(narrow[at] - wide[at]).margin(5e-6));
        }
    }
}

TEST_CASE("difference of Gaussians, maxima and threshold are those of the definition") {
    const Volume volume = noise({40, 30, 26}, 9);
    const Index3 n = volume.shape();
    const auto narrow = smoothed(volume, 2), wide = smoothed(volume, 2.2);
    std::vector<Peak> wanted;
    double best = -1e9, worst = 1e9;
    for (std::int64_t i = 0; i < n.product(); ++i) {
        const std::int64_t x = i % n.x, y = i / n.x % n.y, z = i / (n.x * n.y);
        const auto at = [&](std::int64_t j) { return narrow[std::size_t(j)] - wide[std::size_t(j)]; };
        bool highest = true;
        for (std::int64_t k = 0; k < 27; ++k) {
            const std::int64_t dx = k % 3 - 1, dy = k / 3 % 3 - 1, dz = k / 9 - 1;
            if (std::abs(dx) + std::abs(dy) + std::abs(dz) == 3) continue;
            if (x + dx < 0 || y + dy < 0 || z + dz < 0 || x + dx >= n.x || y + dy >= n.y || z + dz >= n.z) continue;
            highest = highest && at(i) >= at(i + dx + n.x * (dy + n.y * dz));
        }
        if (!highest) continue;
        best = std::max(best, at(i));
        worst = std::min(worst, at(i));
        wanted.push_back({{double(x), double(y), double(z)}, at(i), {}, -1});
    }
    const DogPicks picks = pick(VolumeInMemory(volume), optionsOf(2));
    CHECK(picks.candidates == std::int64_t(wanted.size()));
    CHECK(picks.best == Approx(best).epsilon(1e-4));
    CHECK(picks.worst == Approx(worst).epsilon(1e-4));
    CHECK(picks.threshold == Approx(worst + 8 * (best - worst) / 20).epsilon(1e-4));
    std::erase_if(wanted, [&](const Peak& peak) { return peak.score < picks.threshold; });
    const auto kept = withoutNeighbours(wanted, picks.minimumDistanceVoxels);
    REQUIRE(picks.peaks.size() == kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) CHECK(picks.peaks[i].score == Approx(kept[i].score).epsilon(1e-3));
}

TEST_CASE("difference of Gaussians, every block size gives the same picks to the bit") {
    const VolumeInMemory file(noise({150, 117, 83}, 4, 20));
    PickOptions options = optionsOf(GENERATE(2.0, 5.0));
    options.blockSize = 1024;
    const DogPicks whole = pick(file, options);
    REQUIRE(whole.peaks.size() > 30);
    const std::int64_t readOnce = file.voxelsRead();
    for (const int blockSize : {32, 45, 64}) {
        options.blockSize = blockSize;
        CHECK(same(whole, pick(file, options)));
    }
    CHECK(file.voxelsRead() > 4 * readOnce + 1000);  // there were several blocks with margins
}

TEST_CASE("difference of Gaussians, finds balls, dark or light, and nothing else near the top") {
    const std::vector<Vec3> places{{20, 22, 15}, {50, 60, 20}, {7, 70, 24}, {70, 9, 8}, {44, 25, 30}};
    const bool dark = GENERATE(false, true);
    const Volume volume = balls({80, 80, 40}, places, 6, dark ? -1 : 1);
    PickOptions options;
    options.diameterAngstrom = 120;
    options.contrast = dark ? "dark" : "light";
    const DogPicks picks = pick(VolumeInMemory(volume), options);
    REQUIRE(picks.peaks.size() >= places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
        const Vec3 found = picks.peaks[i].positionVoxels;
        CHECK(std::any_of(places.begin(), places.end(), [&](Vec3 p) {
            return std::hypot(found.x - p.x, found.y - p.y, found.z - p.z) <= 1;
        }));
        CHECK(picks.peaks[i].score > 0);
    }
    options.maximumCount = 2;
    CHECK(pick(VolumeInMemory(volume), options).peaks.size() == 2);
}

TEST_CASE("difference of Gaussians, voxels that are not numbers harm nobody") {
    const Volume clean = balls({48, 48, 48}, {{24, 24, 24}}, 5, 1);
    std::vector<float> voxels(clean.voxels().begin(), clean.voxels().end());
    voxels[5] = std::numeric_limits<float>::quiet_NaN();
    voxels[48 * 48 * 40] = std::numeric_limits<float>::infinity();
    PickOptions options = optionsOf(3);
    options.maximumCount = 1;
    const DogPicks picks = pick(VolumeInMemory(Volume({48, 48, 48}, voxels, 10)), options);
    REQUIRE(picks.peaks.size() == 1);
    CHECK(picks.peaks[0].positionVoxels == Vec3{24, 24, 24});
}

TEST_CASE("difference of Gaussians, an even tomogram has no more picks than plateaus") {
    const DogPicks picks = pick(VolumeInMemory(Volume({40, 40, 40}, std::vector<float>(64000, 7), 10)), optionsOf(2));
    CHECK(picks.peaks.size() <= 1);
}

TEST_CASE("difference of Gaussians, stops when asked to") {
    const VolumeInMemory file(noise({120, 120, 100}, 4));
    PickOptions options = optionsOf(2);
    options.blockSize = 32;
    StopSource stop;
    double furthest = 0;
    CHECK_THROWS_AS(pickByDog(file, options, [&](double done, double total) {
        furthest = done / total;
        stop.request(StopWish::Cancel);
    }, stop.token()), Cancelled);
    CHECK(furthest < 0.2);
}

TEST_CASE("difference of Gaussians, says what is missing or does not fit") {
    const VolumeInMemory file(noise({30, 30, 20}, 4));
    PickOptions options;
    CHECK_THROWS_WITH(pick(file, options), test::contains("--diameter"));
    options.diameterAngstrom = 210;
    CHECK_THROWS_WITH(pick(file, options), test::contains("does not fit the tomogram"));
    options.diameterAngstrom = 60;
    CHECK(dogSigma(options, file.info()) >= 2);
    CHECK_THROWS_WITH(dogSlice(file, options, 20, {}), test::contains("no slice 20"));
}

TEST_CASE("difference of Gaussians of a slice, has the picks of the whole tomogram that reach into it") {
    const std::vector<Vec3> places{{20, 22, 15}, {50, 60, 24}, {30, 50, 36}};
    const Volume volume = balls({80, 80, 48}, places, 6, 1);
    PickOptions options;
    options.diameterAngstrom = 120;
    options.contrast = "light";
    options.threshold = 0;  // few maxima, all alike: any other threshold would fall among them
    const DogSlice slice = dogSlice(VolumeInMemory(volume), options, 20, {});
    REQUIRE(slice.peaks.size() == 2);  // the third ends above z = 30
    for (const Peak& peak : slice.peaks) CHECK(std::abs(peak.positionVoxels.z - 20) <= 6);
}
