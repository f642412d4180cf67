#pragma once

#include <memory>

#include "core/ssl/pretrain_method.h"

namespace tomoloupe {

/// Logits of InfoNCE (He et al. 2020, equation 1), the positive in column 0: [q.k / t, q.queue / t]. `q`, `k` [N, C] and `queue`
/// [C, K] hold unit vectors.
[[nodiscard]] at::Tensor infoNceLogits(const at::Tensor& q, const at::Tensor& k, const at::Tensor& queue, double temperature);

/// Momentum contrast with a queue of keys (He et al. 2020). Two augmented views of each volume; the key encoder is a slow copy.
class Moco : public PretrainMethod {
  public:
    /// `options` resolved.
    Moco(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device);

    [[nodiscard]] const std::shared_ptr<Encoder>& encoder() const override { return query_; }
    [[nodiscard]] std::vector<at::Tensor> embedParameters() const override;
    [[nodiscard]] std::vector<Follower> followers() const override;
    [[nodiscard]] double followerMomentum(const StepPosition& /*position*/) const override { return options_.momentum; }
    [[nodiscard]] Embeddings embed(const at::Tensor& volumes, std::uint64_t seed, std::int64_t first) override;
    [[nodiscard]] LossValue loss(const Embeddings& batch) override;
    void afterStep() override;
    [[nodiscard]] NamedTensors state() const override;

  private:
    PretrainOptions options_;
    at::Device device_;
    std::shared_ptr<Encoder> query_, key_;
    std::shared_ptr<LinearHead> queryHead_, keyHead_;
    at::Tensor queue_;     // [C, K], unit columns
    at::Tensor position_;  // int64 scalar: next column to be replaced
    at::Tensor lastKeys_;  // [N, C] of the current step
};

}  // namespace tomoloupe
