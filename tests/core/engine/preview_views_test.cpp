#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/engine/run_jobs.h"
#include "core/recipe/learning.h"
#include "core/volume/operations.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

Volume waves(Index3 shape) {
    std::vector<float> voxels(std::size_t(shape.product()));
    for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = float(5 + std::sin(1.7 * double(i)));
    return {shape, std::move(voxels), 8, {1, 2, 3}};
}

bool same(const Volume& a, const Volume& b) { return std::ranges::equal(a.voxels(), b.voxels()); }

}  // namespace

TEST_CASE("view preview, gives different views of the particle, the same for the same seed") {
    const Volume particle = waves({16, 16, 16});
    const std::string extended = R"({"augmentation": "extended", "contrast-probability": 0})";
    const std::vector<Volume> views = previewViews(particle, extended, 3, 8);
    REQUIRE(views.size() == 8);
    const std::vector<Volume> again = previewViews(particle, extended, 3, 8);
    for (std::size_t i = 0; i < views.size(); ++i) {
        CHECK(same(views[i], again[i]));
        CHECK(views[i].shape() == Index3{16, 16, 16});
        CHECK(views[i].voxelSizeAngstrom() == 8);
        if (i > 0) CHECK_FALSE(same(views[i], views[i - 1]));
        double mean = 0;
        for (const float voxel : views[i].voxels()) mean += double(voxel) / 4096;
        CHECK(std::abs(mean) < 1e-4);
    }
    CHECK_FALSE(same(previewViews(particle, extended, 4, 1)[0], views[0]));
    // Nothing done: the standardised particle.
    const std::vector<Volume> still = previewViews(particle, R"({"crop-probability": 0, "affine-probability": 0})", 3, 2);
    CHECK(same(still[1], standardised(particle)));
}

TEST_CASE("view preview, says what is wrong") {
    CHECK_THROWS_WITH(previewViews(waves({16, 16, 8}), "{}", 1, 1), test::contains("16 x 16 x 8 voxels is not a cube"));
    CHECK_THROWS_AS(previewViews(waves({16, 16, 16}), R"({"turn": "sideways"})", 1, 1), InvalidOptions);
}
