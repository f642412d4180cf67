#pragma once

#include <memory>
#include <vector>

#include "core/nn/checkpoint.h"
#include "core/ssl/pretrain_method.h"

namespace tomoloupe {

/// Changes parameters by their gradients. Owns its moments, not the parameters. Gradients are dropped, not zeroed: the next backward
/// pass hands over its own.
class Optimiser {
  public:
    virtual ~Optimiser() = default;
    /// One update at this learning rate, then drops the gradients.
    virtual void step(double learningRate) = 0;
    /// Moments and step count, sharing memory.
    [[nodiscard]] virtual NamedTensors state() const = 0;
};

/// Adam with L2 weight decay; moves `followers` in the same pass. On the CPU one fused pass, elsewhere by LibTorch's operators.
[[nodiscard]] std::unique_ptr<Optimiser> makeAdam(std::vector<at::Tensor> parameters, double weightDecay,
                                                  const std::vector<Follower>& followers = {}, double followerMomentum = 1);
[[nodiscard]] std::unique_ptr<Optimiser> makeSgd(std::vector<at::Tensor> parameters, double momentum, double weightDecay);

}  // namespace tomoloupe
