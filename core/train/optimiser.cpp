#include "core/train/optimiser.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cmath>

#include "core/train/update_kernels.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kGrain = 1 << 15;

bool fusable(const at::Tensor& parameter, const at::Tensor& gradient) {
    return parameter.is_cpu() && parameter.scalar_type() == at::kFloat && parameter.is_contiguous() && gradient.is_contiguous();
}

class Adam : public Optimiser {
  public:
    Adam(std::vector<at::Tensor> parameters, double weightDecay, const std::vector<Follower>& followers, double momentum)
        : parameters_(std::move(parameters)), copies_(parameters_.size()), weightDecay_(weightDecay), momentum_(momentum) {
        for (std::size_t i = 0; i < parameters_.size(); ++i) {
            first_.push_back(at::zeros_like(parameters_[i], parameters_[i].options().requires_grad(false)));
            second_.push_back(at::zeros_like(first_.back()));
            for (const Follower& follower : followers)
                if (follower.parameter.is_same(parameters_[i])) copies_[i] = follower.copy;
        }
        count_ = at::zeros({1}, at::kLong);
    }

    void step(double learningRate) override {
        at::NoGradGuard noGrad;
        count_.add_(1);
        const auto count = static_cast<double>(count_.item<std::int64_t>());
        const AdamNumbers numbers{float(learningRate), float(kBeta1), float(kBeta2), float(kEpsilon), float(weightDecay_),
                                  float(1 - std::pow(kBeta1, count)), float(1 - std::pow(kBeta2, count))};
        for (std::size_t i = 0; i < parameters_.size(); ++i) {
            const at::Tensor gradient = parameters_[i].grad();
            if (gradient.defined() && fusable(parameters_[i], gradient))
                fused(i, gradient, numbers);
            else
                byOperators(i, gradient, numbers);
            parameters_[i].mutable_grad() = at::Tensor();
        }
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

    void fused(std::size_t i, const at::Tensor& gradient, const AdamNumbers& numbers) {
        float* weight = parameters_[i].data_ptr<float>();
        const float* g = gradient.data_ptr<float>();
        float *first = first_[i].data_ptr<float>(), *second = second_[i].data_ptr<float>();
        float* copy = copies_[i].defined() ? copies_[i].data_ptr<float>() : nullptr;
        at::parallel_for(0, parameters_[i].numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
            if (copy)
                adamUpdateWithFollower(numbers, g + begin, weight + begin, first + begin, second + begin, copy + begin,
                                       float(momentum_), end - begin);
            else
                adamUpdate(numbers, g + begin, weight + begin, first + begin, second + begin, end - begin);
        });
    }

    void byOperators(std::size_t i, at::Tensor gradient, const AdamNumbers& n) {
        at::Tensor weight = parameters_[i].detach();
        if (gradient.defined()) {
            gradient = gradient.add(weight, weightDecay_);
            first_[i].mul_(kBeta1).add_(gradient, 1 - kBeta1);
            second_[i].mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
            weight.addcdiv_(first_[i], second_[i].sqrt().div_(std::sqrt(n.correction2)).add_(kEpsilon),
                            -n.learningRate / n.correction1);
        }
        if (copies_[i].defined()) copies_[i].mul_(momentum_).add_(weight, 1 - momentum_);
    }

    std::vector<at::Tensor> parameters_, copies_, first_, second_;
    at::Tensor count_;
    double weightDecay_, momentum_;
};

class Sgd : public Optimiser {
  public:
    Sgd(std::vector<at::Tensor> parameters, double momentum, double weightDecay)
        : parameters_(std::move(parameters)), momentum_(momentum), weightDecay_(weightDecay) {
        for (const at::Tensor& parameter : parameters_)
            velocity_.push_back(at::zeros_like(parameter, parameter.options().requires_grad(false)));
    }

    void step(double learningRate) override {
        at::NoGradGuard noGrad;
        const SgdNumbers numbers{float(learningRate), float(momentum_), float(weightDecay_)};
        for (std::size_t i = 0; i < parameters_.size(); ++i) {
            const at::Tensor gradient = parameters_[i].grad();
            if (!gradient.defined()) continue;
            if (fusable(parameters_[i], gradient)) {
                float *weight = parameters_[i].data_ptr<float>(), *velocity = velocity_[i].data_ptr<float>();
                const float* g = gradient.data_ptr<float>();
                at::parallel_for(0, gradient.numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
                    sgdUpdate(numbers, g + begin, weight + begin, velocity + begin, end - begin);
                });
            } else {
                at::Tensor weight = parameters_[i].detach();
                velocity_[i].mul_(momentum_).add_(gradient).add_(weight, weightDecay_);
                weight.add_(velocity_[i], -learningRate);
            }
            parameters_[i].mutable_grad() = at::Tensor();
        }
    }

    [[nodiscard]] NamedTensors state() const override {
        NamedTensors all;
        for (std::size_t i = 0; i < velocity_.size(); ++i) all.emplace_back(fmt::format("sgd.velocity.{}", i), velocity_[i]);
        return all;
    }

  private:
    std::vector<at::Tensor> parameters_, velocity_;
    double momentum_, weightDecay_;
};

}  // namespace

std::unique_ptr<Optimiser> makeAdam(std::vector<at::Tensor> parameters, double weightDecay, const std::vector<Follower>& followers,
                                    double followerMomentum) {
    return std::make_unique<Adam>(std::move(parameters), weightDecay, followers, followerMomentum);
}

std::unique_ptr<Optimiser> makeSgd(std::vector<at::Tensor> parameters, double momentum, double weightDecay) {
    return std::make_unique<Sgd>(std::move(parameters), momentum, weightDecay);
}

}  // namespace tomoloupe
