#include "core/nn/rb3d.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

namespace tomoloupe {
namespace {

constexpr std::int64_t kStem = 32;
constexpr std::int64_t kWidth = 64;
constexpr int kBlocks = 4;

at::Tensor same(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
    const std::int64_t pad = weight.size(2) / 2;
    return at::conv3d(x, weight.to(x.scalar_type()), bias.to(x.scalar_type()), /*stride=*/1, /*padding=*/{pad, pad, pad});
}

}  // namespace

Rb3d::Rb3d(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator)
    : Encoder(generator), dropout_(options.dropout) {
    stem1_ = convolution("stem1", 1, kStem, 3);
    stem2_ = convolution("stem2", kStem, kWidth, 3);
    for (int i = 0; i < kBlocks; ++i) {
        const std::string name = fmt::format("block{}_", i + 1);
        blocks_.push_back({convolution(name + "reduce", kWidth, kWidth / 2, 1), convolution(name + "widen", kWidth / 2, kWidth, 3),
                           convolution(name + "project", kWidth, kWidth / 2, 1), convolution(name + "right", kWidth, kWidth / 2, 3)});
    }
    const std::int64_t side = boxSize / 2 / 2;
    fc1_ = linear("fc1", kWidth * side * side * side, kEmbed);
    fc2_ = linear("fc2", kEmbed, kEmbed);
}

Rb3d::Layer Rb3d::convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel) {
    // He et al. 2015, fan-in: keeps the variance of rectified features from layer to layer, which no normalisation does here.
    const double deviation = std::sqrt(2.0 / double(in * kernel * kernel * kernel));
    return {register_parameter(name + "_weight", at::empty({out, in, kernel, kernel, kernel}).normal_(0, deviation, generator())),
            register_parameter(name + "_bias", at::zeros({out}))};
}

Rb3d::Layer Rb3d::linear(const std::string& name, std::int64_t in, std::int64_t out) {
    return {register_parameter(name + "_weight", at::empty({out, in}).normal_(0, 1, generator())),
            register_parameter(name + "_bias", at::zeros({out}))};
}

at::Tensor Rb3d::connected(const Layer& layer, const at::Tensor& x) const {
    // Weights of size 1 and the factor of He et al. 2015 outside (Jacot et al. 2018): with 32768 inputs a step of Adam would
    // otherwise move every output by far more than its spread, and all particles in the same way.
    const double factor = std::sqrt(2.0 / double(layer.weight.size(1)));
    return rectified(at::linear(x * factor, layer.weight, layer.bias));
}

at::Tensor Rb3d::apply(const Block& block, const at::Tensor& x) {
    at::Tensor left = rectified(same(x, block.reduce.weight, block.reduce.bias));
    left = rectified(same(left, block.widen.weight, block.widen.bias));
    left = dropout(same(left, block.project.weight, block.project.bias), dropout_);
    const at::Tensor right = rectified(same(x, block.right.weight, block.right.bias));
    return rectified(at::cat({left, right}, 1));
}

std::vector<std::string> Rb3d::layerNames() const { return {"stem1", "stem2", "block1", "block2", "block3", "block4"}; }

at::Tensor Rb3d::features(const at::Tensor& volumes) {
    // Rectifying after the pooling gives the same and touches an eighth of the voxels.
    at::Tensor x = volumes.to(precision());
    x = tapped("stem1", rectified(at::max_pool3d(same(x, stem1_.weight, stem1_.bias), 2)));  // [N, 32, D/2, H/2, W/2]
    x = tapped("stem2", rectified(at::max_pool3d(same(x, stem2_.weight, stem2_.bias), 2)));  // [N, 64, D/4, H/4, W/4]
    constexpr const char* kNames[] = {"block1", "block2", "block3", "block4"};
    for (std::size_t i = 0; i < blocks_.size(); ++i) x = tapped(kNames[i], apply(blocks_[i], x));
    return x;
}

at::Tensor Rb3d::embedFeatures(const at::Tensor& features) {
    at::Tensor x = dropout(connected(fc1_, features.flatten(1).to(at::kFloat)), dropout_);
    return dropout(connected(fc2_, x), dropout_);
}

}  // namespace tomoloupe
