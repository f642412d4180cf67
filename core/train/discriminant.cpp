#include "core/train/discriminant.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace tomoloupe {
namespace {

constexpr int kRounds = 30;
constexpr double kUnlabelledWeight = 0.2;
/// Scores are divided by this in the first round and by ever less down to 1.
constexpr double kSoftening = 3, kHardening = 0.9;
/// Mean change of a probability below which another round changes nothing that matters.
constexpr double kSettled = 1e-4;
/// Least variance, as a part of the vectors' own: where each class has one vector alone, there is none to be seen.
constexpr double kLeastVariance = 1e-3;

/// Part of the sphere in the shrunken covariance of `freedom` independent vectors: equation 23 of Chen et al.
double shrinkage(const at::Tensor& covariance, double freedom) {
    const auto size = double(covariance.size(0)), trace = covariance.trace().item<double>(), squared = trace * trace;
    const auto ofSquare = covariance.square().sum().item<double>();
    const double beyondSphere = (freedom + 1 - 2 / size) * (ofSquare - squared / size);
    const double wanted = (1 - 2 / size) * ofSquare + squared;
    return wanted < beyondSphere ? wanted / beyondSphere : 1;
}

/// `belongs` [N, classes]: weight of each vector in each class.
LinearScores fitted(const at::Tensor& vectors, const at::Tensor& belongs, const at::Tensor& logPriors) {
    const at::Tensor weights = belongs.sum(0).unsqueeze(1);  // [classes, 1]
    const at::Tensor means = belongs.t().mm(vectors) / weights;
    const double freedom = std::max(weights.sum().item<double>() - double(weights.size(0)), 1.0);
    const at::Tensor covariance = ((vectors * belongs.sum(1, true)).t().mm(vectors) - (means * weights).t().mm(means)) / freedom;
    const double part = shrinkage(covariance, freedom), least = kLeastVariance * vectors.var(0).mean().item<double>();
    const double variance = std::max(covariance.trace().item<double>() / double(covariance.size(0)), least);
    const at::Tensor sphere = at::eye(covariance.size(0), covariance.options()) * variance;
    const at::Tensor weight = at::linalg_solve(covariance * (1 - part) + sphere * part, means.t().contiguous()).t();
    return {weight, logPriors - (weight * means).sum(1) / 2};
}

}  // namespace

LinearScores discriminantOf(const LabelledVectors& labelled, const at::Tensor& unlabelled, const std::function<void()>& interrupt) {
    at::NoGradGuard noGrad;
    const at::Tensor known = labelled.vectors.to(at::kCPU, at::kDouble);
    const auto classes = std::int64_t(labelled.classWeights.size());
    const at::Tensor truth = at::zeros({known.size(0), classes}, at::kDouble);
    for (std::size_t i = 0; i < labelled.labels.size(); ++i) truth[std::int64_t(i)][labelled.labels[i]] = 1;
    const at::Tensor priors = truth.sum(0) * at::tensor(at::ArrayRef<double>(labelled.classWeights.data(), labelled.classWeights.size()));
    const at::Tensor logPriors = (priors / priors.sum()).log();
    LinearScores scores = fitted(known, truth, logPriors);
    if (!unlabelled.defined() || unlabelled.size(0) == 0) return scores;

    const at::Tensor others = unlabelled.to(at::kCPU, at::kDouble), all = at::cat({known, others});
    double softening = kSoftening;
    at::Tensor before = at::zeros({others.size(0), classes}, at::kDouble);
    for (int round = 0; round < kRounds; ++round) {
        if (interrupt) interrupt();
        const at::Tensor guessed = at::softmax(at::linear(others, scores.weight, scores.bias) / softening, 1);
        softening = std::max(softening * kHardening, 1.0);
        if ((guessed - before).abs().mean().item<double>() < kSettled) break;
        before = guessed;
        scores = fitted(all, at::cat({truth, guessed * kUnlabelledWeight}), logPriors);
    }
    return scores;
}

}  // namespace tomoloupe
