#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/model_file.h"
#include "core/recipe/learning.h"
#include "core/train/batches.h"
#include "core/train/trainer.h"

namespace tomoloupe {

/// Which volumes are for what; `labels[i]` is the class index of volume i, -1 where unlabelled.
struct LabelledVolumes {
    const VolumeBatches* volumes = nullptr;
    std::vector<int> labels;
    std::vector<std::int64_t> train, validation;
};

/// Class probabilities [N, classes] on the CPU of the volumes named, in eval mode, batch by batch.
[[nodiscard]] at::Tensor predictProbabilities(const Model& model, const VolumeBatches& volumes,
                                              std::span<const std::int64_t> indices, std::int64_t batchSize,
                                              const std::function<void(std::int64_t done)>& tick = {});

struct Score {
    double accuracy = 0;
    double loss = 0;  ///< mean negative log probability of the true class
};
[[nodiscard]] Score scoreOf(const at::Tensor& probabilities, std::span<const std::int64_t> indices, std::span<const int> labels);

/// Supervised training of encoder and classifier. After each epoch the validation part is judged; the epoch with the highest accuracy
/// (lower loss where equal) is kept and put back by `restoreBest`; the start may count as epoch 0. Without a validation part the
/// last epoch is kept.
class FinetuneTask : public TrainingTask {
  public:
    /// Borrows the model and the volumes.
    FinetuneTask(const Model& model, LabelledVolumes data, const FinetuneOptions& options, std::uint64_t seed, const at::Device& device);

    [[nodiscard]] std::int64_t stepsPerEpoch() const override { return stepsPerEpoch_; }
    [[nodiscard]] std::int64_t particlesPerStep() const override { return batchSize_; }
    [[nodiscard]] StepResult step(const StepPosition& position, const StepLimits& limits) override;
    std::vector<std::pair<std::string, double>> endEpoch(std::int64_t epoch) override;
    [[nodiscard]] NamedTensors state() const override;

    /// Judges the model as it is, as epoch 0; before training. Not needed when going on from a checkpoint.
    void judgeStart();
    void restoreBest() const;
    [[nodiscard]] std::int64_t bestEpoch() const;
    [[nodiscard]] double bestAccuracy() const;

  private:
    Score judge(std::int64_t epoch);
    /// The part of the batch's mean loss that these particles, from number `first` of the batch on, contribute.
    [[nodiscard]] at::Tensor lossOf(std::span<const std::int64_t> indices, std::int64_t first, std::uint64_t seed);
    [[nodiscard]] std::vector<std::int64_t> batchIndices(std::int64_t epoch, std::int64_t stepInEpoch);

    const Model& model_;
    LabelledVolumes data_;
    FinetuneOptions options_;
    std::uint64_t seed_;
    at::Device device_;
    std::int64_t batchSize_;
    std::int64_t stepsPerEpoch_;
    NamedTensors best_;     // copies of the model's tensors
    at::Tensor bestScore_;  // accuracy, loss, epoch
    std::int64_t orderEpoch_ = -1;
    std::vector<std::int64_t> order_;  // positions in data_.train, several shuffled rounds where an epoch is longer
};

}  // namespace tomoloupe
