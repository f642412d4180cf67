#include "core/train/representation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "core/base/seed.h"
#include "core/ssl/augmentation.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kViewed = 200, kFewest = 3;
constexpr double kSmallest = 1e-12;

at::Tensor unitRows(const at::Tensor& vectors) {
    const at::Tensor exact = vectors.to(at::kCPU, at::kDouble);
    return exact / exact.norm(2, 1, true).clamp_min(kSmallest);
}

/// Volumes to look at, the same for a seed: labelled ones first.
std::vector<std::int64_t> chosenVolumes(std::int64_t count, std::span<const int> labels, const MonitorOptions& options) {
    std::vector<std::int64_t> all = epochOrder(count, deriveSeed(options.seed, "monitored volumes"), 0);
    if (!labels.empty()) std::stable_partition(all.begin(), all.end(), [&](std::int64_t i) { return labels[std::size_t(i)] >= 0; });
    all.resize(std::size_t(std::min(count, options.volumes)));
    return all;
}

using Change = std::function<at::Tensor(const at::Tensor& batch, std::int64_t first)>;

at::Tensor embedded(Encoder& encoder, const VolumeBatches& volumes, std::span<const std::int64_t> indices, std::int64_t batchSize,
                    const Change& change, const std::function<void(std::int64_t)>& tick = {}) {
    at::NoGradGuard noGrad;
    const bool wasTraining = encoder.is_training();
    encoder.eval();
    std::vector<at::Tensor> parts;
    for (std::size_t first = 0; first < indices.size(); first += std::size_t(batchSize)) {
        const auto part = indices.subspan(first, std::min(std::size_t(batchSize), indices.size() - first));
        parts.push_back(encoder.embed(change(volumes.batch(part), std::int64_t(first))));
        if (tick) tick(std::int64_t(first + part.size()));
    }
    encoder.train(wasTraining);
    return at::cat(parts);
}

}  // namespace

double neighbourAccuracy(const at::Tensor& vectors, std::span<const int> labels, int neighbours) {
    constexpr double kTemperature = 0.07;
    at::NoGradGuard noGrad;
    const at::Tensor unit = unitRows(vectors);
    const std::int64_t count = unit.size(0), classes = *std::max_element(labels.begin(), labels.end()) + 1;
    at::Tensor cosines = unit.mm(unit.t());
    cosines.fill_diagonal_(-2);  // below all others: nobody is asked about itself
    const auto [nearest, who] = cosines.topk(std::min<std::int64_t>(neighbours, count - 1), 1);
    const at::Tensor weights = (nearest / kTemperature).exp();
    int right = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        std::vector<double> votes(static_cast<std::size_t>(classes));
        for (std::int64_t k = 0; k < who.size(1); ++k) {
            const std::int64_t neighbour = who.data_ptr<std::int64_t>()[i * who.size(1) + k];
            votes[std::size_t(labels[std::size_t(neighbour)])] += weights.data_ptr<double>()[i * who.size(1) + k];
        }
        right += std::max_element(votes.begin(), votes.end()) - votes.begin() == labels[std::size_t(i)];
    }
    return double(right) / double(count);
}

double alignment(const at::Tensor& first, const at::Tensor& second) {
    at::NoGradGuard noGrad;
    return (unitRows(first) - unitRows(second)).pow(2).sum(1).mean().item<double>();
}

double uniformity(const at::Tensor& vectors) {
    at::NoGradGuard noGrad;
    const at::Tensor unit = unitRows(vectors);
    const auto count = double(unit.size(0));
    const at::Tensor potential = (-2 * (2 - 2 * unit.mm(unit.t())).clamp_min(0)).exp().fill_diagonal_(0);
    return std::log(potential.sum().item<double>() / (count * (count - 1)));
}

double effectiveRank(const at::Tensor& vectors) {
    at::NoGradGuard noGrad;
    const at::Tensor exact = vectors.to(at::kCPU, at::kDouble), centred = exact - exact.mean(0, true);
    const at::Tensor gram = centred.size(0) < centred.size(1) ? centred.mm(centred.t()) : centred.t().mm(centred);
    const at::Tensor singular = at::linalg_eigvalsh(gram).clamp_min(0).sqrt();
    const double sum = singular.sum().item<double>();
    if (sum < kSmallest) return 1;
    const at::Tensor part = singular / sum;
    return std::exp(-(part * part.clamp_min(kSmallest).log()).sum().item<double>());
}

double spread(const at::Tensor& vectors) {
    at::NoGradGuard noGrad;
    const at::Tensor unit = unitRows(vectors);
    return unit.std(0, /*unbiased*/ false).mean().item<double>() * std::sqrt(double(unit.size(1)));
}

at::Tensor representationsOf(Encoder& encoder, const VolumeBatches& volumes, std::span<const std::int64_t> indices, std::int64_t batchSize,
                             const std::function<void(std::int64_t)>& tick) {
    return embedded(encoder, volumes, indices, batchSize, [](const at::Tensor& batch, std::int64_t) { return batch; }, tick);
}

std::vector<std::pair<std::string, double>> monitorRepresentation(Encoder& encoder, const VolumeBatches& volumes,
                                                                  std::span<const int> labels, const MonitorOptions& options) {
    at::NoGradGuard noGrad;
    const std::vector<std::int64_t> chosen = chosenVolumes(volumes.count(), labels, options);
    if (std::int64_t(chosen.size()) < kFewest) return {};
    const at::Tensor plain = representationsOf(encoder, volumes, chosen, options.batchSize);
    const auto viewed = std::span(chosen).first(std::min(chosen.size(), std::size_t(kViewed)));
    const auto view = [&](std::uint64_t which) {
        return embedded(encoder, volumes, viewed, options.batchSize, [&](const at::Tensor& batch, std::int64_t at) {
            return augment(batch, options.augmentation, deriveSeed(options.seed, "monitored view", which), at);
        });
    };
    const at::Tensor first = view(0), second = view(1);

    std::vector<std::pair<std::string, double>> numbers;
    std::vector<int> known;
    if (!labels.empty())
        for (const std::int64_t i : chosen)
            if (labels[std::size_t(i)] >= 0) known.push_back(labels[std::size_t(i)]);  // labelled ones lie in front
    if (const std::size_t classes = std::set<int>(known.begin(), known.end()).size(); classes > 1) {
        constexpr std::size_t kMost = 20;
        const std::size_t neighbours = std::clamp<std::size_t>(known.size() / (2 * classes), 1, kMost);
        numbers.emplace_back("kNN accuracy", neighbourAccuracy((plain - plain.mean(0)).narrow(0, 0, std::int64_t(known.size())), known, int(neighbours)));
    }
    numbers.emplace_back("alignment", alignment(first, second));
    numbers.emplace_back("uniformity", (uniformity(first) + uniformity(second)) / 2);
    numbers.emplace_back("effective rank", effectiveRank(plain));
    numbers.emplace_back("spread", spread(plain));
    return numbers;
}

}  // namespace tomoloupe
