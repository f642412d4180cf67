#pragma once

#include <array>
#include <string>

#include "core/nn/encoder.h"

namespace tomoloupe {

/// Parameters of one layer: convolution [out, in, k, k, k], connected layer [out, in] or normalisation [channels]; bias [out].
struct Layer {
    at::Tensor weight, bias;
};

/// The layers that encoders are built of. Maps are [N, C, D, H, W] in precision(), vectors [N, C]. Without a generator the encoder
/// has shapes alone (parameters on the meta device): it computes nothing and counts what it would compute.
class LayeredEncoder : public Encoder {
  public:
    /// Multiplications with an addition in convolutions and connected layers so far; counted where there are shapes alone.
    [[nodiscard]] std::int64_t multiplyAdds() const { return multiplyAdds_; }

  protected:
    using Window = std::array<std::int64_t, 3>;  // along D, H, W

    explicit LayeredEncoder(const at::Generator& generator) : Encoder(generator) {}

    /// Parameters `name`_weight and `name`_bias. Weights are normal with the variance of He et al. 2015 (fan-in), which keeps the
    /// size of rectified features from layer to layer; biases are 0.
    [[nodiscard]] Layer convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel);
    /// Weights of variance 1; connectedRectified() has the factor of He et al.
    [[nodiscard]] Layer connected(const std::string& name, std::int64_t in, std::int64_t out);
    [[nodiscard]] Layer normalisation(const std::string& name, std::int64_t channels, double scale = 1);

    [[nodiscard]] at::Tensor input(const at::Tensor& volumes) const { return volumes.to(precision()); }
    /// "Same" padding; with a stride s a side becomes ceil(side / s).
    [[nodiscard]] at::Tensor convolved(const Layer& layer, const at::Tensor& x, std::int64_t stride = 1);
    /// Convolution, max-pool, ReLU. Rectifying after the pooling gives the same and touches an eighth of the voxels.
    [[nodiscard]] at::Tensor convolvedPooled(const Layer& layer, const at::Tensor& x, Window window = {2, 2, 2});
    [[nodiscard]] at::Tensor maxPooled(const at::Tensor& x, Window window) const;
    /// Mean over 2^3 voxels, over fewer where the side is odd: a side becomes ceil(side / 2).
    [[nodiscard]] at::Tensor halved(const at::Tensor& x) const;
    /// Mean over the parts of a grid of `side`^3, [N, C * side^3].
    [[nodiscard]] at::Tensor averaged(const at::Tensor& x, std::int64_t side) const;
    /// Mean over space, weighted by a Gaussian about the middle of the box whose standard deviation is a quarter of the side; [N, C].
    [[nodiscard]] at::Tensor averagedAboutCentre(const at::Tensor& x) const;
    /// Group normalisation (Wu and He 2018).
    [[nodiscard]] at::Tensor normalised(const Layer& layer, const at::Tensor& x, std::int64_t groups) const;
    /// A Gaussian about the middle of the box whose standard deviation is this part of the side; sums to 1; [side^3].
    [[nodiscard]] static at::Tensor centredWindow(std::int64_t side, double deviation, const at::TensorOptions& options);
    /// In float32.
    [[nodiscard]] at::Tensor connectedLinear(const Layer& layer, const at::Tensor& x);
    void countMultiplyAdds(std::int64_t count) { multiplyAdds_ += count; }
    /// On the CPU in float32, elsewhere in the precision of `x`.
    [[nodiscard]] at::Tensor connectedRectified(const Layer& layer, const at::Tensor& x);

  private:
    [[nodiscard]] Layer registered(const std::string& name, at::IntArrayRef shape, double deviation);
    std::int64_t multiplyAdds_ = 0;
};

}  // namespace tomoloupe
