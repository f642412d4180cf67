#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/jobs/job.h"
#include "core/ssl/pretrain_method.h"
#include "core/train/optimiser.h"

namespace tomoloupe {

/// What is learnt: makes the loss of a step from its position alone, so that every step can be repeated. Owned by the caller.
class TrainingTask {
  public:
    virtual ~TrainingTask() = default;
    [[nodiscard]] virtual std::int64_t stepsPerEpoch() const = 0;
    [[nodiscard]] virtual MethodStep step(std::int64_t epoch, std::int64_t stepInEpoch) = 0;
    virtual void afterStep() {}
    /// After the last step of an epoch: validation and the like; the numbers become curves over epochs.
    virtual std::vector<std::pair<std::string, double>> endEpoch(std::int64_t /*epoch*/) { return {}; }
    /// Everything that must be saved to go on, sharing memory; the optimiser's state is saved beside it.
    [[nodiscard]] virtual NamedTensors state() const = 0;
};

struct TrainerOptions {
    std::int64_t epochs = 1;
    double learningRate = 1e-4;
    bool cosine = false;  ///< learning rate * (1 + cos(pi * step / steps)) / 2
    std::filesystem::path checkpoint = {};  ///< trainer.safetensors; empty: none
    double checkpointSeconds = 60;
};

enum class TrainingEnd { Completed, FinishedEarly };

/// The loop: schedule, backward pass, optimiser, metrics, checkpoints by time, stop wishes. When `checkpoint` exists it goes on from there; the
/// result then equals running through, bit by bit on the CPU. Finish writes a checkpoint and returns FinishedEarly; Cancel
/// throws Cancelled and leaves the last checkpoint. A loss that is not finite throws Error with step and reason, and
/// the checkpoint of before stays.
TrainingEnd train(TrainingTask& task, Optimiser& optimiser, const TrainerOptions& options, JobContext& context);

}  // namespace tomoloupe
