#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <vector>

#include "core/ssl/pretrain_method.h"

namespace tomoloupe {

/// The layers between representation and compared vectors, [N, in] -> [N, out]: one connected layer, or two with a ReLU between.
/// Float32; no statistics over the batch (docs/method.md says why).
class Projection : public torch::nn::Module {
  public:
    /// `hidden` 0: one layer.
    Projection(std::int64_t in, std::int64_t hidden, std::int64_t out, const at::Generator& generator);
    [[nodiscard]] at::Tensor forward(const at::Tensor& x) const;
    void standardiseInput(const at::Tensor& examples) const { input_.fit(examples, double(examples.size(1))); }

  private:
    Standardisation input_;
    at::Tensor hiddenWeight_, hiddenBias_, weight_, bias_;
};

/// A head by the options, weights drawn on the CPU. Hidden layers are as wide as `in`.
[[nodiscard]] std::shared_ptr<Projection> makeProjection(const PretrainOptions& options, std::int64_t in, std::uint64_t seed,
                                                         const at::Device& device);

/// An encoder and its head.
struct Branch {
    std::shared_ptr<Encoder> encoder;
    std::shared_ptr<Projection> head;

    /// From views [N, 1, D, H, W] to vectors [N, C].
    [[nodiscard]] at::Tensor vectors(const at::Tensor& views) const { return head->forward(encoder->embed(views)); }
    [[nodiscard]] std::vector<at::Tensor> parameters() const;
};

/// The same weights for the same seed.
[[nodiscard]] Branch makeBranch(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device);
/// One that no gradient reaches, to follow another.
[[nodiscard]] Branch makeSlowBranch(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device);
[[nodiscard]] std::vector<Follower> followersOf(const Branch& branch, const Branch& slow);

/// Two augmented views of each volume, one after the other, [2N, 1, D, H, W].
[[nodiscard]] at::Tensor twoViews(const at::Tensor& volumes, const AugmentationOptions& options, std::uint64_t seed, std::int64_t first);

void appendState(NamedTensors& all, const torch::nn::Module& module, const std::string& prefix);

}  // namespace tomoloupe
