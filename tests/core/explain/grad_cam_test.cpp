#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>

#include "core/base/seed.h"
#include "core/explain/grad_cam.h"
#include "core/volume/operations.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

Model threeClasses() {
    ModelManifest manifest;
    manifest.boxSize = 16;
    manifest.classes = {"a", "b", "c"};
    manifest.classColours.assign(3, "#123456");
    return makeModel(manifest, 3, at::kCPU);
}

Volume noise() {
    Random random(4);
    std::vector<float> voxels(16 * 16 * 16);
    for (float& voxel : voxels) voxel = float(random.normal());
    return standardised(Volume({16, 16, 16}, voxels, 12.5, {100, 0, -50}));
}

at::Tensor tensorOf(const Volume& volume) {
    at::Tensor x = at::empty({1, 1, 16, 16, 16});
    std::memcpy(x.data_ptr<float>(), volume.voxels().data(), volume.voxels().size_bytes());
    return x;
}

}  // namespace

TEST_CASE("Grad-CAM, is a map of the input's shape and place from 0 to 1") {
    const Volume volume = noise();
    const HeatMap map = gradCam(threeClasses(), volume, 1, at::kCPU);
    CHECK(map.heat.shape() == volume.shape());
    CHECK(map.heat.voxelSizeAngstrom() == 12.5);
    CHECK(map.heat.originAngstrom() == volume.originAngstrom());
    const auto [low, high] = std::minmax_element(map.heat.voxels().begin(), map.heat.voxels().end());
    CHECK(*low == 0);
    CHECK(*high == 1);
    CHECK(map.aboveHalf > 0);
    CHECK(map.aboveHalf < 1);
    CHECK(map.entropy > 0);
    CHECK(map.entropy <= std::log(4096.0) + 1e-9);
}

TEST_CASE("Grad-CAM, weighs channels by the score's mean gradient") {
    const Model model = threeClasses();
    const Volume volume = noise();
    const int target = 2;
    const HeatMap map = gradCam(model, volume, target, at::kCPU);

    // The mean gradient of a channel by finite differences: raise the whole channel a little and look at the score.
    at::NoGradGuard noGrad;
    model.train(false);
    const at::Tensor features = model.encoder->features(tensorOf(volume)).to(at::kFloat);
    const double step = 0.05;
    at::Tensor weights = at::zeros({1, 64, 1, 1, 1});
    const auto score = [&](const at::Tensor& f) {
        return model.classifier->forward(model.encoder->embedFeatures(f))[0][target].item<double>();
    };
    for (int c = 0; c < 64; ++c) {
        at::Tensor up = features.clone(), down = features.clone();
        up[0][c] += step;
        down[0][c] -= step;
        weights[0][c] = (score(up) - score(down)) / (2 * step * double(features[0][c].numel()));
    }
    at::Tensor expected = at::upsample_trilinear3d(at::relu((weights * features).sum(1, true)), {16, 16, 16}, false);
    expected = (expected - expected.min()) / (expected.max() - expected.min());
    // ReLU kinks between the two differences leave a small error.
    CHECK((expected - tensorOf(map.heat)).abs().mean().item<double>() < 0.02);
}

TEST_CASE("Grad-CAM, without a class takes the most probable one") {
    const Model model = threeClasses();
    const HeatMap best = gradCam(model, noise(), -1, at::kCPU);
    for (int c = 0; c < 3; ++c) CHECK(gradCam(model, noise(), c, at::kCPU).probability <= best.probability);
    CHECK_THROWS_WITH(gradCam(model, noise(), 3, at::kCPU), test::contains("no class 3"));
}
