#include "core/train/optimiser.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

#include "core/fourier/parallel.h"
#include "core/train/update_kernels.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kGrain = 1 << 15;

bool fusable(const at::Tensor& parameter, const at::Tensor& gradient) {
    return parameter.is_cpu() && parameter.scalar_type() == at::kFloat && parameter.is_contiguous() && gradient.is_contiguous();
}

at::Tensor zerosLike(const at::Tensor& parameter) { return at::zeros_like(parameter, parameter.options().requires_grad(false)); }

/// The follower of each parameter, undefined where there is none.
std::vector<at::Tensor> copiesOf(const std::vector<at::Tensor>& parameters, const std::vector<Follower>& followers) {
    std::vector<at::Tensor> copies(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i)
        for (const Follower& follower : followers)
            if (follower.parameter.is_same(parameters[i])) copies[i] = follower.copy;
    return copies;
}

void follow(const at::Tensor& copy, const at::Tensor& weight, double momentum) {
    if (copy.defined()) copy.mul_(momentum).add_(weight, 1 - momentum);
}

class Adam : public Optimiser {
  public:
    Adam(std::vector<at::Tensor> parameters, double weightDecay, const std::vector<Follower>& followers)
        : Optimiser(std::move(parameters)), copies_(copiesOf(Optimiser::parameters(), followers)), weightDecay_(weightDecay) {
        for (const at::Tensor& parameter : Optimiser::parameters()) {
            first_.push_back(zerosLike(parameter));
            second_.push_back(zerosLike(parameter));
        }
        count_ = at::zeros({1}, at::kLong);
    }

    void step(double learningRate, double followerMomentum) override {
        at::NoGradGuard noGrad;
        count_.add_(1);
        const auto count = static_cast<double>(count_.item<std::int64_t>());
        const AdamNumbers numbers{float(learningRate), float(kBeta1), float(kBeta2), float(kEpsilon), float(weightDecay_),
                                  float(1 - std::pow(kBeta1, count)), float(1 - std::pow(kBeta2, count))};
        for (std::size_t i = 0; i < parameters().size(); ++i) {
            const at::Tensor gradient = parameters()[i].grad();
            if (gradient.defined() && fusable(parameters()[i], gradient))
                fused(i, gradient, numbers, followerMomentum);
            else
                byOperators(i, gradient, numbers, followerMomentum);
        }
        dropGradients();
    }

    [[nodiscard]] NamedTensors state() const override {
        NamedTensors all{{"adam.count", count_}};
        for (std::size_t i = 0; i < first_.size(); ++i) {
            all.emplace_back(fmt::format("adam.first.{}", i), first_[i]);
            all.emplace_back(fmt::format("adam.second.{}", i), second_[i]);
        }
        return all;
    }

  private:
    static constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

    void fused(std::size_t i, const at::Tensor& gradient, const AdamNumbers& numbers, double momentum) {
        float* weight = parameters()[i].data_ptr<float>();
        const float* g = gradient.data_ptr<float>();
        float *first = first_[i].data_ptr<float>(), *second = second_[i].data_ptr<float>();
        float* copy = copies_[i].defined() ? copies_[i].data_ptr<float>() : nullptr;
        parallelFor(0, gradient.numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
            if (copy)
                adamUpdateWithFollower(numbers, g + begin, weight + begin, first + begin, second + begin, copy + begin,
                                       float(momentum), end - begin);
            else
                adamUpdate(numbers, g + begin, weight + begin, first + begin, second + begin, end - begin);
        });
    }

    void byOperators(std::size_t i, at::Tensor gradient, const AdamNumbers& n, double momentum) {
        at::Tensor weight = parameters()[i].detach();
        if (gradient.defined()) {
            gradient = gradient.add(weight, weightDecay_);
            first_[i].mul_(kBeta1).add_(gradient, 1 - kBeta1);
            second_[i].mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
            weight.addcdiv_(first_[i], second_[i].sqrt().div_(std::sqrt(n.correction2)).add_(kEpsilon),
                            -n.learningRate / n.correction1);
        }
        follow(copies_[i], weight, momentum);
    }

    std::vector<at::Tensor> copies_, first_, second_;
    at::Tensor count_;
    double weightDecay_;
};

/// What SGD and LARS have in common: a velocity a parameter.
class WithVelocity : public Optimiser {
  public:
    WithVelocity(std::vector<at::Tensor> parameters, double momentum, double weightDecay)
        : Optimiser(std::move(parameters)), momentum_(momentum), weightDecay_(weightDecay) {
        for (const at::Tensor& parameter : Optimiser::parameters()) velocity_.push_back(zerosLike(parameter));
    }
    [[nodiscard]] NamedTensors state() const override {
        NamedTensors all;
        for (std::size_t i = 0; i < velocity_.size(); ++i) all.emplace_back(fmt::format("sgd.velocity.{}", i), velocity_[i]);
        return all;
    }

  protected:
    std::vector<at::Tensor> velocity_;
    double momentum_, weightDecay_;
};

class Sgd : public WithVelocity {
  public:
    using WithVelocity::WithVelocity;

    void step(double learningRate, double /*followerMomentum*/) override {
        at::NoGradGuard noGrad;
        const SgdNumbers numbers{float(learningRate), float(momentum_), float(weightDecay_)};
        for (std::size_t i = 0; i < parameters().size(); ++i) {
            const at::Tensor gradient = parameters()[i].grad();
            if (!gradient.defined()) continue;
            if (fusable(parameters()[i], gradient)) {
                float *weight = parameters()[i].data_ptr<float>(), *velocity = velocity_[i].data_ptr<float>();
                const float* g = gradient.data_ptr<float>();
                parallelFor(0, gradient.numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
                    sgdUpdate(numbers, g + begin, weight + begin, velocity + begin, end - begin);
                });
            } else {
                at::Tensor weight = parameters()[i].detach();
                velocity_[i].mul_(momentum_).add_(gradient).add_(weight, weightDecay_);
                weight.add_(velocity_[i], -learningRate);
            }
        }
        dropGradients();
    }
};

class Lars : public WithVelocity {
  public:
    Lars(std::vector<at::Tensor> parameters, double weightDecay, const std::vector<Follower>& followers)
        : WithVelocity(std::move(parameters), 0.9, weightDecay), copies_(copiesOf(Optimiser::parameters(), followers)) {}

    void step(double learningRate, double followerMomentum) override {
        at::NoGradGuard noGrad;
        for (std::size_t i = 0; i < parameters().size(); ++i) {
            const at::Tensor gradient = parameters()[i].grad(), weight = parameters()[i].detach();
            if (gradient.defined()) {
                velocity_[i].mul_(momentum_);
                velocity_[i].add_(weight.dim() > 1 ? trusted(weight, gradient) : gradient, learningRate);
                at::Tensor(weight).sub_(velocity_[i]);
            }
            follow(copies_[i], weight, followerMomentum);
        }
        dropGradients();
    }

  private:
    [[nodiscard]] at::Tensor trusted(const at::Tensor& weight, const at::Tensor& gradient) const {
        constexpr double kTrust = 0.001;
        const at::Tensor full = gradient.add(weight, weightDecay_), own = weight.norm(), length = full.norm();
        return full * at::where(((own > 0) & (length > 0)), kTrust * own / length, at::ones_like(own));
    }
    std::vector<at::Tensor> copies_;
};

}  // namespace

void Optimiser::dropGradients() {
    for (at::Tensor& parameter : parameters_) parameter.mutable_grad() = at::Tensor();
}

std::unique_ptr<Optimiser> makeAdam(std::vector<at::Tensor> parameters, double weightDecay, const std::vector<Follower>& followers) {
    return std::make_unique<Adam>(std::move(parameters), weightDecay, followers);
}

std::unique_ptr<Optimiser> makeSgd(std::vector<at::Tensor> parameters, double momentum, double weightDecay) {
    return std::make_unique<Sgd>(std::move(parameters), momentum, weightDecay);
}

std::unique_ptr<Optimiser> makeLars(std::vector<at::Tensor> parameters, double weightDecay, const std::vector<Follower>& followers) {
    return std::make_unique<Lars>(std::move(parameters), weightDecay, followers);
}

at::Tensor gradientNorm(const std::vector<at::Tensor>& parameters) {
    at::NoGradGuard noGrad;
    std::vector<at::Tensor> lengths;
    for (const at::Tensor& parameter : parameters)
        if (parameter.grad().defined()) lengths.push_back(parameter.grad().norm());
    return at::stack(lengths).norm();
}

}  // namespace tomoloupe
