#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

#include "core/base/seed.h"
#include "core/nn/compute.h"
#include "core/ssl/losses.h"
#include "core/ssl/methods.h"
#include "core/ssl/projection.h"

namespace tomoloupe {
namespace {

/// Grill et al. 2020: one view's vector predicts the other view's vector as a slow copy of the network sees it.
class Byol : public PretrainMethod {
  public:
    Byol(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device)
        : options_(options), device_(device), branch_(makeBranch(options, boxSize, seed, device)),
          target_(makeSlowBranch(options, boxSize, seed, device)),
          predictor_(std::make_shared<Projection>(options.projectionSize, branch_.encoder->embedSize(), options.projectionSize,
                                                  makeGenerator(at::kCPU, deriveSeed(seed, "predictor")))) {
        predictor_->to(device);
    }

    [[nodiscard]] const std::shared_ptr<Encoder>& encoder() const override { return branch_.encoder; }
    [[nodiscard]] std::vector<at::Tensor> embedParameters() const override {
        std::vector<at::Tensor> all = branch_.parameters();
        for (const at::Tensor& parameter : predictor_->parameters()) all.push_back(parameter);
        return all;
    }
    void standardiseHeads(const at::Tensor& representations) override {
        branch_.head->standardiseInput(representations);
        target_.head->standardiseInput(representations);
    }
    [[nodiscard]] std::vector<Follower> followers() const override { return followersOf(branch_, target_); }
    /// Rises to 1 as a cosine over the run (Grill et al. 2020, section 3.3).
    [[nodiscard]] double followerMomentum(const StepPosition& position) const override {
        return 1 - (1 - options_.momentum) * (std::cos(std::numbers::pi * position.fraction()) + 1) / 2;
    }

    [[nodiscard]] Embeddings embed(const at::Tensor& volumes, std::uint64_t seed, std::int64_t first) override {
        branch_.encoder->setGenerator(makeGenerator(device_, deriveSeed(seed, "dropout", std::uint64_t(first))));
        target_.encoder->setGenerator(makeGenerator(device_, deriveSeed(seed, "target dropout", std::uint64_t(first))));
        target_.encoder->setPrecision(branch_.encoder->precision());
        const at::Tensor views = twoViews(volumes, options_.augmentation, seed, first);
        Embeddings vectors;
        {
            at::NoGradGuard noGrad;
            vectors.fixed = target_.vectors(views).chunk(2);
        }
        vectors.learning = unitRows(predictor_->forward(branch_.vectors(views))).chunk(2);
        return vectors;
    }

    [[nodiscard]] LossValue loss(const Embeddings& batch) override {
        const at::Tensor first = centredUnitRows(batch.fixed.at(0)), second = centredUnitRows(batch.fixed.at(1));
        return {directionLoss(batch.learning.at(0), second) + directionLoss(batch.learning.at(1), first),
                {{"vector spread", vectorSpread(batch.learning[0])}}};
    }

    [[nodiscard]] NamedTensors state() const override {
        NamedTensors all;
        appendState(all, *branch_.encoder, "encoder.");
        appendState(all, *branch_.head, "projection.");
        appendState(all, *predictor_, "predictor.");
        appendState(all, *target_.encoder, "target_encoder.");
        appendState(all, *target_.head, "target_projection.");
        return all;
    }

  private:
    PretrainOptions options_;
    at::Device device_;
    Branch branch_, target_;
    std::shared_ptr<Projection> predictor_;
};

}  // namespace

std::unique_ptr<PretrainMethod> makeByol(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device) {
    return std::make_unique<Byol>(options, boxSize, seed, device);
}

}  // namespace tomoloupe
