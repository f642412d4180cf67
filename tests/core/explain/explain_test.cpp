#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/explain/explain.h"
#include "core/explain/heat_figures.h"
#include "core/nn/compute.h"
#include "core/volume/operations.h"
#include "tests/baselines/explain_numbers.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

Model threeClasses(const std::string& encoder = "rb3d") {
    ModelManifest manifest;
    manifest.encoder.name = encoder;
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

/// The network of tests/baselines/explain.py.
class TinyEncoder : public Encoder {
  public:
    TinyEncoder() : Encoder(makeGenerator(at::kCPU, 0)) {}
    at::Tensor features(const at::Tensor& volumes) override {
        const at::Tensor slope = at::tensor({1.5F, -1.0F, 0.5F}).reshape({1, 3, 1, 1, 1});
        const at::Tensor shift = at::tensor({0.2F, 0.1F, 0.0F}).reshape({1, 3, 1, 1, 1});
        return tapped("maps", rectified(at::avg_pool3d(volumes, 2) * slope + shift));
    }
    at::Tensor embedFeatures(const at::Tensor& features) override { return features.flatten(1); }
    std::int64_t embedSize() const override { return 24; }
    std::vector<std::string> layerNames() const override { return {"maps"}; }
};

float ramp(std::int64_t i) { return float(std::sin(1.7 * double(i) + 0.3)); }

Model tinyModel() {
    Model model;
    model.manifest.classes = {"explained", "other"};
    model.encoder = std::make_shared<TinyEncoder>();
    model.classifier = std::make_shared<LinearHead>(24, 2, makeGenerator(at::kCPU, 0));
    at::NoGradGuard noGrad;
    for (std::int64_t i = 0; i < 48; ++i) model.classifier->weight().flatten()[i] = 3 * ramp(i) + ((i / 8) % 3 == 1 ? -0.5F : 0.5F);
    model.classifier->bias().fill_(0.7);
    return model;
}

Volume rampVolume() {
    std::vector<float> voxels;
    for (std::int64_t i = 0; i < 64; ++i) voxels.push_back(ramp(i));
    return Volume({4, 4, 4}, voxels);
}

double greatestDifference(const Volume& heat, const double (&expected)[64]) {
    double most = 0;
    for (std::size_t i = 0; i < 64; ++i) most = std::max(most, std::abs(double(heat.voxels()[i]) - expected[i]));
    return most;
}

/// What biases after `layer` add to the score of a network that is piecewise linear: each times its own gradient.
double biasPart(const Model& model, const Volume& volume, int target, const std::string& layer) {
    model.train(false);
    model.classify(tensorOf(volume))[0][target].backward();
    const std::vector<std::string> order{"stem1", "stem2", "block1", "block2", "block3", "block4", "fc1", "fc2", "classifier"};
    const auto place = [&](const std::string& name) { return std::find(order.begin(), order.end(), name) - order.begin(); };
    at::NoGradGuard noGrad;
    double sum = 0;
    for (const auto& [name, tensor] : model.tensors()) {
        const std::string local = name.substr(name.find('.') + 1);
        const std::string owner = name.starts_with("classifier") ? "classifier" : local.substr(0, local.find('_'));
        REQUIRE(place(owner) < std::int64_t(order.size()));
        if (local.ends_with("bias") && place(owner) > place(layer)) sum += (tensor * tensor.grad()).sum().item<double>();
    }
    return sum;
}

}  // namespace

TEST_CASE("Grad-CAM, is a map of the input's shape and place from 0 to 1") {
    const Volume volume = noise();
    const HeatMap map = explain(threeClasses(), volume, {.targetClass = 1}, at::kCPU);
    CHECK(map.heat.shape() == volume.shape());
    CHECK(map.heat.voxelSizeAngstrom() == 12.5);
    CHECK(map.heat.originAngstrom() == volume.originAngstrom());
    const auto [low, high] = std::minmax_element(map.heat.voxels().begin(), map.heat.voxels().end());
    CHECK(*low == 0);
    CHECK(*high == 1);
    CHECK(map.layer == "block4");
    const HeatFigures figures = heatFigures(map.heat.voxels());
    CHECK(figures.aboveHalf > 0);
    CHECK(figures.aboveHalf < 1);
    CHECK(figures.entropy > 0);
    CHECK(figures.entropy <= std::log(4096.0) + 1e-9);
}

TEST_CASE("Grad-CAM, weighs channels by the score's mean gradient") {
    const Model model = threeClasses();
    const Volume volume = noise();
    const int target = 2;
    const HeatMap map = explain(model, volume, {.targetClass = target}, at::kCPU);

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
    const HeatMap best = explain(model, noise(), {}, at::kCPU);
    for (int c = 0; c < 3; ++c) CHECK(explain(model, noise(), {.targetClass = c}, at::kCPU).probability <= best.probability);
    CHECK_THROWS_WITH(explain(model, noise(), {.targetClass = 3}, at::kCPU), test::contains("no class 3"));
}

TEST_CASE("explanations, are those of an independent computation") {
    const Model model = tinyModel();
    const auto explained = [&](const char* method) { return explain(model, rampVolume(), {.method = method, .targetClass = 0}, at::kCPU); };
    CHECK(explained("gradcam").score == Approx(baseline::kScore[0]).epsilon(1e-4));
    CHECK(greatestDifference(explained("gradcam").heat, baseline::kGradCam) < 1e-5);
    CHECK(greatestDifference(explained("gradcam++").heat, baseline::kGradCamPlusPlus) < 1e-5);
    CHECK(greatestDifference(explained("respondcam").heat, baseline::kRespondCam) < 1e-5);
    CHECK(explained("respondcam").total == Approx(baseline::kRespondCamTotal[0]).epsilon(1e-5));
    CHECK(greatestDifference(explained("guided-backprop").heat, baseline::kGuidedBackprop) < 1e-5);
    CHECK(greatestDifference(explained("guided-gradcam").heat, baseline::kGuidedGradCam) < 1e-5);
    CHECK(explained("guided-backprop").layer.empty());
    // Nothing stays switched on.
    const at::Tensor x = at::full({1, 1, 4, 4, 4}, 0.3).requires_grad_(true);
    const at::Tensor scores = model.classify(x);
    scores[0][0].backward();
    const at::Tensor plain = x.grad().clone();
    CHECK(plain.abs().sum().item<double>() > 0);
    (void)explained("guided-gradcam");
    x.mutable_grad().zero_();
    model.classify(x)[0][0].backward();
    CHECK((x.grad() - plain).abs().max().item<double>() == 0);
}

TEST_CASE("Respond-CAM, sums to the score where nothing but the layer adds to it") {
    const Model model = threeClasses();  // new networks have biases of 0
    for (const std::string& layer : model.encoder->layerNames()) {
        const HeatMap map = explain(model, noise(), {"respondcam", layer, -1}, at::kCPU);
        INFO(layer);
        CHECK(std::abs(map.score) > 0.05);
        CHECK(map.total == Approx(map.score).epsilon(1e-3));
    }
}

TEST_CASE("Respond-CAM, sums to the score less what biases add") {
    const Model model = threeClasses();
    {
        at::NoGradGuard noGrad;
        const at::Generator generator = makeGenerator(at::kCPU, 8);
        for (const auto& [name, tensor] : model.tensors())
            if (name.ends_with("bias")) tensor.normal_(0, 0.1, generator);
    }
    for (const char* layer : {"stem1", "block2", "block4"}) {
        for (const auto& [name, tensor] : model.tensors()) at::Tensor(tensor).mutable_grad() = at::Tensor();
        const HeatMap map = explain(model, noise(), {"respondcam", layer, 2}, at::kCPU);
        const double biases = biasPart(model, noise(), 2, layer);
        INFO(layer);
        CHECK(std::abs(biases) > 0.02);
        CHECK(map.total == Approx(map.score - biases).epsilon(1e-3).margin(1e-4));
    }
}

TEST_CASE("explanations, look at every layer of every encoder") {
    for (const char* encoder : {"rb3d", "resnet3d", "cb3d", "dsrf3d-v2"}) {
        const Model model = threeClasses(encoder);
        for (const std::string& layer : model.encoder->layerNames()) {
            INFO(encoder << " " << layer);
            const HeatMap map = explain(model, noise(), {"respondcam", layer, -1}, at::kCPU);
            CHECK(map.layer == layer);
            CHECK(tensorOf(map.heat).abs().max().item<float>() == 1);
        }
        // From the last layer on all of them are linear or rectified, and new biases are 0.
        const HeatMap last = explain(model, noise(), {"respondcam", "last-block", -1}, at::kCPU);
        CHECK(last.total == Approx(last.score).epsilon(1e-3));
        const HeatMap guided = explain(model, noise(), {"guided-backprop", "last-block", -1}, at::kCPU);
        CHECK(heatFigures(guided.heat.voxels()).entropy > 1);
    }
}

TEST_CASE("explanations, say what is wrong") {
    const Model model = threeClasses();
    CHECK_THROWS_AS(explain(model, noise(), {"gradcam", "block9", 0}, at::kCPU), InvalidOptions);
    CHECK_THROWS_WITH(explain(model, noise(), {"gradcam", "block9", 0}, at::kCPU),
                      test::contains("no layer \"block9\"; its layers are stem1, stem2, block1"));
    CHECK_THROWS_WITH(explain(model, noise(), {"tea-leaves", "block1", 0}, at::kCPU), test::contains("no explanation \"tea-leaves\""));
    Model headless = model;
    headless.classifier = nullptr;
    CHECK_THROWS_WITH(explain(headless, noise(), {}, at::kCPU), test::contains("fine-tune it first"));
    at::NoGradGuard noGrad;
    model.classifier->bias().fill_(std::nan(""));
    CHECK_THROWS_WITH(explain(model, noise(), {}, at::kCPU), test::contains("not numbers"));
}
