#include "core/nn/encoder.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "core/base/error.h"
#include "core/nn/compute.h"
#include "core/nn/rb3d.h"

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

std::shared_ptr<Encoder> makeEncoder(const EncoderOptions& options, std::int64_t boxSize, std::uint64_t seed,
                                     const at::Device& device) {
    if (options.name != "rb3d") throw InvalidOptions(fmt::format("There is no encoder \"{}\"; try rb3d", options.name));
    if (boxSize < 16 || boxSize > 96)
        throw InvalidOptions(fmt::format("Encoders take boxes of 16 to 96 voxels; these have {}", boxSize));
    // Weights are drawn on the CPU: the same on every device.
    auto encoder = std::make_shared<Rb3d>(options, boxSize, makeGenerator(at::kCPU, seed));
    encoder->to(device);
    encoder->setGenerator(makeGenerator(device, seed));
    return encoder;
}

LinearHead::LinearHead(std::int64_t in, std::int64_t out, const at::Generator& generator)
    : weight_(register_parameter("weight", at::empty({out, in}).normal_(0, 1 / std::sqrt(double(in)), generator))),
      bias_(register_parameter("bias", at::zeros({out}))), mean_(register_buffer("mean", at::zeros({in}))),
      scale_(register_buffer("scale", at::ones({1}))) {}

at::Tensor LinearHead::forward(const at::Tensor& x) const { return at::linear(standardised(x), weight_, bias_); }

at::Tensor LinearHead::standardised(const at::Tensor& x) const { return (x - mean_) * scale_; }

void LinearHead::standardiseInput(const at::Tensor& examples) {
    at::NoGradGuard noGrad;
    mean_.copy_(examples.mean(0));
    const double squaredLength = (examples - mean_).square().sum(1).mean().item<double>();
    scale_.fill_(squaredLength > 0 ? 1 / std::sqrt(squaredLength) : 1.0);
}

std::int64_t parameterCount(const torch::nn::Module& module) {
    std::int64_t count = 0;
    for (const at::Tensor& parameter : module.parameters()) count += parameter.numel();
    return count;
}

}  // namespace tomoloupe
