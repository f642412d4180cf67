#include "core/train/finetune_task.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/nn/compute.h"
#include "core/ssl/augmentation.h"
#include "core/train/pseudo_labels.h"

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

namespace {

/// `wanted` of the volumes named: shuffled rounds one after the other.
std::vector<std::int64_t> shuffledRounds(const std::vector<std::int64_t>& volumes, std::int64_t wanted, std::uint64_t seed, std::int64_t epoch) {
    std::vector<std::int64_t> order;
    for (std::int64_t round = 0; std::int64_t(order.size()) < wanted; ++round)
        for (const std::int64_t i : epochOrder(std::int64_t(volumes.size()), deriveSeed(seed, "round", std::uint64_t(round)), epoch))
            order.push_back(volumes[std::size_t(i)]);
    return order;
}

}  // namespace

FinetuneTask::FinetuneTask(const Model& model, LabelledVolumes data, const FinetuneOptions& options, std::uint64_t seed,
                           const at::Device& device, World& world)
    : model_(model), data_(std::move(data)), options_(options), strong_(options.augmentation), seed_(seed), device_(device), world_(world) {
    if (data_.train.empty()) throw Error("There are no labelled particles to learn from; label some first");
    strong_.kind = "extended";
    const auto count = std::int64_t(data_.train.size());
    batchSize_ = options.batchSize <= count ? options.batchSize : std::max<std::int64_t>(count / world.size(), 1) * world.size();
    share_ = shareOf(batchSize_, world);
    stepsPerEpoch_ = std::max<std::int64_t>((count + batchSize_ - 1) / batchSize_, options.minimumSteps);
    std::vector<int> known(data_.labels.size(), -1);  // from here on nothing can look at the labels of the rest
    for (const auto* part : {&data_.train, &data_.validation})
        for (const std::int64_t i : *part) known[std::size_t(i)] = data_.labels[std::size_t(i)];
    data_.labels = std::move(known);
    if (!options.pseudoLabels) data_.rest.clear();
    classCounts_.resize(model.manifest.classes.size());
    for (const std::int64_t i : data_.train) ++classCounts_[std::size_t(data_.labels[std::size_t(i)])];
    classWeights_ = options.classWeights == "balanced" ? balancedWeights(classCounts_) : std::vector<double>(classCounts_.size(), 1.0);
    for (const auto& [name, tensor] : model.tensors()) best_.emplace_back("best." + name, tensor.detach().clone());
    bestScore_ = at::zeros({4}, at::kDouble);
    bestScore_[0] = -1;
    pseudo_ = at::full({std::int64_t(data_.rest.size())}, -1, at::kLong);
}

std::vector<at::Tensor> FinetuneTask::parameters() const {
    std::vector<at::Tensor> all = model_.classifier->parameters();
    if (options_.freezeEncoder) return all;
    const std::vector<at::Tensor> encoder = model_.encoder->parameters();
    all.insert(all.begin(), encoder.begin(), encoder.end());
    return all;
}

void FinetuneTask::beginEpoch(std::int64_t epoch) {
    if (epoch == orderEpoch_) return;
    orderEpoch_ = epoch;
    order_ = shuffledRounds(data_.train, stepsPerEpoch_ * batchSize_, seed_, epoch);
    taught_ = data_.labels;
    std::vector<std::int64_t> named;
    for (std::size_t i = 0; i < data_.rest.size(); ++i)
        if (const auto label = int(pseudo_.data_ptr<std::int64_t>()[i]); label >= 0) {
            named.push_back(data_.rest[i]);
            taught_[std::size_t(data_.rest[i])] = label;
        }
    pseudoCount_ = std::int64_t(named.size());
    pseudoSlots_ = std::min(batchSize_, pseudoCount_) / world_.size() * world_.size();
    pseudoOrder_ = shuffledRounds(named, stepsPerEpoch_ * pseudoSlots_, deriveSeed(seed_, "pseudo-labelled"), epoch);
}

std::vector<FinetuneTask::Group> FinetuneTask::groupsOf(const StepPosition& position, std::uint64_t seed) {
    beginEpoch(position.epoch);
    const std::int64_t inEpoch = position.step - position.epoch * stepsPerEpoch_;
    std::vector<Group> groups;
    const auto add = [&](const std::vector<std::int64_t>& order, std::int64_t slots, std::int64_t firstSlot, double weight) {
        const Share share = shareOf(slots, world_);
        const auto begin = order.begin() + inEpoch * slots + share.first;
        const double strong = options_.strongFraction * double(slots);  // its fraction is drawn, so that the mean is right
        const double drawn = Random(deriveSeed(seed, "strong views", std::uint64_t(firstSlot))).uniform();
        groups.push_back({{begin, begin + share.size}, firstSlot + share.first, firstSlot + std::int64_t(std::floor(strong + drawn)), weight});
    };
    add(order_, batchSize_, 0, 1 / double(batchSize_));
    if (pseudoSlots_ > 0)
        add(pseudoOrder_, pseudoSlots_, batchSize_, double(pseudoCount_) / double(data_.rest.size()) / double(pseudoSlots_));
    return groups;
}

StepResult FinetuneTask::step(const StepPosition& position, const StepLimits& limits) {
    const std::uint64_t seed = deriveSeed(seed_, "step", std::uint64_t(position.step));
    model_.train(true);
    if (options_.freezeEncoder) model_.encoder->train(false);
    at::Tensor sum = at::zeros({1}, at::TensorOptions(device_));
    for (const Group& group : groupsOf(position, seed)) {
        const auto count = std::int64_t(group.indices.size());
        const std::int64_t atOnce = limits.microBatch > 0 ? std::min(limits.microBatch, count) : count;
        for (std::int64_t first = 0; first < count; first += atOnce) {
            limits.interrupt();
            const auto part = std::span(group.indices).subspan(std::size_t(first), std::size_t(std::min(atOnce, count - first)));
            const at::Tensor loss = lossOf(part, group.firstSlot + first, group, seed);
            limits.interrupt();
            loss.backward();
            sum += loss.detach();
        }
    }
    if (world_.size() > 1) {
        std::vector<at::Tensor> sums{sum};
        for (const at::Tensor& parameter : parameters())
            if (parameter.grad().defined()) sums.push_back(parameter.grad());
        world_.sum(sums);
    }
    return {sum, {}};
}

at::Tensor FinetuneTask::viewsOf(const at::Tensor& volumes, std::int64_t slot, const Group& group, std::uint64_t seed) const {
    if (!options_.augment) return volumes;
    const std::uint64_t viewSeed = deriveSeed(seed, "view");
    const std::int64_t count = volumes.size(0), strong = std::clamp<std::int64_t>(group.strongEnd - slot, 0, count);
    std::vector<at::Tensor> views;
    if (strong > 0) views.push_back(augment(volumes.narrow(0, 0, strong), strong_, viewSeed, slot));
    if (strong < count) views.push_back(augment(volumes.narrow(0, strong, count - strong), options_.augmentation, viewSeed, slot + strong));
    return views.size() == 1 ? views.front() : at::cat(views);
}

at::Tensor FinetuneTask::scoresOf(const at::Tensor& volumes) const {
    if (!options_.freezeEncoder) return model_.classify(volumes);
    at::Tensor representation;
    {
        at::NoGradGuard noGrad;
        representation = model_.encoder->embed(volumes);
    }
    return model_.classifier->forward(representation);
}

at::Tensor FinetuneTask::lossOf(std::span<const std::int64_t> indices, std::int64_t slot, const Group& group, std::uint64_t seed) {
    const at::Tensor views = viewsOf(data_.volumes->batch(indices), slot, group, seed);
    const auto count = std::int64_t(indices.size());
    const at::Tensor target = at::empty({count}, at::kLong), weight = at::empty({count}, at::kFloat);
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const int label = taught_[std::size_t(indices[i])];
        target.data_ptr<std::int64_t>()[i] = label;
        weight.data_ptr<float>()[i] = float(group.weight * classWeights_[std::size_t(label)]);
    }
    model_.encoder->setGenerator(makeGenerator(device_, deriveSeed(seed, "dropout", std::uint64_t(slot))));
    constexpr std::int64_t kEach = 0, kIgnoreNone = -100;  // losses one by one
    const at::Tensor losses = at::cross_entropy_loss(scoresOf(views), target.to(device_), {}, kEach, kIgnoreNone, options_.labelSmoothing);
    return (losses * weight.to(device_)).sum();
}

at::Tensor FinetuneTask::predict(std::span<const std::int64_t> indices) const {
    const std::int64_t batch = std::max<std::int64_t>(batchSize_, 64);
    if (world_.size() == 1 || indices.empty()) return predictProbabilities(model_, *data_.volumes, indices, batch);
    const auto count = std::int64_t(indices.size()), each = (count + world_.size() - 1) / world_.size();
    std::vector<std::int64_t> mine;
    for (std::int64_t i = 0; i < each; ++i) mine.push_back(indices[std::size_t(std::min(world_.rank() * each + i, count - 1))]);
    const at::Tensor table = predictProbabilities(model_, *data_.volumes, mine, batch).to(device_);
    return world_.gatherRows(table).narrow(0, 0, count).to(at::kCPU);
}

std::vector<std::pair<std::string, double>> FinetuneTask::endEpoch(std::int64_t epoch) {
    const Score score = judge(epoch + 1);
    std::vector<std::pair<std::string, double>> numbers;
    if (!data_.validation.empty()) numbers = {{"validation accuracy", score.accuracy}, {"validation loss", score.loss}};
    if (!data_.rest.empty()) {
        namePseudoLabels();
        numbers.emplace_back("pseudo-labels", double((pseudo_ >= 0).sum().item<std::int64_t>()));
    }
    return numbers;
}

void FinetuneTask::judgeStart() {
    judge(0);
    restoreBest();
    if (options_.probeFirst && !data_.rest.empty()) namePseudoLabels();  // else the classifier is still random
}

void FinetuneTask::namePseudoLabels() {
    const auto chosen = choosePseudoLabels(predict(data_.rest), options_.pseudoThreshold, classCounts_);
    std::copy(chosen.begin(), chosen.end(), pseudo_.data_ptr<std::int64_t>());
}

Score FinetuneTask::judge(std::int64_t epoch) {
    at::NoGradGuard noGrad;
    Score score;
    if (!data_.validation.empty()) score = scoreOf(predict(data_.validation), data_.validation, data_.labels);
    double* best = bestScore_.data_ptr<double>();
    const bool better = score.accuracy > best[0] || (score.accuracy == best[0] && score.loss < best[1]);
    if (better || data_.validation.empty()) {
        best[0] = score.accuracy;
        best[1] = score.loss;
        best[2] = double(epoch);
        const NamedTensors current = model_.tensors();
        for (std::size_t i = 0; i < current.size(); ++i) best_[i].second.copy_(current[i].second);
    }
    best[3] = double(epoch);
    return score;
}

bool FinetuneTask::wantsToStop() const {
    return options_.earlyStopEpochs > 0 && bestAccuracy() >= 0 && judgedEpochs() - bestEpoch() >= options_.earlyStopEpochs;
}

NamedTensors FinetuneTask::state() const {
    NamedTensors all = model_.tensors();
    all.insert(all.end(), best_.begin(), best_.end());
    all.emplace_back("best_score", bestScore_);
    if (!data_.rest.empty()) all.emplace_back("pseudo_labels", pseudo_);
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

std::int64_t FinetuneTask::judgedEpochs() const { return std::int64_t(bestScore_.data_ptr<double>()[3]); }

std::vector<int> FinetuneTask::pseudoLabels() const {
    const auto* const labels = pseudo_.data_ptr<std::int64_t>();
    return {labels, labels + pseudo_.numel()};
}

}  // namespace tomoloupe
