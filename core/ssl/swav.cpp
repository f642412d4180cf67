#include <ATen/ATen.h>
#include <fmt/format.h>

#include "core/base/seed.h"
#include "core/nn/compute.h"
#include "core/ssl/augmentation.h"
#include "core/ssl/losses.h"
#include "core/ssl/methods.h"
#include "core/ssl/projection.h"
#include "core/ssl/vector_queue.h"

namespace tomoloupe {
namespace {

constexpr int kIterations = 3;
constexpr std::size_t kFullViews = 2;

/// Side of a local crop: 20 of 32 voxels.
std::int64_t localSide(std::int64_t box) { return box * 5 / 8; }

/// Caron et al. 2020: two full views of a particle are sorted into prototypes, evenly over the batch; every other view is to predict
/// the prototypes of its particle.
class Swav : public PretrainMethod {
  public:
    Swav(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device)
        : options_(options), device_(device), branch_(makeBranch(options, boxSize, seed, device)),
          prototypes_(at::empty({options.prototypes, options.projectionSize})
                          .normal_(0, 1, makeGenerator(at::kCPU, deriveSeed(seed, "prototypes")))) {
        prototypes_ = unitRows(prototypes_).to(device).requires_grad_(true);
        for (std::size_t view = 0; view < kFullViews; ++view)
            queues_.emplace_back(at::zeros({options.queueSize, options.projectionSize}, at::TensorOptions().device(device)), 0);
    }

    [[nodiscard]] const std::shared_ptr<Encoder>& encoder() const override { return branch_.encoder; }
    [[nodiscard]] std::vector<at::Tensor> embedParameters() const override { return branch_.parameters(); }
    void standardiseHeads(const at::Tensor& representations) override { branch_.head->standardiseInput(representations); }
    [[nodiscard]] std::vector<at::Tensor> lossParameters() const override { return {prototypes_}; }

    void beginStep(const StepPosition& position) override {
        frozen_ = position.epoch < options_.frozenPrototypeEpochs;
        queueing_ = position.epoch >= options_.queueStartEpoch;
        at::NoGradGuard noGrad;
        prototypes_.copy_(unitRows(prototypes_));
    }

    [[nodiscard]] Embeddings embed(const at::Tensor& volumes, std::uint64_t seed, std::int64_t first) override {
        branch_.encoder->setGenerator(makeGenerator(device_, deriveSeed(seed, "dropout", std::uint64_t(first))));
        Embeddings vectors{branch_.vectors(twoViews(volumes, options_.augmentation, seed, first)).chunk(kFullViews), {}};
        if (options_.localCrops == 0) return vectors;
        for (const at::Tensor& view : branch_.vectors(localViews(volumes, seed, first)).chunk(options_.localCrops))
            vectors.learning.push_back(view);
        return vectors;
    }

    [[nodiscard]] LossValue loss(const Embeddings& batch) override {
        const at::Tensor prototypes = frozen_ ? prototypes_.detach() : prototypes_;
        std::vector<at::Tensor> vectors, scores, assignments;
        for (const at::Tensor& view : batch.learning) {
            vectors.push_back(centredUnitRows(view));
            scores.push_back(vectors.back().mm(prototypes.t()));  // [N, K]
        }
        lastVectors_.clear();
        for (std::size_t view = 0; view < kFullViews; ++view) {
            assignments.push_back(assigned(scores[view].detach(), queues_[view]));
            lastVectors_.push_back(vectors[view].detach());
        }
        return {swappedPrediction(scores, assignments, options_.temperature), numbers(batch.learning[0], assignments[0])};
    }

    void afterStep() override {
        if (!queueing_) return;
        for (std::size_t view = 0; view < kFullViews; ++view) queues_[view].push(lastVectors_[view]);
    }

    [[nodiscard]] NamedTensors state() const override {
        NamedTensors all;
        appendState(all, *branch_.encoder, "encoder.");
        appendState(all, *branch_.head, "projection.");
        all.emplace_back("prototypes", prototypes_);
        for (std::size_t view = 0; view < kFullViews; ++view) queues_[view].appendState(all, fmt::format("queue_{}", view));
        return all;
    }

  private:
    /// [localCrops * N, 1, s, s, s], or of the full side where the encoder takes no other.
    [[nodiscard]] at::Tensor localViews(const at::Tensor& volumes, std::uint64_t seed, std::int64_t first) const {
        const std::int64_t box = volumes.size(4);
        std::vector<at::Tensor> views;
        for (int i = 0; i < options_.localCrops; ++i)
            views.push_back(augment(volumes, options_.augmentation, deriveSeed(seed, "local view", std::uint64_t(i)), first, localSide(box)));
        const at::Tensor all = at::cat(views);
        return branch_.encoder->takesAnyBox() ? all : at::upsample_trilinear3d(all, {box, box, box}, false);
    }

    /// Of a view's scores [N, K]; earlier vectors, in front, help to spread a small batch evenly.
    [[nodiscard]] at::Tensor assigned(const at::Tensor& scores, const VectorQueue& queue) const {
        if (!queueing_ || !queue.full()) return sinkhorn(scores, options_.sinkhornEpsilon, kIterations);
        at::NoGradGuard noGrad;
        const at::Tensor all = at::cat({queue.rows().mm(prototypes_.t()), scores});
        return sinkhorn(all, options_.sinkhornEpsilon, kIterations).narrow(0, queue.rows().size(0), scores.size(0));
    }

    /// Entropy of an assignment in nats: 0 is one prototype, ln K is none in particular. Used prototypes: that are some particle's first choice.
    [[nodiscard]] static std::vector<std::pair<std::string, at::Tensor>> numbers(const at::Tensor& vectors, const at::Tensor& assignment) {
        const at::Tensor entropy = -(assignment * assignment.clamp_min(1e-12).log()).sum(1).mean();
        const at::Tensor used = at::zeros({assignment.size(1)}, assignment.options()).index_fill_(0, assignment.argmax(1), 1).sum();
        return {{"assignment entropy", entropy}, {"used prototypes", used}, {"vector spread", vectorSpread(vectors)}};
    }

    PretrainOptions options_;
    at::Device device_;
    Branch branch_;
    at::Tensor prototypes_;  // [K, C], unit rows when a step begins
    std::vector<VectorQueue> queues_;
    std::vector<at::Tensor> lastVectors_;  // [N, C] of the full views of the current step
    bool frozen_ = false, queueing_ = false;
};

}  // namespace

std::unique_ptr<PretrainMethod> makeSwav(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device) {
    return std::make_unique<Swav>(options, boxSize, seed, device);
}

}  // namespace tomoloupe
