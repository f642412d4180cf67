#pragma once

#include <torch/nn/module.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/recipe/learning.h"

namespace tomoloupe {

/// A network that turns subtomograms into vectors. Input [N, 1, D, H, W], standardised per volume, D along the beam (z).
/// Weights are drawn from the generator given at construction; dropout draws from the same kind of generator, set anew for
/// each step with `setGenerator`, so that a run can be repeated and resumed exactly.
class Encoder : public torch::nn::Module {
  public:
    /// Sees the output of a named layer and may put another tensor in its place.
    using Tap = std::function<at::Tensor(const std::string& layer, const at::Tensor& map)>;

    /// The map that the representation is made from: output of the last block, [N, C, d, h, w].
    [[nodiscard]] virtual at::Tensor features(const at::Tensor& volumes) = 0;
    /// From features to the representation, float32 [N, embedSize()].
    [[nodiscard]] virtual at::Tensor embedFeatures(const at::Tensor& features) = 0;
    [[nodiscard]] virtual std::int64_t embedSize() const = 0;
    /// Layers a tap sees, all of them maps [N, C, d, h, w], from the input on; explanations look at the last unless told otherwise.
    [[nodiscard]] virtual std::vector<std::string> layerNames() const = 0;
    /// Whether one set of weights takes boxes of every size.
    [[nodiscard]] virtual bool takesAnyBox() const { return false; }

    [[nodiscard]] at::Tensor embed(const at::Tensor& volumes) { return embedFeatures(features(volumes)); }
    void setGenerator(const at::Generator& generator) { generator_ = generator; }
    /// Type that convolutions compute in (float32 or bfloat16); weights, gradients and the representation stay float32.
    void setPrecision(at::ScalarType type) { precision_ = type; }
    [[nodiscard]] at::ScalarType precision() const { return precision_; }
    /// Empty: none.
    void setTap(Tap tap) { tap_ = std::move(tap); }
    /// From now on gradients pass a rectifier only where they are positive, as guided backpropagation wants (Springenberg et al. 2015).
    void setGuided(bool on) { guided_ = on; }
    /// Computes by LibTorch's own operators alone, to compare with.
    void setPlain(bool on) { plain_ = on; }

  protected:
    explicit Encoder(at::Generator generator) : generator_(std::move(generator)) {}
    /// Inverted dropout (Srivastava et al. 2014) from this encoder's generator; identity in eval mode.
    [[nodiscard]] at::Tensor dropout(const at::Tensor& x, double probability);
    [[nodiscard]] const at::Generator& generator() const { return generator_; }
    /// Every map named in layerNames() goes through here.
    [[nodiscard]] at::Tensor tapped(const char* layer, const at::Tensor& map) const { return tap_ ? tap_(layer, map) : map; }
    [[nodiscard]] bool isWatched() const { return static_cast<bool>(tap_); }
    /// Whether layers may be computed in one pass that hides what lies between.
    [[nodiscard]] bool mayFuse() const { return !guided_ && !plain_; }
    /// ReLU; overwrites `x` where nothing looks at it.
    [[nodiscard]] at::Tensor rectified(const at::Tensor& x) const;

  private:
    at::Generator generator_;
    at::ScalarType precision_ = at::kFloat;
    Tap tap_;
    bool guided_ = false, plain_ = false;
};

/// An encoder on `device` for cubic boxes of `boxSize`. Throws InvalidOptions for an unknown name or a box it cannot take.
[[nodiscard]] std::shared_ptr<Encoder> makeEncoder(const EncoderOptions& options, std::int64_t boxSize, std::uint64_t seed,
                                                   const at::Device& device);

struct EncoderKind {
    std::string name, whenToChoose;
};
/// All encoders there are.
[[nodiscard]] std::vector<EncoderKind> encoderKinds();

/// What an encoder takes, without the layer that follows it.
struct EncoderCost {
    std::int64_t parameters = 0;
    std::int64_t multiplyAdds = 0;  ///< of the convolutions and connected layers, one volume forward
};

/// Counted by the encoder's own layers on shapes alone, without memory or arithmetic. Throws InvalidOptions as makeEncoder does.
[[nodiscard]] EncoderCost encoderCost(const EncoderOptions& options, std::int64_t boxSize);

/// Two constants that shift and scale representations [N, in]; they do nothing until `fit`.
struct Standardisation {
    at::Tensor mean, scale;  ///< [in], [1]
    explicit Standardisation(std::int64_t in);
    [[nodiscard]] at::Tensor applied(const at::Tensor& x) const;
    /// From now on these examples [N, in] have mean 0 and this mean squared length. Representations of all particles share most of their
    /// direction, at random weights as after learning that compares directions alone, and their size is undetermined.
    void fit(const at::Tensor& examples, double squaredLength = 1) const;
};

/// A fully connected layer from representation to class scores, [N, in] -> [N, out], on standardised input.
class LinearHead : public torch::nn::Module {
  public:
    LinearHead(std::int64_t in, std::int64_t out, const at::Generator& generator);
    [[nodiscard]] at::Tensor forward(const at::Tensor& x) const;
    [[nodiscard]] at::Tensor standardised(const at::Tensor& x) const { return input_.applied(x); }
    [[nodiscard]] const at::Tensor& weight() const { return weight_; }  ///< [out, in]
    [[nodiscard]] const at::Tensor& bias() const { return bias_; }
    void standardiseInput(const at::Tensor& examples) const { input_.fit(examples); }

  private:
    at::Tensor weight_, bias_;
    Standardisation input_;
};

[[nodiscard]] std::int64_t parameterCount(const torch::nn::Module& module);

}  // namespace tomoloupe
