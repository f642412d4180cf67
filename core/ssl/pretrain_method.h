#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/nn/checkpoint.h"
#include "core/nn/encoder.h"

namespace tomoloupe {

/// A parameter and the slow copy that follows it: copy <- momentum * copy + (1 - momentum) * parameter after each step.
struct Follower {
    at::Tensor parameter, copy;
};

struct MethodStep {
    at::Tensor loss;  ///< scalar, with its graph
    std::vector<std::pair<std::string, at::Tensor>> numbers;  ///< named scalars for the curves
};

/// A way to learn from unlabelled volumes. Owns networks and their state; no loop, no data, no thread, no log.
class PretrainMethod {
  public:
    virtual ~PretrainMethod() = default;
    /// The encoder that is kept.
    [[nodiscard]] virtual const std::shared_ptr<Encoder>& encoder() const = 0;
    /// What the optimiser changes.
    [[nodiscard]] virtual std::vector<at::Tensor> parameters() const = 0;
    /// Moved by the optimiser in the same pass over memory; momentum is the same for all.
    [[nodiscard]] virtual std::vector<Follower> followers() const { return {}; }
    [[nodiscard]] virtual double followerMomentum() const { return 1; }
    /// `volumes` [N, 1, D, H, W]; every random number comes from `seed`.
    [[nodiscard]] virtual MethodStep step(const at::Tensor& volumes, std::uint64_t seed) = 0;
    /// After the optimiser: queues and the like.
    virtual void afterStep() {}
    /// Everything to save, sharing memory with the method.
    [[nodiscard]] virtual NamedTensors state() const = 0;
};

}  // namespace tomoloupe
