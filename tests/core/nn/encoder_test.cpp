#include <ATen/ATen.h>

#include "core/base/error.h"
#include "core/nn/compute.h"
#include "core/nn/encoder.h"
#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

std::shared_ptr<Encoder> rb3d(std::int64_t box, std::uint64_t seed = 1, double dropout = 0.5) {
    EncoderOptions options;
    options.dropout = dropout;
    return makeEncoder(options, box, seed, at::kCPU);
}

at::Tensor volumes(std::int64_t n, std::int64_t box) {
    return at::empty({n, 1, box, box, box}).normal_(0, 1, makeGenerator(at::kCPU, 5));
}

}  // namespace

TEST_CASE("RB3D, has the parameters that the paper variant has") {
    const auto generator = makeGenerator(at::kCPU, 1);
    // docs/method.md: counts include the last layer (FC-L) for L classes.
    CHECK(parameterCount(*rb3d(32)) + parameterCount(LinearHead(1024, 10, generator)) == 35'130'954);
    CHECK(parameterCount(*rb3d(28)) + parameterCount(LinearHead(1024, 7, generator)) == 24'052'295);
}

TEST_CASE("RB3D, shapes from volume to vector") {
    const auto encoder = rb3d(28);
    encoder->eval();
    at::NoGradGuard noGrad;
    const at::Tensor features = encoder->features(volumes(2, 28));
    CHECK(features.sizes() == at::IntArrayRef({2, 64, 7, 7, 7}));
    CHECK(encoder->embedFeatures(features).sizes() == at::IntArrayRef({2, 1024}));
    CHECK(encoder->embedSize() == 1024);
}

TEST_CASE("RB3D, weights come from the seed alone") {
    const auto first = rb3d(16, 3), again = rb3d(16, 3), other = rb3d(16, 4);
    const auto a = first->parameters(), b = again->parameters(), c = other->parameters();
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(at::equal(a[i], b[i]));
    CHECK_FALSE(at::equal(a[0], c[0]));
}

TEST_CASE("RB3D, keeps the size of signals from layer to layer at the start") {
    const auto encoder = rb3d(16);
    encoder->eval();
    at::NoGradGuard noGrad;
    const double deviation = encoder->features(volumes(8, 16)).std().item<double>();
    CHECK(deviation > 0.2);
    CHECK(deviation < 5);
}

TEST_CASE("dropout, repeats with its generator and is off when judging") {
    const auto encoder = rb3d(16);
    const at::Tensor input = volumes(2, 16);
    at::NoGradGuard noGrad;
    const auto embed = [&](std::uint64_t seed) {
        encoder->setGenerator(makeGenerator(at::kCPU, seed));
        return encoder->embed(input);
    };
    CHECK(at::equal(embed(7), embed(7)));
    CHECK_FALSE(at::equal(embed(7), embed(8)));
    encoder->eval();
    CHECK(at::equal(embed(7), embed(8)));
}

TEST_CASE("dropout, leaves the mean as it is and zeroes the asked fraction") {
    const auto encoder = rb3d(16, 1, 0.25);
    at::NoGradGuard noGrad;
    const at::Tensor trained = encoder->embed(volumes(64, 16));
    const double zeros = (trained == 0).to(at::kFloat).mean().item<double>();
    encoder->eval();
    const double zerosWithout = (encoder->embed(volumes(64, 16)) == 0).to(at::kFloat).mean().item<double>();
    CHECK(zeros == Approx(zerosWithout + 0.25 * (1 - zerosWithout)).margin(0.03));
}

TEST_CASE("encoders, say what they cannot take") {
    CHECK_THROWS_WITH(rb3d(8), test::contains("16 to 96"));
    EncoderOptions options;
    options.name = "resnet";
    CHECK_THROWS_WITH(makeEncoder(options, 32, 1, at::kCPU), test::contains("no encoder") && test::contains("resnet3d"));
    CHECK_THROWS_WITH(encoderCost(options, 32), test::contains("no encoder"));
}

TEST_CASE("devices, are chosen by name") {
    CHECK(chooseDevice("cpu") == at::Device(at::kCPU));
    CHECK_THROWS_AS(chooseDevice("abacus"), InvalidOptions);
    if (!at::hasCUDA()) {
        CHECK(chooseDevice("auto") == at::Device(at::kCPU));
        CHECK_THROWS_WITH(chooseDevice("cuda"), test::contains("No CUDA device"));
    }
}
