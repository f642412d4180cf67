#include "core/train/pretrain_task.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <numeric>

#include "core/base/error.h"
#include "core/base/seed.h"

namespace tomoloupe {
namespace {

std::vector<at::Tensor> joined(const std::vector<std::vector<at::Tensor>>& parts) {
    std::vector<at::Tensor> result;
    for (std::size_t role = 0; role < parts.front().size(); ++role) {
        std::vector<at::Tensor> rows;
        for (const auto& part : parts) rows.push_back(part[role]);
        result.push_back(rows.size() == 1 ? rows.front() : at::cat(rows));
    }
    return result;
}

}  // namespace

PretrainTask::PretrainTask(PretrainMethod& method, const VolumeBatches& volumes, std::int64_t batchSize, std::uint64_t seed, World& world,
                           std::vector<std::int64_t> chosen)
    : method_(method), volumes_(volumes), batchSize_(batchSize), seed_(seed), world_(world), chosen_(std::move(chosen)), share_(shareOf(batchSize, world)) {
    if (chosen_.empty()) {
        chosen_.resize(std::size_t(volumes.count()));
        std::iota(chosen_.begin(), chosen_.end(), 0);
    }
    if (std::ssize(chosen_) < batchSize)
        throw InvalidOptions(fmt::format("There are {} particles, fewer than one batch of {}: choose a smaller batch-size", chosen_.size(), batchSize));
}

std::int64_t PretrainTask::stepsPerEpoch() const { return std::ssize(chosen_) / batchSize_; }

std::span<const std::int64_t> PretrainTask::indicesOf(const StepPosition& position) {
    if (position.epoch != orderEpoch_) {
        order_ = epochOrder(std::ssize(chosen_), seed_, position.epoch);
        for (std::int64_t& place : order_) place = chosen_[std::size_t(place)];
        orderEpoch_ = position.epoch;
    }
    const std::int64_t inEpoch = position.step - position.epoch * stepsPerEpoch();
    return std::span(order_).subspan(std::size_t(inEpoch * batchSize_ + share_.first), std::size_t(share_.size));
}

StepResult PretrainTask::step(const StepPosition& position, const StepLimits& limits) {
    const auto indices = indicesOf(position);
    const std::uint64_t seed = deriveSeed(seed_, "step", std::uint64_t(position.step));
    method_.beginStep(position);
    const bool whole = limits.microBatch <= 0 || limits.microBatch >= share_.size;
    StepResult result = whole ? atOnce(indices, seed, limits) : inParts(indices, seed, limits);
    if (world_.size() > 1) {
        std::vector<at::Tensor> gradients;
        for (const at::Tensor& parameter : method_.embedParameters())
            if (parameter.grad().defined()) gradients.push_back(parameter.grad());
        world_.sum(gradients);  // that of lossParameters() is whole on every rank
    }
    return result;
}

Embeddings PretrainTask::embedPart(std::span<const std::int64_t> indices, std::int64_t start, std::int64_t count, std::uint64_t seed) {
    return method_.embed(volumes_.batch(indices.subspan(std::size_t(start), std::size_t(count))), seed, share_.first + start);
}

Embeddings PretrainTask::ofAllRanks(const Embeddings& mine) {
    if (world_.size() == 1) return mine;
    Embeddings all;
    for (const at::Tensor& vectors : mine.fixed) all.fixed.push_back(world_.gatherRows(vectors));
    for (const at::Tensor& vectors : mine.learning) {
        const at::Tensor rows = world_.gatherRows(vectors);
        const std::int64_t after = share_.first + share_.size;
        all.learning.push_back(at::cat({rows.narrow(0, 0, share_.first), vectors, rows.narrow(0, after, rows.size(0) - after)}));
    }
    return all;
}

StepResult PretrainTask::atOnce(std::span<const std::int64_t> indices, std::uint64_t seed, const StepLimits& limits) {
    LossValue value = method_.loss(ofAllRanks(embedPart(indices, 0, share_.size, seed)));
    limits.interrupt();
    value.loss.backward();
    return {value.loss.detach(), std::move(value.numbers)};
}

StepResult PretrainTask::inParts(std::span<const std::int64_t> indices, std::uint64_t seed, const StepLimits& limits) {
    const auto forParts = [&](const auto& work) {
        for (std::int64_t start = 0; start < share_.size; start += limits.microBatch) {
            limits.interrupt();
            work(start, std::min(limits.microBatch, share_.size - start));
        }
    };
    std::vector<std::vector<at::Tensor>> learning, fixed;
    forParts([&](std::int64_t start, std::int64_t count) {
        at::NoGradGuard noGrad;
        const Embeddings part = embedPart(indices, start, count, seed);
        learning.push_back(part.learning);
        fixed.push_back(part.fixed);
    });
    Embeddings mine{joined(learning), joined(fixed)};
    for (at::Tensor& vectors : mine.learning) vectors = vectors.detach().requires_grad_(true);
    LossValue value = method_.loss(ofAllRanks(mine));
    value.loss.backward();  // to the vectors; from there on part by part, computed once more with a graph
    forParts([&](std::int64_t start, std::int64_t count) {
        const Embeddings part = embedPart(indices, start, count, seed);
        at::Tensor weighted;  // its gradient is that of the loss
        for (std::size_t role = 0; role < part.learning.size(); ++role) {
            const at::Tensor one = (part.learning[role] * mine.learning[role].grad().narrow(0, start, count)).sum();
            weighted = weighted.defined() ? weighted + one : one;
        }
        weighted.backward();
    });
    return {value.loss.detach(), std::move(value.numbers)};
}

}  // namespace tomoloupe
