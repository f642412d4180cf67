#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/jobs/job.h"
#include "core/ssl/pretrain_method.h"
#include "core/train/optimiser.h"
#include "core/train/world.h"

namespace tomoloupe {

/// A step's loss over all ranks, without graph, and further named scalars; on the device.
struct StepResult {
    at::Tensor loss;
    std::vector<std::pair<std::string, at::Tensor>> numbers;
};

/// What a step must keep to.
struct StepLimits {
    std::int64_t microBatch = 0;  ///< most particles computed at a time; 0: all
    std::function<void()> interrupt = [] {};  ///< called between pieces of work; throws Cancelled when somebody wishes so
};

/// What is learnt: makes a step's gradient from its position alone, so that every step can be repeated. Owned by the caller.
class TrainingTask {
  public:
    virtual ~TrainingTask() = default;
    [[nodiscard]] virtual std::int64_t stepsPerEpoch() const = 0;
    /// Particles of a step on this rank.
    [[nodiscard]] virtual std::int64_t particlesPerStep() const = 0;
    /// Leaves the gradient of the step's loss, over all ranks, in the parameters. A micro-batch changes nothing but the memory
    /// needed and the order of sums. May be called again for the same step.
    [[nodiscard]] virtual StepResult step(const StepPosition& position, const StepLimits& limits) = 0;
    [[nodiscard]] virtual double followerMomentum(const StepPosition& /*position*/) const { return 1; }
    virtual void afterStep() {}
    /// After the last step of an epoch: validation and the like; the numbers become curves over epochs.
    virtual std::vector<std::pair<std::string, double>> endEpoch(std::int64_t /*epoch*/) { return {}; }
    /// Asked after each epoch: whether more of them are no use.
    [[nodiscard]] virtual bool wantsToStop() const { return false; }
    /// Everything that must be saved to go on, sharing memory; the optimiser's state is saved beside it.
    [[nodiscard]] virtual NamedTensors state() const = 0;
};

struct TrainerOptions {
    std::int64_t epochs = 1;
    double learningRate = 1e-4;
    bool cosine = false;  ///< learning rate * (1 + cos(pi * step / steps)) / 2, once warm
    std::int64_t warmupEpochs = 0;  ///< the learning rate rises linearly from 0
    double clipNorm = 0;  ///< largest norm of all gradients together; 0: as they are
    std::int64_t microBatch = 0;  ///< 0: a whole step at once
    std::filesystem::path checkpoint = {};  ///< trainer.safetensors; empty: none
    double checkpointSeconds = 60;  ///< also after each epoch that took more than a tenth of this
};

enum class TrainingEnd { Completed, FinishedEarly };

/// The loop: schedule, optimiser, metrics, checkpoints, stop wishes. When `checkpoint` exists it goes on from there; the result then
/// equals running through, bit by bit on the CPU. Finish writes a checkpoint and returns FinishedEarly; Cancel throws Cancelled and
/// leaves the last checkpoint. A loss that is not finite throws Error with step and reason, and the checkpoint of before stays. Where
/// memory does not do, fewer particles are computed at a time and the step is begun again. With several ranks, the first writes
/// files, and all agree to stop.
TrainingEnd train(TrainingTask& task, Optimiser& optimiser, const TrainerOptions& options, JobContext& context,
                  World& world = aloneInTheWorld());

}  // namespace tomoloupe
