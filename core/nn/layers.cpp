#include "core/nn/layers.h"

#include <ATen/ATen.h>

#include <cmath>

#include "core/nn/fused_pooling.h"

namespace tomoloupe {
namespace {

bool onCpu(const at::Tensor& x) { return x.device().is_cpu(); }

/// LibTorch 1.13 has no 3D pooling of bfloat16 on the CPU.
template <typename Pooling>
at::Tensor inFloatOnCpu(const at::Tensor& x, Pooling&& pooling) {
    return onCpu(x) ? pooling(x.to(at::kFloat)).to(x.scalar_type()) : pooling(x);
}

at::Tensor shapeOnly(const at::Tensor& like, std::int64_t channels, std::array<std::int64_t, 3> sides) {
    return at::empty({like.size(0), channels, sides[0], sides[1], sides[2]}, like.options());
}

}  // namespace

Layer LayeredEncoder::registered(const std::string& name, at::IntArrayRef shape, double deviation) {
    const bool shapesAlone = !generator().defined();
    const auto options = at::TensorOptions().device(shapesAlone ? at::kMeta : at::kCPU);
    at::Tensor weight = at::empty(shape, options), bias = at::empty({shape[0]}, options);
    if (!shapesAlone) {
        weight.normal_(0, deviation, generator());
        bias.zero_();
    }
    return {register_parameter(name + "_weight", weight), register_parameter(name + "_bias", bias)};
}

Layer LayeredEncoder::convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel) {
    return registered(name, {out, in, kernel, kernel, kernel}, std::sqrt(2.0 / double(in * kernel * kernel * kernel)));
}

Layer LayeredEncoder::connected(const std::string& name, std::int64_t in, std::int64_t out) { return registered(name, {out, in}, 1); }

Layer LayeredEncoder::normalisation(const std::string& name, std::int64_t channels, double scale) {
    Layer layer = registered(name, {channels}, 0);
    at::NoGradGuard noGrad;
    layer.weight.fill_(scale);
    return layer;
}

at::Tensor LayeredEncoder::convolved(const Layer& layer, const at::Tensor& x, std::int64_t stride) {
    const std::int64_t kernel = layer.weight.size(2), pad = kernel / 2;
    if (x.is_meta()) {
        const auto side = [&](int axis) { return (x.size(axis) - 1) / stride + 1; };
        const at::Tensor y = shapeOnly(x, layer.weight.size(0), {side(2), side(3), side(4)});
        multiplyAdds_ += y.numel() * layer.weight[0].numel();
        return y;
    }
    return at::conv3d(x, layer.weight.to(x.scalar_type()), layer.bias.to(x.scalar_type()), stride, {pad, pad, pad});
}

at::Tensor LayeredEncoder::convolvedPooled(const Layer& layer, const at::Tensor& x, Window window) {
    const bool fused = window == Window{2, 2, 2} && onCpu(x) && mayFuse();
    if (fused && fusesConvolution(x, layer.weight)) return convolvedPooledRectified(x, layer.weight, layer.bias).to(precision());
    const at::Tensor y = convolved(layer, x);
    return fused ? pooledRectified(y) : rectified(maxPooled(y, window));
}

at::Tensor LayeredEncoder::maxPooled(const at::Tensor& x, Window window) const {
    if (x.is_meta()) return shapeOnly(x, x.size(1), {x.size(2) / window[0], x.size(3) / window[1], x.size(4) / window[2]});
    return inFloatOnCpu(x, [&](const at::Tensor& map) { return at::max_pool3d(map, window); });
}

at::Tensor LayeredEncoder::halved(const at::Tensor& x) const {
    return inFloatOnCpu(x, [](const at::Tensor& map) {
        return at::avg_pool3d(map, /*kernel_size=*/2, /*stride=*/2, /*padding=*/0, /*ceil_mode=*/true, /*count_include_pad=*/false);
    });
}

at::Tensor LayeredEncoder::averaged(const at::Tensor& x, std::int64_t side) const {
    if (side == 1) return x.flatten(2).mean(2);
    if (x.is_meta()) return shapeOnly(x, x.size(1), {side, side, side}).flatten(1);
    return inFloatOnCpu(x, [&](const at::Tensor& map) { return at::adaptive_avg_pool3d(map, {side, side, side}); }).flatten(1);
}

namespace {

at::Tensor centredGaussian(std::int64_t side, double deviation, const at::TensorOptions& options) {
    const at::Tensor place = (at::arange(side, options) + 0.5) / double(side) - 0.5;
    return at::softmax(place.square() * (-0.5 / (deviation * deviation)), 0);
}

}  // namespace

at::Tensor LayeredEncoder::centredWindow(std::int64_t side, double deviation, const at::TensorOptions& options) {
    const at::Tensor line = centredGaussian(side, deviation, options);
    return (line.view({-1, 1, 1}) * line.view({1, -1, 1}) * line).flatten();
}

at::Tensor LayeredEncoder::averagedAboutCentre(const at::Tensor& x) const {
    if (x.is_meta()) return averaged(x, 1);
    constexpr double kDeviation = 0.25;  // of the side: what lies beyond a particle that is centred to a quarter hardly counts
    at::Tensor mean = x;
    for (int axis = 0; axis < 3; ++axis) {  // the Gaussian is a product: one axis after the other, the first that is left
        mean = at::tensordot(mean, centredGaussian(mean.size(2), kDeviation, x.options()), {2}, {0});
    }
    return mean;
}

at::Tensor LayeredEncoder::normalised(const Layer& layer, const at::Tensor& x, std::int64_t groups) const {
    if (x.is_meta()) return at::empty_like(x);
    return at::group_norm(x, groups, layer.weight.to(x.scalar_type()), layer.bias.to(x.scalar_type()));
}

at::Tensor LayeredEncoder::connectedLinear(const Layer& layer, const at::Tensor& x) {
    if (x.is_meta()) multiplyAdds_ += x.size(0) * layer.weight.numel();
    return at::linear(x.to(at::kFloat) / std::sqrt(double(layer.weight.size(1))), layer.weight, layer.bias);  // as below, without a rectifier
}

at::Tensor LayeredEncoder::connectedRectified(const Layer& layer, const at::Tensor& x) {
    // Weights of size 1 and the factor of He et al. 2015 outside (Jacot et al. 2018): with 32768 inputs a step of Adam would
    // otherwise move every output by far more than its spread, and all particles in the same way.
    const double factor = std::sqrt(2.0 / double(layer.weight.size(1)));
    const at::ScalarType type = onCpu(x) ? at::kFloat : x.scalar_type();
    if (x.is_meta()) multiplyAdds_ += x.size(0) * layer.weight.numel();
    return rectified(at::linear(x.to(type) * factor, layer.weight.to(type), layer.bias.to(type)));
}

}  // namespace tomoloupe
