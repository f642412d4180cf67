#include <ATen/ATen.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/nn/compute.h"
#include "core/nn/encoder.h"
#include "tests/baselines/encoder_costs_numbers.h"
#include "tests/baselines/moments_numbers.h"
#include "tests/support/catch.h"

// What holds for every encoder there is.

using namespace tomoloupe;

namespace {

EncoderOptions named(const std::string& name, double dropout = 0) {
    EncoderOptions options;
    options.name = name;
    options.dropout = dropout;
    return options;
}

std::shared_ptr<Encoder> make(const std::string& name, std::int64_t box, std::uint64_t seed = 1, double dropout = 0) {
    return makeEncoder(named(name, dropout), box, seed, at::kCPU);
}

at::Tensor volumes(std::int64_t n, std::int64_t box) {
    return at::empty({n, 1, box, box, box}).normal_(0, 1, makeGenerator(at::kCPU, 5));
}

bool isFinite(const at::Tensor& x) { return at::isfinite(x).all().item<bool>(); }

/// CB3D and RB3D-A take seconds at larger boxes; what differs there are the shapes, which the counts cover.
std::vector<std::int64_t> boxesFor(const std::string& name) {
    if (name == "cb3d") return {16, 28};
    if (name == "rb3d-a") return {16};
    return {16, 28, 32, 40};
}

void checkGradients(const std::string& name, std::int64_t box) {
    const auto encoder = make(name, box);
    const at::Tensor vectors = encoder->embed(volumes(2, box));
    REQUIRE(vectors.sizes() == at::IntArrayRef({2, encoder->embedSize()}));
    CHECK(vectors.scalar_type() == at::kFloat);
    CHECK(isFinite(vectors));
    const double deviation = vectors.std().item<double>();
    CHECK(deviation > 0.05);
    CHECK(deviation < 10);
    vectors.square().sum().backward();
    for (const auto& parameter : encoder->named_parameters()) {
        INFO(parameter.key());
        const at::Tensor gradient = parameter.value().grad();
        REQUIRE(gradient.defined());
        CHECK(isFinite(gradient));
        CHECK((gradient != 0).any().item<bool>());
    }
}

}  // namespace

TEST_CASE("encoders, are those that the options offer") {
    std::vector<std::string> names;
    for (const EncoderKind& kind : encoderKinds()) {
        names.push_back(kind.name);
        CHECK_FALSE(kind.whenToChoose.empty());
    }
    EncoderOptions options;
    CHECK(options.describe().at(0).choices == names);
}

TEST_CASE("encoders, have the parameters and the cost that their descriptions give") {
    for (const auto& counted : baseline::kEncoderCosts) {
        INFO(counted.encoder << " " << counted.box);
        const EncoderCost cost = encoderCost(named(counted.encoder), counted.box);
        CHECK(cost.parameters == counted.parameters);
        CHECK(cost.multiplyAdds == counted.multiplyAdds);
    }
    for (const EncoderKind& kind : encoderKinds())
        CHECK(std::any_of(std::begin(baseline::kEncoderCosts), std::end(baseline::kEncoderCosts),
                          [&](const auto& counted) { return kind.name == counted.encoder; }));
}

TEST_CASE("encoders, have the published sizes") {
    // Parameters with the last layer and billions of multiply-adds, for 32^3 and ten classes and for 28^3 and seven: docs/method.md.
    struct Published {
        const char* name;
        std::int64_t parameters32;
        double giga32;
        std::int64_t parameters28;
        double giga28;
    };
    const Published table[] = {
        {"rb3d", 35'130'954, 0.524, 24'052'295, 0.352},     {"rb3d-a", 135'394'506, 0.633, 91'089'095, 0.425},
        {"rb3d-b", 520'778, 0.490, 519'239, 0.328},         {"rb3d-c", 118'474, 0.498, 117'703, 0.334},
        {"dsrf3d-v2", 10'307'882, 1.963, 5'455'143, 1.313}, {"cb3d", 61'256'074, 6.206, 46'563'719, 3.803},
    };
    const auto generator = makeGenerator(at::kCPU, 1);
    for (const auto& [name, parameters32, giga32, parameters28, giga28] : table) {
        INFO(name);
        const auto check = [&, name = name](std::int64_t box, std::int64_t classes, std::int64_t parameters, double giga) {
            const EncoderCost cost = encoderCost(named(name), box);
            std::int64_t embedSize = 0;
            for (const auto& counted : baseline::kEncoderCosts)
                if (counted.encoder == std::string(name)) embedSize = counted.embedSize;
            CHECK(cost.parameters + parameterCount(LinearHead(embedSize, classes, generator)) == parameters);
            CHECK(std::round(double(cost.multiplyAdds + embedSize * classes) / 1e6) == std::round(giga * 1e3));
        };
        check(32, 10, parameters32, giga32);
        check(28, 7, parameters28, giga28);
    }
}

TEST_CASE("encoders, give vectors of the announced length and gradients to every weight") {
    for (const EncoderKind& kind : encoderKinds())
        for (const std::int64_t box : boxesFor(kind.name)) {
            INFO(kind.name << " " << box);
            checkGradients(kind.name, box);
        }
}

TEST_CASE("encoders, take every box from 16 to 96") {
    for (const EncoderKind& kind : encoderKinds()) {
        INFO(kind.name);
        for (std::int64_t box = 16; box <= 96; ++box) CHECK(encoderCost(named(kind.name), box).multiplyAdds > 0);
        CHECK_THROWS_WITH(encoderCost(named(kind.name), 15), test::contains(kind.name) && test::contains("16 to 96"));
        CHECK_THROWS_AS(make(kind.name, 97), InvalidOptions);
    }
}

TEST_CASE("encoders, count on shapes what the weights they make are") {
    for (const EncoderKind& kind : encoderKinds()) {
        INFO(kind.name);
        CHECK(parameterCount(*make(kind.name, 16)) == encoderCost(named(kind.name), 16).parameters);
    }
}

TEST_CASE("encoders, are refused where their weights exceed the memory") {
    const double memory = double(::sysconf(_SC_PHYS_PAGES)) * double(::sysconf(_SC_PAGESIZE));
    const double needed = 4.0 * double(encoderCost(named("rb3d-a"), 96).parameters);
    if (needed > memory) CHECK_THROWS_WITH(make("rb3d-a", 96), test::contains("rb3d-a") && test::contains("96") && test::contains("resnet3d"));
    CHECK(needed > 14e9);
}

TEST_CASE("encoders, with one set of weights for every box are those that say so") {
    at::NoGradGuard noGrad;
    for (const EncoderKind& kind : encoderKinds()) {
        INFO(kind.name);
        const bool growing = encoderCost(named(kind.name), 16).parameters != encoderCost(named(kind.name), 96).parameters;
        const auto encoder = make(kind.name, 16);
        CHECK(encoder->takesAnyBox() == !growing);
        if (encoder->takesAnyBox()) CHECK(encoder->embed(volumes(1, 24)).sizes() == at::IntArrayRef({1, encoder->embedSize()}));
    }
}

TEST_CASE("encoders, name exactly the layers that a tap sees") {
    at::NoGradGuard noGrad;
    for (const EncoderKind& kind : encoderKinds()) {
        INFO(kind.name);
        const auto encoder = make(kind.name, 16);
        const at::Tensor untapped = encoder->embed(volumes(1, 16));
        std::vector<std::string> seen;
        encoder->setTap([&](const std::string& layer, const at::Tensor& map) {
            seen.push_back(layer);
            CHECK(map.dim() == 5);
            return map.clone();
        });
        const at::Tensor features = encoder->features(volumes(1, 16));
        CHECK(at::allclose(encoder->embedFeatures(features), untapped, 1e-4, 1e-5));
        CHECK(seen == encoder->layerNames());
    }
}

TEST_CASE("encoders, use what a tap puts in place of a layer") {
    at::NoGradGuard noGrad;
    for (const EncoderKind& kind : encoderKinds()) {
        const auto encoder = make(kind.name, 16);
        const at::Tensor input = volumes(1, 16), before = encoder->embed(input);
        for (const std::string& name : encoder->layerNames()) {
            INFO(kind.name << " " << name);
            encoder->setTap([&](const std::string& layer, const at::Tensor& map) { return layer == name ? at::zeros_like(map) : map; });
            CHECK_FALSE(at::equal(encoder->embed(input), before));
        }
    }
}

TEST_CASE("encoders, have the same weights for the same seed") {
    for (const std::string name : {"rb3d-b", "rb3d-c", "dsrf3d-v2", "resnet3d", "bandpower3d", "moments3d"}) {
        const auto first = make(name, 16, 3), again = make(name, 16, 3), other = make(name, 16, 4);
        const auto a = first->parameters(), b = again->parameters(), c = other->parameters();
        INFO(name);
        for (std::size_t i = 0; i < a.size(); ++i) CHECK(at::equal(a[i], b[i]));
        CHECK_FALSE(at::equal(a[0], c[0]));
    }
}

TEST_CASE("encoders, judge without chance and learn with dropout") {
    at::NoGradGuard noGrad;
    for (const EncoderKind& kind : encoderKinds()) {
        INFO(kind.name);
        const auto encoder = make(kind.name, 16, 1, 0.5);
        const at::Tensor input = volumes(2, 16);
        const auto embed = [&](std::uint64_t seed) {
            encoder->setGenerator(makeGenerator(at::kCPU, seed));
            return encoder->embed(input);
        };
        const at::Tensor once = embed(7);
        CHECK(at::equal(once, embed(7)));
        CHECK_FALSE(at::equal(once, embed(8)));
        encoder->eval();
        CHECK(at::equal(embed(7), embed(8)));
    }
}

TEST_CASE("encoders, agree in bfloat16 with float32") {
    if (!computesBfloat16(at::kCPU)) {
        WARN("skipped: this processor has no AVX-512");
        return;
    }
    at::NoGradGuard noGrad;
    for (const EncoderKind& kind : encoderKinds()) {
        if (kind.name == "moments3d") continue;  // transforms and what follows them are float32
        INFO(kind.name);
        const auto encoder = make(kind.name, 16);
        encoder->eval();
        const at::Tensor input = volumes(2, 16), exact = encoder->embed(input);
        encoder->setPrecision(at::kBFloat16);
        CHECK(encoder->features(input).scalar_type() == at::kBFloat16);
        const at::Tensor rounded = encoder->embed(input);
        CHECK(rounded.scalar_type() == at::kFloat);
        const double difference = ((rounded - exact).norm() / exact.norm()).item<double>();
        CHECK(difference > 0);     // bfloat16 was used
        CHECK(difference < 0.05);  // 8 bits, a dozen layers
    }
}

TEST_CASE("encoders, learn in bfloat16 with gradients near those of float32") {
    if (!computesBfloat16(at::kCPU)) {
        WARN("skipped: this processor has no AVX-512");
        return;
    }
    for (const std::string name : {"rb3d", "resnet3d"}) {
        const auto encoder = make(name, 16);
        const at::Tensor input = volumes(4, 16);
        const auto gradients = [&](at::ScalarType precision) {
            encoder->zero_grad();
            encoder->setPrecision(precision);
            encoder->embed(input).square().mean().backward();
            std::vector<at::Tensor> all;
            for (const at::Tensor& parameter : encoder->parameters()) {
                CHECK(parameter.grad().scalar_type() == at::kFloat);
                all.push_back(parameter.grad().clone().flatten());
            }
            return at::cat(all);
        };
        const at::Tensor exact = gradients(at::kFloat), rounded = gradients(at::kBFloat16);
        INFO(name);
        CHECK(((rounded - exact).norm() / exact.norm()).item<double>() < 0.1);
    }
}

TEST_CASE("ResNet3D, starts with blocks that nearly hand on their input") {
    at::NoGradGuard noGrad;
    const auto encoder = make("resnet3d", 32);
    at::Tensor before, after;
    encoder->setTap([&](const std::string& layer, const at::Tensor& map) {
        if (layer == "block1") before = map.clone();
        if (layer == "block2") after = map.clone();
        return map;
    });
    (void)encoder->features(volumes(2, 32));
    CHECK(((after - before).norm() / before.norm()).item<double>() < 0.3);
}

TEST_CASE("ResNet3D, costs clearly less than RB3D") {
    CHECK(double(encoderCost(named("resnet3d"), 32).multiplyAdds) < 0.7 * double(encoderCost(named("rb3d"), 32).multiplyAdds));
    CHECK(encoderCost(named("resnet3d"), 32).parameters < 3'000'000);
}

namespace {

/// A ball about (side - 1) / 2 + offset along x, with a shell around it as a CTF makes one, so that its mean is about 0.
at::Tensor ball(std::int64_t side, double radius, double offset) {
    const at::Tensor axis = at::arange(side, at::kFloat) - double(side - 1) / 2;
    const at::Tensor r2 = axis.square().view({side, 1, 1}) + axis.square().view({1, side, 1}) + (axis - offset).square().view({1, 1, side});
    const at::Tensor density = (r2 * (-0.5 / (radius * radius))).exp() * (1 - r2 / (3 * radius * radius));
    return (density / density.norm() * std::sqrt(double(side * side * side))).view({1, 1, side, side, side});
}

}  // namespace

TEST_CASE("BandPower3D, sees a particle's size rather than its place about the middle") {
    at::NoGradGuard noGrad;
    const auto encoder = make("bandpower3d", 32);
    const at::Tensor here = encoder->embed(ball(32, 3, 0));
    const auto change = [&](double radius, double offset) { return (encoder->embed(ball(32, radius, offset)) - here).norm().item<double>(); };
    CHECK(change(3, 2) < 0.5);
    CHECK(change(2, 0) > 2 * change(3, 2));
    CHECK(change(3, 13) > 2 * change(3, 2));  // where neighbours are
}

TEST_CASE("BandPower3D, costs a fifth of RB3D") {
    CHECK(5 * encoderCost(named("bandpower3d"), 32).multiplyAdds < encoderCost(named("rb3d"), 32).multiplyAdds);
    CHECK(encoderCost(named("bandpower3d"), 32).parameters < 30'000);
}

TEST_CASE("Moments3D, maps the moments of an independent computation by its matrix") {
    at::NoGradGuard noGrad;
    constexpr std::int64_t side = baseline::kMomentsSide;
    const at::Tensor i = at::arange(side * side * side, at::kDouble);
    at::Tensor volume = (0.37 * i + 0.011 * i * i / double(side)).sin();
    volume = ((volume - volume.mean()) / volume.std(false)).to(at::kFloat).view({1, 1, side, side, side});
    const auto encoder = make("moments3d", side);
    const at::Tensor matrix = encoder->parameters()[0].to(at::kDouble);
    const at::Tensor moments = at::tensor(at::ArrayRef<double>(baseline::kMoments));
    REQUIRE(matrix.size(1) == moments.numel());
    const at::Tensor expected = matrix.mv(moments) / std::sqrt(double(moments.numel()));
    CHECK((encoder->embed(volume)[0] - expected).abs().max().item<double>() < 2e-4);
}

TEST_CASE("Moments3D, sees shape and size, but no turn") {
    at::NoGradGuard noGrad;
    const auto encoder = make("moments3d", 32);
    const at::Tensor here = encoder->embed(ball(32, 3, 2));
    const auto change = [&](const at::Tensor& volume) { return (encoder->embed(volume) - here).norm().item<double>(); };
    const at::Tensor ofAnotherSize = ball(32, 2, 2), inverted = -ball(32, 3, 2);
    CHECK(change(ball(32, 3, 2).transpose(2, 4)) < 0.01 * change(ofAnotherSize));
    CHECK(change(ball(32, 3, 2).flip({4})) < 0.1 * change(ofAnotherSize));  // the middle lies between voxels of the box
    CHECK(change(inverted) > 0.5 * change(ofAnotherSize));                  // of equal power
}
