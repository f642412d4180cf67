#include "core/ssl/projection.h"

#include <ATen/ATen.h>

#include <cmath>

#include "core/base/seed.h"
#include "core/nn/compute.h"
#include "core/ssl/augmentation.h"

namespace tomoloupe {

Projection::Projection(std::int64_t in, std::int64_t hidden, std::int64_t out, const at::Generator& generator)
    : input_(in) {
    input_.mean = register_buffer("mean", input_.mean);
    input_.scale = register_buffer("scale", input_.scale);
    const auto weight = [&](const char* name, std::int64_t rows, std::int64_t columns, double gain) {
        const double deviation = std::sqrt(gain / double(columns));
        return register_parameter(name, at::empty({rows, columns}).normal_(0, deviation, generator));
    };
    if (hidden > 0) {
        hiddenWeight_ = weight("hidden_weight", hidden, in, 2);  // He et al. 2015: a ReLU follows
        hiddenBias_ = register_parameter("hidden_bias", at::zeros({hidden}));
    }
    weight_ = weight("weight", out, hidden > 0 ? hidden : in, 1);
    bias_ = register_parameter("bias", at::zeros({out}));
}

at::Tensor Projection::forward(const at::Tensor& x) const {
    const at::Tensor given = input_.applied(x), hidden = hiddenWeight_.defined() ? at::relu(at::linear(given, hiddenWeight_, hiddenBias_)) : given;
    return at::linear(hidden, weight_, bias_);
}

std::shared_ptr<Projection> makeProjection(const PretrainOptions& options, std::int64_t in, std::uint64_t seed, const at::Device& device) {
    auto head = std::make_shared<Projection>(in, options.head == "mlp" ? in : 0, options.projectionSize, makeGenerator(at::kCPU, seed));
    head->to(device);
    return head;
}

std::vector<at::Tensor> Branch::parameters() const {
    std::vector<at::Tensor> all = encoder->parameters();
    for (const at::Tensor& parameter : head->parameters()) all.push_back(parameter);
    return all;
}

Branch makeBranch(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device) {
    Branch branch{makeEncoder(options.encoder, boxSize, deriveSeed(seed, "encoder"), device), nullptr};
    branch.head = makeProjection(options, branch.encoder->embedSize(), deriveSeed(seed, "projection"), device);
    return branch;
}

Branch makeSlowBranch(const PretrainOptions& options, std::int64_t boxSize, std::uint64_t seed, const at::Device& device) {
    Branch branch = makeBranch(options, boxSize, seed, device);
    for (const at::Tensor& parameter : branch.parameters()) parameter.set_requires_grad(false);
    return branch;
}

std::vector<Follower> followersOf(const Branch& branch, const Branch& slow) {
    const auto parameters = branch.parameters(), copies = slow.parameters();
    std::vector<Follower> all;
    for (std::size_t i = 0; i < parameters.size(); ++i) all.push_back({parameters[i], copies[i]});
    return all;
}

at::Tensor twoViews(const at::Tensor& volumes, const AugmentationOptions& options, std::uint64_t seed, std::int64_t first) {
    return at::cat({augment(volumes, options, deriveSeed(seed, "view", 0), first), augment(volumes, options, deriveSeed(seed, "view", 1), first)});
}

void appendState(NamedTensors& all, const torch::nn::Module& module, const std::string& prefix) {
    for (auto& item : namedTensors(module, prefix)) all.push_back(std::move(item));
}

}  // namespace tomoloupe
