#include <ATen/ATen.h>
#include <fmt/format.h>

#include "core/nn/encoder_families.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kStem = 32;
constexpr std::int64_t kEmbed = 1024;
constexpr std::int64_t kAverageSide = 2;
constexpr std::array kBlockNames{"block1", "block2", "block3", "block4"};

/// What published code and figures disagree on.
struct Variant {
    std::int64_t width;  ///< of the blocks; 64 with a second convolution and pooling before them
    bool connectedTail;  ///< flatten and two connected layers, or the mean over 2^3 parts
};

/// RB3D (Che et al. 2018): 3^3 conv 1->32, pool, in some variants 3^3 conv 32->64, pool, and four concatenating blocks. All
/// convolutions stride 1, "same", with bias; no normalisation layers. docs/method.md lists the variants.
class Rb3d : public LayeredEncoder {
  public:
    Rb3d(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator, Variant variant)
        : LayeredEncoder(generator), variant_(variant), dropout_(options.dropout) {
        const std::int64_t width = variant.width, half = width / 2;
        stem1_ = convolution("stem1", 1, kStem, 3);
        if (hasSecondStem()) stem2_ = convolution("stem2", kStem, width, 3);
        for (const std::string name : kBlockNames)
            blocks_.push_back({convolution(name + "_reduce", width, half, 1), convolution(name + "_widen", half, width, 3),
                               convolution(name + "_project", width, half, 1), convolution(name + "_right", width, half, 3)});
        if (!variant.connectedTail) return;
        const std::int64_t side = hasSecondStem() ? boxSize / 2 / 2 : boxSize / 2;
        fc1_ = connected("fc1", width * side * side * side, kEmbed);
        fc2_ = connected("fc2", kEmbed, kEmbed);
    }

    at::Tensor features(const at::Tensor& volumes) override {
        at::Tensor x = tapped("stem1", convolvedPooled(stem1_, input(volumes)));          // [N, 32, D/2, H/2, W/2]
        if (hasSecondStem()) x = tapped("stem2", convolvedPooled(stem2_, x));             // [N, 64, D/4, H/4, W/4]
        for (std::size_t i = 0; i < blocks_.size(); ++i) x = tapped(kBlockNames[i], apply(blocks_[i], x));
        return x;
    }

    at::Tensor embedFeatures(const at::Tensor& features) override {
        if (!variant_.connectedTail) return averaged(features, kAverageSide).to(at::kFloat);
        const at::Tensor x = dropout(connectedRectified(fc1_, features.flatten(1)), dropout_);
        return dropout(connectedRectified(fc2_, x), dropout_).to(at::kFloat);
    }

    std::int64_t embedSize() const override {
        return variant_.connectedTail ? kEmbed : variant_.width * kAverageSide * kAverageSide * kAverageSide;
    }

    std::vector<std::string> layerNames() const override {
        std::vector<std::string> names{"stem1"};
        if (hasSecondStem()) names.emplace_back("stem2");
        names.insert(names.end(), kBlockNames.begin(), kBlockNames.end());
        return names;
    }

    bool takesAnyBox() const override { return !variant_.connectedTail; }

  private:
    /// Left: 1^3, 3^3, 1^3 then dropout; right: one 3^3. Joined along the channels.
    struct Block {
        Layer reduce, widen, project, right;
    };

    bool hasSecondStem() const { return variant_.width != kStem; }

    at::Tensor apply(const Block& block, const at::Tensor& x) {
        at::Tensor left = rectified(convolved(block.reduce, x));
        left = rectified(convolved(block.widen, left));
        left = dropout(convolved(block.project, left), dropout_);
        const at::Tensor right = rectified(convolved(block.right, x));
        return rectified(at::cat({left, right}, 1));
    }

    Variant variant_;
    double dropout_;
    Layer stem1_, stem2_;
    std::vector<Block> blocks_;
    Layer fc1_, fc2_;
};

}  // namespace

std::shared_ptr<LayeredEncoder> makeRb3d(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator) {
    return std::make_shared<Rb3d>(options, boxSize, generator, Variant{.width = 64, .connectedTail = true});
}

std::shared_ptr<LayeredEncoder> makeRb3dA(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator) {
    return std::make_shared<Rb3d>(options, boxSize, generator, Variant{.width = 32, .connectedTail = true});
}

std::shared_ptr<LayeredEncoder> makeRb3dB(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator) {
    return std::make_shared<Rb3d>(options, boxSize, generator, Variant{.width = 64, .connectedTail = false});
}

std::shared_ptr<LayeredEncoder> makeRb3dC(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator) {
    return std::make_shared<Rb3d>(options, boxSize, generator, Variant{.width = 32, .connectedTail = false});
}

}  // namespace tomoloupe
