#pragma once

#include <cstdint>

#include "core/ssl/pretrain_method.h"
#include "core/train/batches.h"
#include "core/train/trainer.h"

namespace tomoloupe {

/// Pre-training over all volumes: shuffled epochs of whole batches (the rest of an epoch is left out, another one each time). Each
/// rank embeds its share of the batch; the loss over the whole batch is computed on every rank alike. Throws InvalidOptions when
/// there are fewer volumes than a batch, or ranks do not divide it.
class PretrainTask : public TrainingTask {
  public:
    /// Borrows method, volumes and world. `batchSize` counts the particles of a step on all ranks together; `chosen`: those to learn from, all
    /// when empty.
    PretrainTask(PretrainMethod& method, const VolumeBatches& volumes, std::int64_t batchSize, std::uint64_t seed,
                 World& world = aloneInTheWorld(), std::vector<std::int64_t> chosen = {});

    [[nodiscard]] std::int64_t stepsPerEpoch() const override;
    [[nodiscard]] std::int64_t particlesPerStep() const override { return share_.size; }
    [[nodiscard]] StepResult step(const StepPosition& position, const StepLimits& limits) override;
    [[nodiscard]] double followerMomentum(const StepPosition& position) const override { return method_.followerMomentum(position); }
    void afterStep() override { method_.afterStep(); }
    [[nodiscard]] NamedTensors state() const override { return method_.state(); }

    using Numbers = std::vector<std::pair<std::string, double>>;
    /// Asked after each epoch (from 0) for more numbers; must not change what is learnt, nor talk to other ranks.
    void setMonitor(std::function<Numbers(std::int64_t epoch)> monitor) { monitor_ = std::move(monitor); }
    Numbers endEpoch(std::int64_t epoch) override { return monitor_ ? monitor_(epoch) : Numbers{}; }

  private:
    [[nodiscard]] std::span<const std::int64_t> indicesOf(const StepPosition& position);
    [[nodiscard]] StepResult atOnce(std::span<const std::int64_t> indices, std::uint64_t seed, const StepLimits& limits);
    /// The same with little memory: vectors first, then the gradient of each part from that of its vectors (Gao et al. 2021).
    [[nodiscard]] StepResult inParts(std::span<const std::int64_t> indices, std::uint64_t seed, const StepLimits& limits);
    [[nodiscard]] Embeddings embedPart(std::span<const std::int64_t> indices, std::int64_t start, std::int64_t count, std::uint64_t seed);
    /// The vectors of all ranks; those of this one keep their graph.
    [[nodiscard]] Embeddings ofAllRanks(const Embeddings& mine);

    PretrainMethod& method_;
    const VolumeBatches& volumes_;
    std::int64_t batchSize_;
    std::uint64_t seed_;
    World& world_;
    std::vector<std::int64_t> chosen_;
    Share share_;
    std::function<Numbers(std::int64_t)> monitor_;
    std::int64_t orderEpoch_ = -1;
    std::vector<std::int64_t> order_;
};

}  // namespace tomoloupe
