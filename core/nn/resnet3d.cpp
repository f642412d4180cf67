#include <ATen/ATen.h>

#include "core/nn/encoder_families.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kStem = 32;
constexpr std::int64_t kEmbed = 512;
constexpr std::int64_t kGroups = 8;
/// Scale of a block's branch at the start: the block nearly hands on its input, yet gradients reach every weight.
constexpr double kBranchScale = 0.2;

struct Step {
    const char* name;
    std::int64_t width, stride;
};
constexpr std::array<Step, 4> kSteps{{{"block1", 64, 2}, {"block2", 64, 1}, {"block3", 128, 2}, {"block4", 128, 1}}};

/// A residual network (He et al. 2016) of two 3^3 convolutions a block with group normalisation (Wu and He 2018), whose stem is RB3D's.
/// A shortcut that changes size averages over 2^3 voxels before its 1^3 convolution (He et al. 2019, "ResNet-D"). A 1^3 convolution
/// widens the last map, whose mean over space is the representation.
class Resnet3d : public LayeredEncoder {
  public:
    Resnet3d(const EncoderOptions& options, const at::Generator& generator) : LayeredEncoder(generator), dropout_(options.dropout) {
        stem_ = convolution("stem", 1, kStem, 3);
        std::int64_t in = kStem;
        for (const Step& step : kSteps) {
            const std::string name = step.name;
            Block block{.stride = step.stride,
                        .first = convolution(name + "_first", in, step.width, 3),
                        .firstNorm = normalisation(name + "_first_norm", step.width),
                        .second = convolution(name + "_second", step.width, step.width, 3),
                        .secondNorm = normalisation(name + "_second_norm", step.width, kBranchScale),
                        .shortcut = {},
                        .shortcutNorm = {}};
            if (in != step.width) {
                block.shortcut = convolution(name + "_shortcut", in, step.width, 1);
                block.shortcutNorm = normalisation(name + "_shortcut_norm", step.width);
            }
            blocks_.push_back(block);
            in = step.width;
        }
        widen_ = convolution("widen", in, kEmbed, 1);
        widenNorm_ = normalisation("widen_norm", kEmbed);
    }

    at::Tensor features(const at::Tensor& volumes) override {
        at::Tensor x = tapped("stem", convolvedPooled(stem_, input(volumes)));  // [N, 32, D/2, H/2, W/2]
        for (std::size_t i = 0; i < blocks_.size(); ++i) x = tapped(kSteps[i].name, apply(blocks_[i], x));
        return tapped("widen", rectified(normalised(widenNorm_, convolved(widen_, x), kGroups)));  // [N, 512, D/8, H/8, W/8]
    }

    at::Tensor embedFeatures(const at::Tensor& features) override {
        return dropout(averaged(features.to(at::kFloat), 1), dropout_);
    }

    std::int64_t embedSize() const override { return kEmbed; }

    std::vector<std::string> layerNames() const override {
        std::vector<std::string> names{"stem"};
        for (const Step& step : kSteps) names.emplace_back(step.name);
        names.emplace_back("widen");
        return names;
    }

    bool takesAnyBox() const override { return true; }

  private:
    struct Block {
        std::int64_t stride;
        Layer first, firstNorm, second, secondNorm;
        Layer shortcut, shortcutNorm;  ///< undefined where input and output have one size
    };

    at::Tensor apply(const Block& block, const at::Tensor& x) {
        at::Tensor branch = rectified(normalised(block.firstNorm, convolved(block.first, x, block.stride), kGroups));
        branch = normalised(block.secondNorm, convolved(block.second, branch), kGroups);
        if (!block.shortcut.weight.defined()) return rectified(x + branch);
        return rectified(normalised(block.shortcutNorm, convolved(block.shortcut, halved(x)), kGroups) + branch);
    }

    double dropout_;
    Layer stem_;
    std::vector<Block> blocks_;
    Layer widen_, widenNorm_;
};

}  // namespace

std::shared_ptr<LayeredEncoder> makeResnet3d(const EncoderOptions& options, std::int64_t, const at::Generator& generator) {
    return std::make_shared<Resnet3d>(options, generator);
}

}  // namespace tomoloupe
