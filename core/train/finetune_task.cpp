#include "core/train/finetune_task.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/nn/compute.h"
#include "core/ssl/augmentation.h"

namespace tomoloupe {

at::Tensor predictProbabilities(const Model& model, const VolumeBatches& volumes, std::span<const std::int64_t> indices,
                                std::int64_t batchSize, const std::function<void(std::int64_t)>& tick) {
    at::NoGradGuard noGrad;
    const bool wasTraining = model.encoder->is_training();
    model.train(false);
    std::vector<at::Tensor> parts;
    for (std::size_t first = 0; first < indices.size(); first += std::size_t(batchSize)) {
        const auto part = indices.subspan(first, std::min(std::size_t(batchSize), indices.size() - first));
        parts.push_back(at::softmax(model.classify(volumes.batch(part)), 1).to(at::kCPU));
        if (tick) tick(std::int64_t(first + part.size()));
    }
    model.train(wasTraining);
    return parts.empty() ? at::empty({0, std::int64_t(model.manifest.classes.size())}) : at::cat(parts);
}

Score scoreOf(const at::Tensor& probabilities, std::span<const std::int64_t> indices, std::span<const int> labels) {
    if (indices.empty()) return {};
    const at::Tensor table = probabilities.contiguous();
    const std::int64_t classes = table.size(1);
    const float* row = table.data_ptr<float>();
    Score score;
    for (const std::int64_t index : indices) {
        const int label = labels[std::size_t(index)];
        score.accuracy += std::max_element(row, row + classes) - row == label;
        score.loss -= std::log(std::max(row[label], 1e-12f));
        row += classes;
    }
    score.accuracy /= double(indices.size());
    score.loss /= double(indices.size());
    return score;
}

FinetuneTask::FinetuneTask(const Model& model, LabelledVolumes data, const FinetuneOptions& options, std::uint64_t seed,
                           const at::Device& device)
    : model_(model), data_(std::move(data)), options_(options), seed_(seed), device_(device) {
    if (data_.train.empty()) throw Error("There are no labelled particles to learn from; label some first");
    batchSize_ = std::min<std::int64_t>(options.batchSize, std::int64_t(data_.train.size()));
    const std::int64_t once = (std::int64_t(data_.train.size()) + batchSize_ - 1) / batchSize_;
    stepsPerEpoch_ = std::max<std::int64_t>(once, options.minimumSteps);
    for (const auto& [name, tensor] : model.tensors()) best_.emplace_back("best." + name, tensor.detach().clone());
    bestScore_ = at::zeros({3}, at::kDouble);
    bestScore_[0] = -1;
}

std::vector<std::int64_t> FinetuneTask::batchIndices(std::int64_t epoch, std::int64_t stepInEpoch) {
    const auto count = std::int64_t(data_.train.size());
    if (epoch != orderEpoch_) {
        order_.clear();
        for (std::int64_t round = 0; std::int64_t(order_.size()) < stepsPerEpoch_ * batchSize_; ++round) {
            const auto shuffled = epochOrder(count, deriveSeed(seed_, "round", std::uint64_t(round)), epoch);
            order_.insert(order_.end(), shuffled.begin(), shuffled.end());
        }
        orderEpoch_ = epoch;
    }
    std::vector<std::int64_t> indices;
    for (std::int64_t i = stepInEpoch * batchSize_; i < (stepInEpoch + 1) * batchSize_; ++i)
        indices.push_back(data_.train[std::size_t(order_[std::size_t(i)])]);
    return indices;
}

StepResult FinetuneTask::step(const StepPosition& position, const StepLimits& limits) {
    const std::uint64_t seed = deriveSeed(seed_, "step", std::uint64_t(position.step));
    const auto indices = batchIndices(position.epoch, position.step - position.epoch * stepsPerEpoch_);
    const std::int64_t atOnce = limits.microBatch > 0 ? std::min(limits.microBatch, batchSize_) : batchSize_;
    model_.train(true);
    at::Tensor sum = at::zeros({1}, at::TensorOptions(device_));
    for (std::int64_t first = 0; first < batchSize_; first += atOnce) {
        limits.interrupt();
        const auto part = std::span(indices).subspan(std::size_t(first), std::size_t(std::min(atOnce, batchSize_ - first)));
        const at::Tensor loss = lossOf(part, first, seed);
        limits.interrupt();
        loss.backward();
        sum += loss.detach();
    }
    return {sum, {}};
}

at::Tensor FinetuneTask::lossOf(std::span<const std::int64_t> indices, std::int64_t first, std::uint64_t seed) {
    at::Tensor volumes = data_.volumes->batch(indices);
    if (options_.augment) volumes = augment(volumes, options_.augmentation, deriveSeed(seed, "view"), first);
    const at::Tensor target = at::empty({std::int64_t(indices.size())}, at::kLong);
    for (std::size_t i = 0; i < indices.size(); ++i)
        target.data_ptr<std::int64_t>()[i] = data_.labels[std::size_t(indices[i])];
    model_.encoder->setGenerator(makeGenerator(device_, deriveSeed(seed, "dropout", std::uint64_t(first))));
    return at::cross_entropy_loss(model_.classify(volumes), target.to(device_)) * (double(indices.size()) / double(batchSize_));
}

std::vector<std::pair<std::string, double>> FinetuneTask::endEpoch(std::int64_t epoch) {
    const Score score = judge(epoch + 1);
    if (data_.validation.empty()) return {};
    return {{"validation accuracy", score.accuracy}, {"validation loss", score.loss}};
}

void FinetuneTask::judgeStart() { judge(0); }

Score FinetuneTask::judge(std::int64_t epoch) {
    at::NoGradGuard noGrad;
    Score score;
    if (!data_.validation.empty())
        score = scoreOf(predictProbabilities(model_, *data_.volumes, data_.validation, std::max<std::int64_t>(batchSize_, 64)),
                        data_.validation, data_.labels);
    double* best = bestScore_.data_ptr<double>();
    const bool better = score.accuracy > best[0] || (score.accuracy == best[0] && score.loss <= best[1]);
    if (better || data_.validation.empty()) {
        best[0] = score.accuracy;
        best[1] = score.loss;
        best[2] = double(epoch);
        const NamedTensors current = model_.tensors();
        for (std::size_t i = 0; i < current.size(); ++i) best_[i].second.copy_(current[i].second);
    }
    return score;
}

NamedTensors FinetuneTask::state() const {
    NamedTensors all = model_.tensors();
    all.insert(all.end(), best_.begin(), best_.end());
    all.emplace_back("best_score", bestScore_);
    return all;
}

void FinetuneTask::restoreBest() const {
    if (bestAccuracy() < 0) return;
    at::NoGradGuard noGrad;
    const NamedTensors current = model_.tensors();
    for (std::size_t i = 0; i < current.size(); ++i) at::Tensor(current[i].second).copy_(best_[i].second);
}

std::int64_t FinetuneTask::bestEpoch() const { return std::int64_t(bestScore_.data_ptr<double>()[2]); }

double FinetuneTask::bestAccuracy() const { return bestScore_.data_ptr<double>()[0]; }

}  // namespace tomoloupe
