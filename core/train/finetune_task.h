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
    std::vector<std::int64_t> rest = {};  ///< may get pseudo-labels; what `labels` says of them is never looked at
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
///
/// With pseudo-labels the model names the particles of `rest` after each epoch; where it is confident, a batch's labelled particles
/// are joined by as many of those in the epochs after, their mean loss weighted by the part of `rest` that has a name (as in
/// FixMatch, Sohn et al. 2020, where the unconfident count as 0).
class FinetuneTask : public TrainingTask {
  public:
    /// Borrows the model, the volumes and the world. `options` as their check() accepts them.
    FinetuneTask(const Model& model, LabelledVolumes data, const FinetuneOptions& options, std::uint64_t seed, const at::Device& device,
                 World& world = aloneInTheWorld());

    /// Weight of each class's loss.
    [[nodiscard]] const std::vector<double>& classWeights() const { return classWeights_; }
    /// What the optimiser is to change.
    [[nodiscard]] std::vector<at::Tensor> parameters() const;

    [[nodiscard]] std::int64_t stepsPerEpoch() const override { return stepsPerEpoch_; }
    [[nodiscard]] std::int64_t particlesPerStep() const override { return share_.size; }
    [[nodiscard]] StepResult step(const StepPosition& position, const StepLimits& limits) override;
    std::vector<std::pair<std::string, double>> endEpoch(std::int64_t epoch) override;
    [[nodiscard]] bool wantsToStop() const override;
    [[nodiscard]] NamedTensors state() const override;

    /// Judges the model as it is, as epoch 0; before training. Asked again, after a change, the better of both stays in the model. Not needed
    /// when going on from a checkpoint.
    void judgeStart();
    void restoreBest() const;
    [[nodiscard]] std::int64_t bestEpoch() const;
    [[nodiscard]] double bestAccuracy() const;
    [[nodiscard]] std::int64_t judgedEpochs() const;
    /// Class index of each particle of `rest` as it is taught now, -1 for none.
    [[nodiscard]] std::vector<int> pseudoLabels() const;

  private:
    /// Particles of one step that have their labels from the same source.
    struct Group {
        std::vector<std::int64_t> indices;  // this rank's
        std::int64_t firstSlot = 0;  // of these in the step; a slot's number seeds its view
        std::int64_t strongEnd = 0;  // slots before this one get strong views
        double weight = 0;           // of each particle's loss
    };

    Score judge(std::int64_t epoch);
    void namePseudoLabels();
    void beginEpoch(std::int64_t epoch);
    [[nodiscard]] std::vector<Group> groupsOf(const StepPosition& position, std::uint64_t seed);
    /// The part of the step's loss that these particles of a group, from its slot `slot` on, contribute.
    [[nodiscard]] at::Tensor lossOf(std::span<const std::int64_t> indices, std::int64_t slot, const Group& group, std::uint64_t seed);
    [[nodiscard]] at::Tensor viewsOf(const at::Tensor& volumes, std::int64_t slot, const Group& group, std::uint64_t seed) const;
    [[nodiscard]] at::Tensor scoresOf(const at::Tensor& volumes) const;
    /// Class probabilities, each rank computing its part; the same on all ranks.
    [[nodiscard]] at::Tensor predict(std::span<const std::int64_t> indices) const;

    const Model& model_;
    LabelledVolumes data_;
    FinetuneOptions options_;
    AugmentationOptions strong_;
    std::uint64_t seed_;
    at::Device device_;
    World& world_;
    std::int64_t batchSize_;
    Share share_;  // of a batch's labelled particles
    std::int64_t stepsPerEpoch_;
    std::vector<std::int64_t> classCounts_;  // of the labelled particles to learn from
    std::vector<double> classWeights_;
    NamedTensors best_;     // copies of the model's tensors
    at::Tensor bestScore_;  // accuracy, loss, epoch, last epoch judged
    at::Tensor pseudo_;     // class of each of data_.rest, -1: none
    std::int64_t orderEpoch_ = -1;
    std::vector<std::int64_t> order_;        // volumes, several shuffled rounds where an epoch is longer
    std::vector<std::int64_t> pseudoOrder_;  // the same of those with pseudo-labels
    std::int64_t pseudoCount_ = 0;           // with pseudo-labels, this epoch
    std::int64_t pseudoSlots_ = 0;           // of a step, on all ranks together
    std::vector<int> taught_;                // label or pseudo-label of each volume, this epoch
};

}  // namespace tomoloupe
