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
    explicit Optimiser(std::vector<at::Tensor> parameters) : parameters_(std::move(parameters)) {}
    virtual ~Optimiser() = default;
    [[nodiscard]] const std::vector<at::Tensor>& parameters() const { return parameters_; }
    /// One update at this learning rate, then drops the gradients. Followers move with this momentum.
    virtual void step(double learningRate, double followerMomentum = 1) = 0;
    /// Moments and step count, sharing memory.
    [[nodiscard]] virtual NamedTensors state() const = 0;

  protected:
    void dropGradients();

  private:
    std::vector<at::Tensor> parameters_;
};

/// Adam (Kingma and Ba 2015) with L2 weight decay; moves `followers` in the same pass. On the CPU one fused pass, elsewhere by
/// LibTorch's operators.
[[nodiscard]] std::unique_ptr<Optimiser> makeAdam(std::vector<at::Tensor> parameters, double weightDecay,
                                                  const std::vector<Follower>& followers = {});
[[nodiscard]] std::unique_ptr<Optimiser> makeSgd(std::vector<at::Tensor> parameters, double momentum, double weightDecay);
/// LARS (You et al. 2017) as Chen et al. 2020 use it for SimCLR: momentum 0.9, trust coefficient 0.001; biases and other vectors have
/// neither decay nor trust ratio.
[[nodiscard]] std::unique_ptr<Optimiser> makeLars(std::vector<at::Tensor> parameters, double weightDecay,
                                                  const std::vector<Follower>& followers = {});

/// The length of all gradients together, a scalar on their device.
[[nodiscard]] at::Tensor gradientNorm(const std::vector<at::Tensor>& parameters);

}  // namespace tomoloupe
