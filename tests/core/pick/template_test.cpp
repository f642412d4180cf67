#include "core/pick/template.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/io/file_volume.h"
#include "core/pick/orientations.h"
#include "core/pick/template_block.h"
#include "core/pick/template_model.h"
#include "core/volume/operations.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

class VolumeInMemory : public VolumeFile {
  public:
    explicit VolumeInMemory(Volume volume) : volume_(std::move(volume)) {
        info_.shape = volume_.shape();
        const double size = volume_.voxelSizeAngstrom();
        info_.voxelSizeAngstrom = {size, size, size};
    }
    const VolumeInfo& info() const override { return info_; }
    Volume read(const Box& box, std::int64_t index) const override {
        checkRequest(info_, box, index, "memory");
        return crop(volume_, box);
    }

  private:
    Volume volume_;
    VolumeInfo info_;
};

struct Blob {
    Vec3 at;  // Å
    double sigma = 0, weight = 0;
};

/// A body without symmetry, about 60 Å in radius.
const std::vector<Blob> kBody{{{0, 0, 0}, 16, 1}, {{38, 0, 0}, 10, 0.8}, {{0, 32, 10}, 9, 1}, {{-12, -10, -34}, 8, 1.5}, {{-26, 20, 12}, 8, 1.2}};
const std::vector<Blob> kRod{{{0, 0, -36}, 10, 1}, {{0, 0, -12}, 10, 1}, {{0, 0, 12}, 10, 1}, {{0, 0, 36}, 10, 1}, {{20, 0, 30}, 8, 1}};

float densityAt(const std::vector<Blob>& body, Vec3 at) {
    double sum = 0;
    for (const Blob& blob : body) {
        const Vec3 d = at - blob.at;
        sum += blob.weight * std::exp(-(d.x * d.x + d.y * d.y + d.z * d.z) / (2 * blob.sigma * blob.sigma));
    }
    return static_cast<float>(sum);
}

Structure structureOf(const std::string& name, const std::vector<Blob>& body) {
    constexpr std::int64_t kSide = 40;
    constexpr double kVoxel = 4;
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < kSide; ++z)
        for (std::int64_t y = 0; y < kSide; ++y)
            for (std::int64_t x = 0; x < kSide; ++x)
                voxels.push_back(densityAt(body, {kVoxel * double(x - kSide / 2), kVoxel * double(y - kSide / 2), kVoxel * double(z - kSide / 2)}));
    Structure structure;
    structure.name = name;
    structure.radiusAngstrom = 60;
    structure.density = Volume({kSide, kSide, kSide}, std::move(voxels), kVoxel);
    return structure;
}

struct Placed {
    const std::vector<Blob>* body;
    Vec3 position;  // voxels
    Rotation rotation;
};

/// Particles darker than their surroundings in white noise.
Volume tomogramOf(Index3 shape, double voxelAngstrom, const std::vector<Placed>& particles, double noise, std::uint64_t seed = 5) {
    Random random(seed);
    std::vector<float> voxels;
    for (std::int64_t z = 0; z < shape.z; ++z)
        for (std::int64_t y = 0; y < shape.y; ++y)
            for (std::int64_t x = 0; x < shape.x; ++x) {
                double value = 100 + noise * random.normal();
                for (const Placed& particle : particles) {
                    const Vec3 d = voxelAngstrom * (Vec3{double(x), double(y), double(z)} - particle.position);
                    if (d.x * d.x + d.y * d.y + d.z * d.z < 90 * 90) value -= double(densityAt(*particle.body, particle.rotation.inverse() * d));
                }
                voxels.push_back(static_cast<float>(value));
            }
    return Volume(shape, std::move(voxels), voxelAngstrom);
}

PickOptions searchOptions(double step) {
    PickOptions options;
    options.method = "template";
    options.stepDegrees = step;
    options.tiltMaximumDegrees = 90;
    options.device = "cpu";
    return options;
}

const std::vector<Placed> kScene{{&kBody, {14.3, 15, 12.6}, Rotation()},
                                 {&kBody, {40, 16.4, 18}, Rotation::uniform(0.2, 0.3, 0.7)},
                                 {&kBody, {20, 42, 20.5}, Rotation::uniform(0.8, 0.6, 0.1)},
                                 {&kBody, {45.6, 44, 9}, Rotation::uniform(0.5, 0.9, 0.4)}};

double apart(Vec3 a, Vec3 b) { return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z); }

}  // namespace

TEST_CASE("block correlator, gives the locally normalised correlation of the definition") {
    const Index3 shape{24, 20, 30};
    constexpr std::int64_t kSide = 7, kMargin = 5, kBorder = kMargin + 1;  // one voxel is the kernel's
    Random random(3);
    std::vector<float> voxels(std::size_t(shape.product()));
    for (float& voxel : voxels) voxel = static_cast<float>(random.normal());
    for (std::size_t i = 0; i < 3; ++i) voxels[3000 + i] = 60;  // a gold bead
    std::vector<float> kernel(27, 0.1F), mask, shapeOfTemplate(kSide * kSide * kSide);
    kernel[13] = 1;
    for (std::int64_t i = 0; i < kSide * kSide * kSide; ++i) {
        const std::int64_t x = i % kSide - 3, y = i / kSide % kSide - 3, z = i / kSide / kSide - 3;
        mask.push_back(x * x + y * y + z * z <= 10 ? 1 : 0);
    }
    double count = 0, sum = 0, squares = 0;
    for (std::size_t i = 0; i < mask.size(); ++i) {
        shapeOfTemplate[i] = mask[i] * static_cast<float>(random.normal());
        count += double(mask[i]);
        sum += double(shapeOfTemplate[i]);
    }
    for (std::size_t i = 0; i < mask.size(); ++i) {
        shapeOfTemplate[i] = mask[i] * static_cast<float>(shapeOfTemplate[i] - sum / count);
        squares += double(shapeOfTemplate[i]) * double(shapeOfTemplate[i]);
    }
    for (float& value : shapeOfTemplate) value = static_cast<float>(value / std::sqrt(squares / count));

    BlockCorrelator correlator("cpu");
    correlator.setBlock(voxels, shape, kMargin, kernel);
    correlator.setMask(mask, kSide);
    const std::vector<float> scores = correlator.correlation(0, [&](std::int64_t, std::span<float> out) {
        std::copy(shapeOfTemplate.begin(), shapeOfTemplate.end(), out.begin());
    });
    const Index3 inner = correlator.innerShape();
    REQUIRE(bool(inner == Index3{12, 8, 18}));

    const Volume block(shape, voxels);
    const auto filtered = [&](std::int64_t x, std::int64_t y, std::int64_t z) {
        double value = 0;
        for (std::int64_t i = 0; i < 27; ++i)
            value += double(kernel[std::size_t(i)]) * double(block.at(x + i % 3 - 1, y + i / 3 % 3 - 1, z + i / 9 - 1));
        return value;
    };
    double worst = 0, highest = 0;
    for (std::int64_t z = 0; z < inner.z; z += 3)
        for (std::int64_t y = 0; y < inner.y; ++y)
            for (std::int64_t x = 0; x < inner.x; ++x) {
                double product = 0, total = 0, totalSquares = 0;
                for (std::int64_t i = 0; i < kSide * kSide * kSide; ++i) {
                    if (mask[std::size_t(i)] == 0) continue;
                    const double v = filtered(x + kBorder + i % kSide - 3, y + kBorder + i / kSide % kSide - 3, z + kBorder + i / kSide / kSide - 3);
                    product += double(shapeOfTemplate[std::size_t(i)]) * v;
                    total += v;
                    totalSquares += v * v;
                }
                const double sigma = std::sqrt(totalSquares / count - total * total / count / count);
                const double expected = product / (count * sigma);
                worst = std::max(worst, std::abs(expected - double(scores[std::size_t(x + inner.x * (y + inner.y * z))])));
                highest = std::max(highest, std::abs(expected));
            }
    CHECK(worst < 1e-4);
    CHECK(highest > 0.2);
    CHECK(highest <= 1);
}

TEST_CASE("block correlator, keeps the first of equal templates and scores nothing where there is nothing") {
    const Index3 shape{16, 16, 16};
    std::vector<float> voxels(std::size_t(shape.product()), 2.0F), mask(27, 1);
    BlockCorrelator correlator("cpu");
    const auto make = [](std::int64_t, std::span<float> out) {
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = (float(i) - 13) / 7.789F;
    };
    correlator.setBlock(voxels, shape, 2, std::vector<float>{1});
    correlator.setMask(mask, 3);
    correlator.correlate(0, 1, make);
    for (const float score : correlator.bestScores()) CHECK(score == 0);

    Random random(1);
    for (float& voxel : voxels) voxel = static_cast<float>(random.normal());
    correlator.setBlock(voxels, shape, 2, std::vector<float>{1});
    correlator.setMask(mask, 3);
    for (int first = 0; first < 6; ++first) correlator.correlate(first, 1, make);
    for (const std::int32_t which : correlator.bestTemplates()) CHECK(which == 0);
    CHECK_THROWS_AS(BlockCorrelator("abacus"), InvalidOptions);
}

TEST_CASE("search template, is normalised, turned like the particle and cut by the wedge") {
    TemplateImaging imaging;
    imaging.searchVoxelAngstrom = 10;
    imaging.dark = false;
    imaging.microscope.ctf = false;
    imaging.microscope.tiltMaximumDegrees = 90;
    const SearchTemplate whole(structureOf("body", kBody), imaging);
    const std::int64_t side = whole.side();
    std::vector<float> voxels(std::size_t(side * side * side));
    const Rotation rotation = Rotation::uniform(0.3, 0.2, 0.6);
    whole.turned(rotation, voxels);

    double count = 0, sum = 0, squares = 0, product = 0, bodySum = 0, bodySquares = 0;
    for (std::int64_t i = 0; i < side * side * side; ++i) {
        const auto at = std::size_t(i);
        if (whole.mask()[at] == 0) {
            REQUIRE(voxels[at] == 0);
            continue;
        }
        const Vec3 place{10 * double(i % side - side / 2), 10 * double(i / side % side - side / 2), 10 * double(i / side / side - side / 2)};
        const double body = double(densityAt(kBody, rotation.inverse() * place));
        count += 1;
        sum += double(voxels[at]);
        squares += double(voxels[at]) * double(voxels[at]);
        product += double(voxels[at]) * body;
        bodySum += body;
        bodySquares += body * body;
    }
    CHECK(sum / count == Approx(0).margin(1e-4));
    CHECK(squares / count == Approx(1).epsilon(1e-4));
    CHECK(product / count / std::sqrt(bodySquares / count - bodySum * bodySum / count / count) > 0.985);

    imaging.microscope.tiltMaximumDegrees = 60;
    std::vector<float> cut(voxels.size());
    SearchTemplate(structureOf("body", kBody), imaging).turned(rotation, cut);
    double alike = 0;
    for (std::size_t i = 0; i < cut.size(); ++i) alike += double(cut[i]) * double(voxels[i]) / count;
    CHECK(alike < 0.97);
    CHECK(alike > 0.6);

    Structure tiny = structureOf("dot", kBody);
    tiny.radiusAngstrom = 8;
    CHECK_THROWS_WITH(SearchTemplate(tiny, imaging), test::contains("dot") && test::contains("less than two voxels"));
}

TEST_CASE("template search, finds particles where and as they lie") {
    const VolumeInMemory tomogram(tomogramOf({60, 58, 30}, 10, kScene, 0.15));
    const std::vector<Structure> templates{structureOf("body", kBody)};
    PickOptions options = searchOptions(30);
    options.searchVoxelAngstrom = 10;
    options.maximumCount = std::int64_t(kScene.size());
    double last = 0, total = 1;
    const auto progress = [&](double done, double all) { last = done, total = all; };
    const TemplateSearch search = correlateTemplates(tomogram, templates, options, progress, {});
    CHECK(last == total);
    CHECK(search.binning == 1);
    CHECK(search.voxels == 60 * 58 * 30);
    CHECK(total == double(search.voxels) * double(search.orientations));
    REQUIRE(search.peaks.size() == kScene.size());
    for (const Placed& particle : kScene) {
        const auto nearest = std::min_element(search.peaks.begin(), search.peaks.end(), [&](const Peak& a, const Peak& b) {
            return apart(a.positionVoxels, particle.position) < apart(b.positionVoxels, particle.position);
        });
        CAPTURE(particle.position.x, nearest->positionVoxels.x, nearest->positionVoxels.y, nearest->positionVoxels.z);
        CHECK(apart(nearest->positionVoxels, particle.position) < 0.8);
        CHECK(angleBetweenDegrees(nearest->rotation, particle.rotation, {Rotation()}) < 30);
        CHECK(nearest->score > 0.4);
        CHECK(nearest->score <= 1);
        CHECK(nearest->templateIndex == 0);
    }
}

TEST_CASE("template search, picks the same for every block size") {
    const VolumeInMemory tomogram(tomogramOf({60, 58, 30}, 10, kScene, 0.15));
    const std::vector<Structure> templates{structureOf("body", kBody)};
    PickOptions options = searchOptions(50);
    options.searchVoxelAngstrom = 10;
    options.tiltMaximumDegrees = 60;
    std::vector<std::vector<Peak>> found;
    for (const int blockSize : {1024, 40, 32}) {
        options.blockSize = blockSize;
        found.push_back(correlateTemplates(tomogram, templates, options, {}, {}).peaks);
    }
    REQUIRE(found[0].size() >= kScene.size());
    for (std::size_t other = 1; other < found.size(); ++other) {
        REQUIRE(found[other].size() == found[0].size());
        for (std::size_t i = 0; i < found[0].size(); ++i) {
            CHECK(apart(found[other][i].positionVoxels, found[0][i].positionVoxels) < 1e-3);
            CHECK(found[other][i].score == Approx(found[0][i].score).margin(1e-5));
            CHECK(angleBetweenDegrees(found[other][i].rotation, found[0][i].rotation, {Rotation()}) < 1e-3);
        }
    }
}

TEST_CASE("template search, gives places in the tomogram's own voxels when it is binned") {
    const std::vector<Placed> particles{{&kBody, {30, 34.5, 28}, Rotation()}, {&kBody, {71, 40, 33}, Rotation::uniform(0.5, 0.1, 0.3)}};
    const VolumeInMemory tomogram(tomogramOf({101, 80, 63}, 5, particles, 0.2));
    const std::vector<Structure> templates{structureOf("body", kBody)};
    PickOptions options = searchOptions(45);
    options.maximumCount = 2;
    options.searchVoxelAngstrom = 15;
    const TemplateSearch search = correlateTemplates(tomogram, templates, options, {}, {});
    CHECK(search.binning == 3);  // 15 Å, as asked
    CHECK(search.searchVoxelAngstrom == 15);
    CHECK(search.voxels == 33 * 26 * 21);
    REQUIRE(search.peaks.size() == 2);
    for (const Peak& peak : search.peaks)
        CHECK(std::min(apart(peak.positionVoxels, particles[0].position), apart(peak.positionVoxels, particles[1].position)) < 1);
}

TEST_CASE("template search, tells two templates apart") {
    std::vector<Placed> particles = kScene;
    particles[1].body = particles[3].body = &kRod;
    const VolumeInMemory tomogram(tomogramOf({60, 58, 30}, 10, particles, 0.15));
    const std::vector<Structure> templates{structureOf("rod", kRod), structureOf("body", kBody)};
    PickOptions options = searchOptions(45);
    options.maximumCount = std::int64_t(particles.size());
    options.searchVoxelAngstrom = 10;
    const TemplateSearch search = correlateTemplates(tomogram, templates, options, {}, {});
    REQUIRE(search.noise.size() == 2);
    REQUIRE(search.peaks.size() == particles.size());
    for (const Peak& peak : search.peaks)
        for (const Placed& particle : particles)
            if (apart(peak.positionVoxels, particle.position) < 3) CHECK(peak.templateIndex == (particle.body == &kRod ? 0 : 1));
    options.maximumCount = 1;
    CHECK(correlateTemplates(tomogram, templates, options, {}, {}).peaks.size() == 1);
}

TEST_CASE("template search, picks next to nothing of noise and nothing of light particles sought as dark ones") {
    const std::vector<Structure> templates{structureOf("body", kBody)};
    PickOptions options = searchOptions(45);
    options.searchVoxelAngstrom = 10;
    std::size_t picks = 0;
    for (const std::uint64_t seed : {1, 2, 3})
        picks += correlateTemplates(VolumeInMemory(tomogramOf({48, 48, 30}, 10, {}, 1, seed)), templates, options, {}, {}).peaks.size();
    CHECK(picks <= 8);  // about one each
    const VolumeInMemory light(inverted(tomogramOf({60, 58, 30}, 10, kScene, 0.15)));
    options.maximumCount = std::int64_t(kScene.size());
    const std::vector<Peak> wrong = correlateTemplates(light, templates, options, {}, {}).peaks;
    options.contrast = "light";
    const std::vector<Peak> right = correlateTemplates(light, templates, options, {}, {}).peaks;
    REQUIRE(right.size() == kScene.size());
    for (const Peak& peak : wrong) CHECK(peak.score < 0.8 * right.back().score);
    for (const Peak& peak : right)
        CHECK(std::any_of(kScene.begin(), kScene.end(), [&](const Placed& placed) { return apart(placed.position, peak.positionVoxels) < 1.2; }));
}

TEST_CASE("template search, gives no pick outside the tomogram and none for a flat one") {
    const std::vector<Placed> particles{{&kBody, {1, 16, 14}, Rotation()}, {&kBody, {-4, 36, 14}, Rotation()}, {&kBody, {30, 38, 31}, Rotation()}};
    const VolumeInMemory tomogram(tomogramOf({48, 48, 30}, 10, particles, 0.2));
    const std::vector<Structure> templates{structureOf("body", kBody)};
    PickOptions options = searchOptions(45);
    options.searchVoxelAngstrom = 10;
    options.minimumScore = 0.1;
    const std::vector<Peak> peaks = correlateTemplates(tomogram, templates, options, {}, {}).peaks;
    REQUIRE(!peaks.empty());
    for (const Peak& peak : peaks) {
        CHECK(peak.positionVoxels.x >= 0);
        CHECK(peak.positionVoxels.x <= 47);
        CHECK(peak.positionVoxels.z >= 0);
        CHECK(peak.positionVoxels.z <= 29);
    }
    const VolumeInMemory flat(Volume({40, 40, 40}, std::vector<float>(64000, 7), 10));
    CHECK(correlateTemplates(flat, templates, options, {}, {}).peaks.empty());
}

TEST_CASE("template search, stops at once when it is cancelled") {
    const VolumeInMemory tomogram(tomogramOf({60, 58, 30}, 10, {}, 1));
    const std::vector<Structure> templates{structureOf("body", kBody)};
    StopSource source;
    std::chrono::steady_clock::time_point asked;
    const auto progress = [&](double, double) {
        if (source.token().cancelRequested()) FAIL("went on after it was cancelled");
        asked = std::chrono::steady_clock::now();
        source.request(StopWish::Cancel);
    };
    PickOptions options = searchOptions(5);
    CHECK_THROWS_AS(correlateTemplates(tomogram, templates, options, progress, source.token()), Cancelled);
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::milliseconds(500));
}

TEST_CASE("template search, says what is wrong in one sentence") {
    const VolumeInMemory tomogram(tomogramOf({40, 40, 30}, 10, {}, 1));
    const std::vector<Structure> templates{structureOf("body", kBody)};
    PickOptions options = searchOptions(45);
    CHECK_THROWS_WITH(correlateTemplates(tomogram, options, {}, {}), test::contains("No template"));
    options.symmetry = "Z9";
    CHECK_THROWS_WITH(correlateTemplates(tomogram, templates, options, {}, {}), test::contains("Z9"));
    options.symmetry.clear();
    options.searchVoxelAngstrom = 200;
    CHECK_THROWS_WITH(correlateTemplates(tomogram, templates, options, {}, {}), test::contains("less than two voxels"));
}
