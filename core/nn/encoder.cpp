#include "core/nn/encoder.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/custom_function.h>
#include <unistd.h>

#include <cmath>

#include "core/base/error.h"
#include "core/nn/compute.h"
#include "core/nn/encoder_families.h"

namespace tomoloupe {
namespace {

/// ReLU whose gradient also vanishes where it is negative.
struct GuidedRelu : torch::autograd::Function<GuidedRelu> {
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x) {
        at::Tensor y = at::relu(x);
        context->save_for_backward({y});
        return y;
    }
    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, const torch::autograd::variable_list& gradients) {
        const at::Tensor y = context->get_saved_variables()[0];
        return {gradients[0].clamp_min(0) * (y > 0)};
    }
};

constexpr std::int64_t kSmallestBox = 16, kLargestBox = 96;

struct Entry {
    const char* name;
    const char* whenToChoose;
    EncoderFactory* make;
};

// A new encoder is a source with a factory and a line here (and its name among the choices of EncoderOptions).
constexpr Entry kEncoders[] = {
    {"rb3d", "the paper's network: the one to compare published figures with", makeRb3d},
    {"rb3d-a", "RB3D as first published (Che et al. 2018): narrow, with a large connected layer", makeRb3dA},
    {"rb3d-b", "RB3D without connected layers, 64 wide: few weights, any box with one model", makeRb3dB},
    {"rb3d-c", "RB3D without connected layers, 32 wide: the smallest", makeRb3dC},
    {"cb3d", "the largest, from video recognition: only with a GPU, to compare", makeCb3d},
    {"dsrf3d-v2", "plain convolutions in pairs: slow without a GPU, to compare", makeDsrf3dV2},
    {"resnet3d", "the modern one: residual, normalised, cheap enough for a laptop, any box with one model", makeResnet3d},
    {"bandpower3d", "for small sets: learnt filters alone, any box with one model", makeBandPower3d},
    {"moments3d", "for few labels and small sets: what no turn changes, by one learnt matrix; the surest there, any box with one model", makeMoments3d},
};

const Entry& find(const std::string& name) {
    std::string names;
    for (const Entry& entry : kEncoders) {
        if (name == entry.name) return entry;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", entry.name);
    }
    throw InvalidOptions(fmt::format("There is no encoder \"{}\"; try one of {}", name, names));
}

/// Connected layers grow with the cube of the box: better a sentence than a process that the system ends.
void checkMemory(const EncoderOptions& options, std::int64_t boxSize) {
    const double needed = double(encoderCost(options, boxSize).parameters) * sizeof(float);
    const double present = double(::sysconf(_SC_PHYS_PAGES)) * double(::sysconf(_SC_PAGESIZE));
    if (needed < present) return;
    constexpr double kGigabyte = 1e9;
    throw InvalidOptions(fmt::format("The weights of the encoder {} need {:.1f} GB for boxes of {} voxels, and this computer has {:.1f}; "
                                     "choose resnet3d or rb3d-b, whose weights do not grow with the box, or bin the particles",
                                     options.name, needed / kGigabyte, boxSize, present / kGigabyte));
}

}  // namespace

at::Tensor Encoder::rectified(const at::Tensor& x) const {
    if (guided_) return GuidedRelu::apply(x);
    return tap_ ? at::relu(x) : at::Tensor(x).relu_();
}

at::Tensor Encoder::dropout(const at::Tensor& x, double probability) {
    if (!is_training() || probability <= 0) return x;
    const double kept = 1 - probability;
    return x * at::empty_like(x, x.options().requires_grad(false)).bernoulli_(kept, generator_).div_(kept);
}

std::vector<EncoderKind> encoderKinds() {
    std::vector<EncoderKind> kinds;
    for (const Entry& entry : kEncoders) kinds.push_back({entry.name, entry.whenToChoose});
    return kinds;
}

std::shared_ptr<Encoder> makeEncoder(const EncoderOptions& options, std::int64_t boxSize, std::uint64_t seed,
                                     const at::Device& device) {
    const Entry& entry = find(options.name);
    checkMemory(options, boxSize);
    // Weights are drawn on the CPU: the same on every device.
    std::shared_ptr<Encoder> encoder = entry.make(options, boxSize, makeGenerator(at::kCPU, seed));
    encoder->to(device);
    encoder->setGenerator(makeGenerator(device, seed));
    return encoder;
}

EncoderCost encoderCost(const EncoderOptions& options, std::int64_t boxSize) {
    const Entry& entry = find(options.name);
    if (boxSize < kSmallestBox || boxSize > kLargestBox)
        throw InvalidOptions(fmt::format("The encoder {} takes boxes of {} to {} voxels; these have {}. Extract the particles with "
                                         "another box size or binning", options.name, kSmallestBox, kLargestBox, boxSize));
    at::NoGradGuard noGrad;
    const auto shapes = entry.make(options, boxSize, at::Generator());
    shapes->eval();
    const at::Tensor volume = at::empty({1, 1, boxSize, boxSize, boxSize}, at::TensorOptions().device(at::kMeta));
    if (shapes->embed(volume).size(1) != shapes->embedSize())
        throw Error(fmt::format("The encoder {} announces vectors of another length than it makes", options.name));
    return {parameterCount(*shapes), shapes->multiplyAdds()};
}

Standardisation::Standardisation(std::int64_t in) : mean(at::zeros({in})), scale(at::ones({1})) {}

at::Tensor Standardisation::applied(const at::Tensor& x) const { return (x - mean) * scale; }

void Standardisation::fit(const at::Tensor& examples, double squaredLength) const {
    at::NoGradGuard noGrad;
    at::Tensor(mean).copy_(examples.mean(0));
    const double current = (examples - mean).square().sum(1).mean().item<double>();
    at::Tensor(scale).fill_(current > 0 ? std::sqrt(squaredLength / current) : 1.0);
}

LinearHead::LinearHead(std::int64_t in, std::int64_t out, const at::Generator& generator)
    : weight_(register_parameter("weight", at::empty({out, in}).normal_(0, 1 / std::sqrt(double(in)), generator))),
      bias_(register_parameter("bias", at::zeros({out}))), input_(in) {
    input_.mean = register_buffer("mean", input_.mean);
    input_.scale = register_buffer("scale", input_.scale);
}

at::Tensor LinearHead::forward(const at::Tensor& x) const { return at::linear(standardised(x), weight_, bias_); }

std::int64_t parameterCount(const torch::nn::Module& module) {
    std::int64_t count = 0;
    for (const at::Tensor& parameter : module.parameters()) count += parameter.numel();
    return count;
}

}  // namespace tomoloupe
