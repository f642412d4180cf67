#include "core/ssl/moco.h"

#include <ATen/ATen.h>

#include "core/base/seed.h"
#include "core/nn/compute.h"
#include "core/ssl/augmentation.h"
#include "core/ssl/methods.h"

namespace tomoloupe {
namespace {

at::Tensor randomUnitRows(std::int64_t rows, std::int64_t columns, std::uint64_t seed, const at::Device& device) {
    return unitRows(at::empty({rows, columns}).normal_(0, 1, makeGenerator(at::kCPU, seed))).to(device);
}

}  // namespace

Moco::Moco(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device)
    : options_(options), device_(device), query_(makeBranch(options, boxSize, seed, device)),
      key_(makeSlowBranch(options, boxSize, seed, device)),  // the same weights to begin with
      queue_(randomUnitRows(options.queueSize, options.projectionSize, deriveSeed(seed, "queue"), device), options.queueSize) {}

Embeddings Moco::embed(const at::Tensor& volumes, std::uint64_t seed, std::int64_t first) {
    query_.encoder->setGenerator(makeGenerator(device_, deriveSeed(seed, "query dropout", std::uint64_t(first))));
    key_.encoder->setGenerator(makeGenerator(device_, deriveSeed(seed, "key dropout", std::uint64_t(first))));
    key_.encoder->setPrecision(query_.encoder->precision());
    Embeddings vectors;
    {
        at::NoGradGuard noGrad;
        const at::Tensor view = augment(volumes, options_.augmentation, deriveSeed(seed, "key view"), first);
        vectors.fixed = {key_.vectors(view)};
    }
    const at::Tensor view = augment(volumes, options_.augmentation, deriveSeed(seed, "query view"), first);
    vectors.learning = {query_.vectors(view)};
    return vectors;
}

LossValue Moco::loss(const Embeddings& batch) {
    lastKeys_ = centredUnitRows(batch.fixed.at(0));
    const ContrastLoss value = infoNce(centredUnitRows(batch.learning.at(0)), lastKeys_, queue_.rows(), options_.temperature);
    return {value.loss, {{"contrast accuracy", value.accuracy}, {"vector spread", vectorSpread(batch.learning.at(0))}}};
}

NamedTensors Moco::state() const {
    NamedTensors all;
    appendState(all, *query_.encoder, "encoder.");
    appendState(all, *query_.head, "projection.");
    appendState(all, *key_.encoder, "key_encoder.");
    appendState(all, *key_.head, "key_projection.");
    queue_.appendState(all, "queue");
    return all;
}

std::unique_ptr<PretrainMethod> makeMoco(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device) {
    return std::make_unique<Moco>(options, boxSize, seed, device);
}

}  // namespace tomoloupe
