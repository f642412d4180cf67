#pragma once

#include <vector>

#include "core/nn/encoder.h"

namespace tomoloupe {

/// RB3D (Che et al. 2018) as used by Gupta et al. 2022: 3^3 conv 1->32, pool, 3^3 conv 32->64, pool, four concatenating blocks of
/// width 64, flatten, two fully connected layers of 1024. All convolutions stride 1, "same", with bias; no normalisation layers.
/// Where sources differ see docs/method.md.
class Rb3d : public Encoder {
  public:
    Rb3d(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator);

    [[nodiscard]] at::Tensor features(const at::Tensor& volumes) override;
    [[nodiscard]] at::Tensor embedFeatures(const at::Tensor& features) override;
    [[nodiscard]] std::int64_t embedSize() const override { return kEmbed; }
    [[nodiscard]] std::vector<std::string> layerNames() const override;

  private:
    struct Layer {
        at::Tensor weight, bias;
    };
    /// Left: 1^3, 3^3, 1^3 then dropout; right: one 3^3. Joined along the channels.
    struct Block {
        Layer reduce, widen, project, right;
    };

    static constexpr std::int64_t kEmbed = 1024;
    Layer convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel);
    Layer linear(const std::string& name, std::int64_t in, std::int64_t out);
    /// Rectified.
    [[nodiscard]] at::Tensor connected(const Layer& layer, const at::Tensor& x) const;
    [[nodiscard]] at::Tensor apply(const Block& block, const at::Tensor& x);

    double dropout_;
    Layer stem1_, stem2_;
    std::vector<Block> blocks_;
    Layer fc1_, fc2_;
};

}  // namespace tomoloupe
