#pragma once

#include "core/ssl/losses.h"
#include "core/ssl/projection.h"
#include "core/ssl/vector_queue.h"

namespace tomoloupe {

/// Momentum contrast with a queue of keys (He et al. 2020; with the head "mlp" Chen et al. 2020b, "v2"). Two augmented views of each
/// volume; the key branch is a slow copy.
class Moco : public PretrainMethod {
  public:
    /// `options` resolved.
    Moco(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device);

    [[nodiscard]] const std::shared_ptr<Encoder>& encoder() const override { return query_.encoder; }
    [[nodiscard]] std::vector<at::Tensor> embedParameters() const override { return query_.parameters(); }
    void standardiseHeads(const at::Tensor& representations) override {
        query_.head->standardiseInput(representations);
        key_.head->standardiseInput(representations);
    }
    [[nodiscard]] std::vector<Follower> followers() const override { return followersOf(query_, key_); }
    [[nodiscard]] double followerMomentum(const StepPosition& /*position*/) const override { return options_.momentum; }
    [[nodiscard]] Embeddings embed(const at::Tensor& volumes, std::uint64_t seed, std::int64_t first) override;
    [[nodiscard]] LossValue loss(const Embeddings& batch) override;
    void afterStep() override { queue_.push(lastKeys_); }
    [[nodiscard]] NamedTensors state() const override;

  private:
    PretrainOptions options_;
    at::Device device_;
    Branch query_, key_;
    VectorQueue queue_;    // [K, C], unit rows
    at::Tensor lastKeys_;  // [N, C] of the current step
};

}  // namespace tomoloupe
