#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

#include "core/nn/compute.h"
#include "core/ssl/augmentation.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr PlaneMap kIdentity{1, 0, 0, 0, 1, 0};

at::Tensor resampled(const at::Tensor& x, const PlaneMap& map) {
    const std::vector<PlaneView> views(std::size_t(x.size(0)), PlaneView{map, 0});
    return resample(x, views, x.size(2), x.size(3));
}

at::Tensor noise(std::int64_t n, std::int64_t side) {
    return at::empty({n, 1, side, side, side}).normal_(0, 1, makeGenerator(at::kCPU, 9));
}

}  // namespace

TEST_CASE("resampling, the identity changes nothing") {
    const at::Tensor x = noise(2, 16);
    CHECK(at::allclose(resampled(x, kIdentity), x, 1e-5, 1e-5));
}

TEST_CASE("resampling, a shift of whole voxels moves every slice alike and brings zeros in") {
    const at::Tensor x = noise(1, 16);
    // Output x reads input x + 3: content moves towards lower x.
    const at::Tensor y = resampled(x, {1, 0, 3 * 2.0 / 16, 0, 1, 0});
    CHECK(at::allclose(y.narrow(4, 0, 13), x.narrow(4, 3, 13), 1e-4, 1e-4));
    CHECK(y.narrow(4, 13, 3).abs().max().item<float>() < 1e-4f);
}

TEST_CASE("resampling, a quarter turn is exact and has the sense it should") {
    const at::Tensor x = noise(1, 16);
    // Output (x, y) reads input (y, -x): out[row, column] = in[15 - column, row].
    const at::Tensor y = resampled(x, {0, 1, 0, -1, 0, 0});
    const at::Tensor inside = x[0][0], outside = y[0][0];
    const auto in = inside.accessor<float, 3>();
    const auto out = outside.accessor<float, 3>();
    for (int z : {0, 7})
        for (int row = 0; row < 16; ++row)
            for (int column = 0; column < 16; ++column)
                CHECK(out[z][row][column] == Approx(in[z][15 - column][row]).margin(1e-4));
}

TEST_CASE("augmentation, stays within the paper's figures") {
    const AugmentationOptions options;
    int untouched = 0;
    double largestTurn = 0, smallestScale = 9, largestScale = 0;
    constexpr int kDraws = 4000;
    for (int i = 0; i < kDraws; ++i) {
        const PlaneMap map = drawPlaneView(options, 32, 32, std::uint64_t(i)).map;
        untouched += map == kIdentity;
        const double scale = std::sqrt(std::abs(map[0] * map[4] - map[1] * map[3]));
        smallestScale = std::min(smallestScale, scale);
        largestScale = std::max(largestScale, scale);
        largestTurn = std::max(largestTurn, std::abs(std::atan2(map[1], map[0])) * 180 / std::numbers::pi);
        CHECK(map[0] * map[4] - map[1] * map[3] > 0);  // never a mirror
    }
    CHECK(untouched / double(kDraws) == Approx(0.25).margin(0.03));  // neither crop nor affine: a half times a half
    CHECK(largestTurn <= 45);
    CHECK(largestTurn > 43);
    CHECK(smallestScale >= std::sqrt(0.5) / 1.1 - 0.03);
    CHECK(largestScale <= 1 / 0.9 + 1e-9);
}

TEST_CASE("augmentation, one seed one view, whatever the rest of the batch") {
    const at::Tensor x = noise(3, 16);
    const AugmentationOptions options;
    const at::Tensor all = augment(x, options, 5);
    CHECK(at::equal(all, augment(x, options, 5)));
    CHECK(at::allclose(all.narrow(0, 0, 1), augment(x.narrow(0, 0, 1), options, 5)));
    CHECK(at::allclose(all.narrow(0, 1, 2), augment(x.narrow(0, 1, 2), options, 5, 1)));
    CHECK_FALSE(at::allclose(augment(x, options, 6), all));
}

TEST_CASE("resampling, the processor's own loop equals LibTorch's") {
    AugmentationOptions options;
    options.cropProbability = options.affineProbability = 1;
    struct Shape {
        std::int64_t depth, height, width, side;
    };
    for (const Shape shape : {Shape{32, 32, 32, 32}, Shape{21, 19, 19, 19}, Shape{5, 18, 22, 11}}) {
        const at::Tensor x = at::empty({6, 1, shape.depth, shape.height, shape.width}).normal_(0, 1, makeGenerator(at::kCPU, 3));
        std::vector<PlaneView> views;
        for (std::uint64_t i = 0; i < 6; ++i) views.push_back({drawPlaneView(options, shape.side, shape.side, i).map, 0});
        views[5].map = {1, 0, 9, 0, 1, 0};  // nothing but what lies outside
        const at::Tensor theirs = resample(x.to(at::kDouble), views, shape.depth, shape.side);
        CHECK((resample(x, views, shape.depth, shape.side) - theirs).abs().max().item<double>() < 1e-5);
        CHECK(theirs[5].abs().max().item<double>() == 0);
    }
}

TEST_CASE("augmentation, a local crop is a part of the volume at a full view's magnification") {
    const at::Tensor x = noise(4, 16);
    AugmentationOptions options;
    options.cropProbability = options.affineProbability = 0;
    const at::Tensor views = augment(x, options, 3, 0, 6);
    REQUIRE(views.sizes() == at::IntArrayRef{4, 1, 6, 6, 6});
    for (std::int64_t i = 0; i < 4; ++i) {
        // Somewhere among all 11^3 places.
        const at::Tensor places = x[i][0].unfold(0, 6, 1).unfold(1, 6, 1).unfold(2, 6, 1).reshape({11 * 11 * 11, 6, 6, 6});
        CHECK((places - views[i]).abs().amax({1, 2, 3}).min().item<double>() < 1e-5);
    }
    options.cropProbability = 1;
    double smallest = 9, largest = 0;
    for (std::uint64_t i = 0; i < 300; ++i) {
        const PlaneMap map = drawPlaneView(options, 32, 20, i).map;
        smallest = std::min(smallest, map[0]);
        largest = std::max(largest, map[0]);
    }
    CHECK(smallest == Approx(14.0 / 32));  // 20 sqrt(0.5), in whole voxels
    CHECK(largest == Approx(20.0 / 32));
}
