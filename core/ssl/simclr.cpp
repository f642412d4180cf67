#include <ATen/ATen.h>

#include "core/base/seed.h"
#include "core/nn/compute.h"
#include "core/ssl/losses.h"
#include "core/ssl/methods.h"
#include "core/ssl/projection.h"

namespace tomoloupe {
namespace {

/// Chen et al. 2020: each view is to find its partner among the views of the whole batch.
class SimClr : public PretrainMethod {
  public:
    SimClr(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device)
        : options_(options), device_(device), branch_(makeBranch(options, boxSize, seed, device)) {}

    [[nodiscard]] const std::shared_ptr<Encoder>& encoder() const override { return branch_.encoder; }
    [[nodiscard]] std::vector<at::Tensor> embedParameters() const override { return branch_.parameters(); }
    void standardiseHeads(const at::Tensor& representations) override { branch_.head->standardiseInput(representations); }

    [[nodiscard]] Embeddings embed(const at::Tensor& volumes, std::uint64_t seed, std::int64_t first) override {
        branch_.encoder->setGenerator(makeGenerator(device_, deriveSeed(seed, "dropout", std::uint64_t(first))));
        return {branch_.vectors(twoViews(volumes, options_.augmentation, seed, first)).chunk(2), {}};
    }

    [[nodiscard]] LossValue loss(const Embeddings& batch) override {
        const ContrastLoss value = ntXent(centredUnitRows(batch.learning.at(0)), centredUnitRows(batch.learning.at(1)), options_.temperature);
        return {value.loss, {{"contrast accuracy", value.accuracy}, {"vector spread", vectorSpread(batch.learning[0])}}};
    }

    [[nodiscard]] NamedTensors state() const override {
        NamedTensors all;
        appendState(all, *branch_.encoder, "encoder.");
        appendState(all, *branch_.head, "projection.");
        return all;
    }

  private:
    PretrainOptions options_;
    at::Device device_;
    Branch branch_;
};

}  // namespace

std::unique_ptr<PretrainMethod> makeSimClr(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device) {
    return std::make_unique<SimClr>(options, boxSize, seed, device);
}

}  // namespace tomoloupe
