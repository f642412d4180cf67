#pragma once

#include <cstdint>

#include "core/ssl/pretrain_method.h"
#include "core/train/batches.h"
#include "core/train/trainer.h"

namespace tomoloupe {

/// Pre-training over all volumes: shuffled epochs of whole batches (the rest of an epoch is left out, another one each time). Throws
/// InvalidOptions when there are fewer volumes than a batch.
class PretrainTask : public TrainingTask {
  public:
    /// Borrows both.
    PretrainTask(PretrainMethod& method, const VolumeBatches& volumes, std::int64_t batchSize, std::uint64_t seed);

    [[nodiscard]] std::int64_t stepsPerEpoch() const override;
    [[nodiscard]] MethodStep step(std::int64_t epoch, std::int64_t stepInEpoch) override;
    void afterStep() override { method_.afterStep(); }
    [[nodiscard]] NamedTensors state() const override { return method_.state(); }

  private:
    PretrainMethod& method_;
    const VolumeBatches& volumes_;
    std::int64_t batchSize_;
    std::uint64_t seed_;
    std::int64_t orderEpoch_ = -1;
    std::vector<std::int64_t> order_;
};

}  // namespace tomoloupe
