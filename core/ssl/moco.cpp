#include "core/ssl/moco.h"

#include <ATen/ATen.h>

#include "core/base/seed.h"
#include "core/nn/compute.h"
#include "core/ssl/augmentation.h"

namespace tomoloupe {
namespace {

at::Tensor unitRows(const at::Tensor& x) { return x / x.norm(2, {1}, true).clamp_min(1e-12); }

}  // namespace

at::Tensor infoNceLogits(const at::Tensor& q, const at::Tensor& k, const at::Tensor& queue, double temperature) {
    const at::Tensor positive = (q * k).sum(1, true);  // [N, 1]
    return at::cat({positive, q.mm(queue)}, 1) / temperature;
}

Moco::Moco(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device)
    : options_(options), device_(device) {
    const std::uint64_t weights = deriveSeed(seed, "encoder");
    const auto makeHead = [&] {
        auto head = std::make_shared<LinearHead>(query_->embedSize(), options.projectionSize,
                                                 makeGenerator(at::kCPU, deriveSeed(seed, "projection")));
        head->to(device);
        return head;
    };
    query_ = makeEncoder(options.encoder, boxSize, weights, device);
    key_ = makeEncoder(options.encoder, boxSize, weights, device);  // the same weights to begin with
    queryHead_ = makeHead();
    keyHead_ = makeHead();
    for (const at::Tensor& parameter : key_->parameters()) parameter.set_requires_grad(false);
    for (const at::Tensor& parameter : keyHead_->parameters()) parameter.set_requires_grad(false);
    const at::Tensor random =
        at::empty({options.queueSize, options.projectionSize}).normal_(0, 1, makeGenerator(at::kCPU, deriveSeed(seed, "queue")));
    queue_ = unitRows(random).t().contiguous().to(device);
    position_ = at::zeros({1}, at::kLong);
}

std::vector<at::Tensor> Moco::embedParameters() const {
    std::vector<at::Tensor> all = query_->parameters();
    for (const at::Tensor& parameter : queryHead_->parameters()) all.push_back(parameter);
    return all;
}

std::vector<Follower> Moco::followers() const {
    std::vector<Follower> all;
    const auto pair = [&](const torch::nn::Module& from, const torch::nn::Module& to) {
        const auto parameters = from.parameters(), copies = to.parameters();
        for (std::size_t i = 0; i < parameters.size(); ++i) all.push_back({parameters[i], copies[i]});
    };
    pair(*query_, *key_);
    pair(*queryHead_, *keyHead_);
    return all;
}

Embeddings Moco::embed(const at::Tensor& volumes, std::uint64_t seed, std::int64_t first) {
    query_->setGenerator(makeGenerator(device_, deriveSeed(seed, "query dropout", std::uint64_t(first))));
    key_->setGenerator(makeGenerator(device_, deriveSeed(seed, "key dropout", std::uint64_t(first))));
    Embeddings vectors;
    {
        at::NoGradGuard noGrad;
        const at::Tensor view = augment(volumes, options_.augmentation, deriveSeed(seed, "key view"), first);
        vectors.fixed = {unitRows(keyHead_->forward(key_->embed(view)))};
    }
    const at::Tensor view = augment(volumes, options_.augmentation, deriveSeed(seed, "query view"), first);
    vectors.learning = {unitRows(queryHead_->forward(query_->embed(view)))};
    return vectors;
}

LossValue Moco::loss(const Embeddings& batch) {
    lastKeys_ = batch.fixed.at(0);
    const at::Tensor logits = infoNceLogits(batch.learning.at(0), lastKeys_, queue_, options_.temperature);
    const at::Tensor target = at::zeros({logits.size(0)}, logits.options().dtype(at::kLong));
    const at::Tensor accuracy = (logits.detach().argmax(1) == 0).to(at::kFloat).mean();
    return {at::cross_entropy_loss(logits, target), {{"contrast accuracy", accuracy}}};
}

void Moco::afterStep() {
    at::NoGradGuard noGrad;
    const std::int64_t position = position_.item<std::int64_t>();  // on the CPU: no synchronisation
    queue_.narrow(1, position, lastKeys_.size(0)).copy_(lastKeys_.t());
    position_.fill_((position + lastKeys_.size(0)) % options_.queueSize);
}

NamedTensors Moco::state() const {
    NamedTensors all;
    const auto add = [&](const torch::nn::Module& module, const std::string& prefix) {
        for (auto& item : namedTensors(module, prefix)) all.push_back(std::move(item));
    };
    add(*query_, "encoder.");
    add(*queryHead_, "projection.");
    add(*key_, "key_encoder.");
    add(*keyHead_, "key_projection.");
    all.emplace_back("queue", queue_);
    all.emplace_back("queue_position", position_);
    return all;
}

}  // namespace tomoloupe
