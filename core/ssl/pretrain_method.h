#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/nn/checkpoint.h"
#include "core/nn/encoder.h"
#include "core/recipe/learning.h"

namespace tomoloupe {

/// A parameter and the slow copy that follows it: copy <- momentum * copy + (1 - momentum) * parameter after each step.
struct Follower {
    at::Tensor parameter, copy;
};

/// Where in its run a step is; all from 0.
struct StepPosition {
    std::int64_t epoch = 0;
    std::int64_t step = 0;  ///< of the run
    std::int64_t steps = 1;  ///< that the run has
    [[nodiscard]] double fraction() const { return double(step) / double(steps); }
};

/// What a method compares: vectors of some particles, one tensor a role, each float32 [particles, numbers] in the particles' order.
struct Embeddings {
    std::vector<at::Tensor> learning;  ///< with graph: the loss's gradient goes back through these alone
    std::vector<at::Tensor> fixed;     ///< without: keys, targets
};

struct LossValue {
    at::Tensor loss;  ///< scalar, with its graph
    std::vector<std::pair<std::string, at::Tensor>> numbers;  ///< named scalars for the curves
};

/// A way to learn from unlabelled volumes. Owns networks and their state; no loop, no data, no thread, no log.
///
/// A step is beginStep, embed for every part of the batch, loss over the vectors of the whole batch, afterStep. Embed treats every
/// particle by itself (no statistics over the batch), so parts may be computed one after the other or on several machines, whose
/// vectors are then put together: the loss and its gradient do not change.
class PretrainMethod {
  public:
    virtual ~PretrainMethod() = default;
    /// The encoder that is kept.
    [[nodiscard]] virtual const std::shared_ptr<Encoder>& encoder() const = 0;
    /// What the optimiser changes: parameters that embed() uses, then those that loss() alone uses.
    [[nodiscard]] virtual std::vector<at::Tensor> embedParameters() const = 0;
    [[nodiscard]] virtual std::vector<at::Tensor> lossParameters() const { return {}; }
    /// Moved by the optimiser in the same pass over memory.
    [[nodiscard]] virtual std::vector<Follower> followers() const { return {}; }
    [[nodiscard]] virtual double followerMomentum(const StepPosition& /*position*/) const { return 1; }
    /// Before the first step: what the heads see is shifted and scaled so that these representations [N, embedSize()] of the encoder as
    /// it starts have mean 0 and length 1.
    virtual void standardiseHeads(const at::Tensor& representations) = 0;
    virtual void beginStep(const StepPosition& /*position*/) {}
    /// `volumes` [N, 1, D, H, W] are the batch's particles from number `first` on; every random number comes from `seed` and
    /// the particle's number.
    [[nodiscard]] virtual Embeddings embed(const at::Tensor& volumes, std::uint64_t seed, std::int64_t first) = 0;
    [[nodiscard]] virtual LossValue loss(const Embeddings& batch) = 0;
    /// After the optimiser: queues and the like.
    virtual void afterStep() {}
    /// Everything to save, sharing memory with the method.
    [[nodiscard]] virtual NamedTensors state() const = 0;
};

struct MethodKind {
    std::string name, whenToChoose;
};
/// All methods there are.
[[nodiscard]] std::vector<MethodKind> methodKinds();

/// `options` must be resolved. Throws InvalidOptions for options that do not go together.
[[nodiscard]] std::unique_ptr<PretrainMethod> makeMethod(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed,
                                                         const at::Device& device);

}  // namespace tomoloupe
