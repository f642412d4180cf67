#include "core/train/last_layer.h"

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

void fitClassifier(const Model& model, const LabelledVectors& labelled) {
    constexpr int kIterations = 300;
    constexpr double kRate = 1, kMomentum = 0.9, kPenalty = 1e-3;  // inputs have squared length 1: the curvature is at most 1/2
    at::NoGradGuard noGrad;
    model.classifier->standardiseInput(labelled.vectors);
    const at::Tensor x = model.classifier->standardised(labelled.vectors);
    const at::Tensor weight = at::zeros_like(model.classifier->weight().detach()), bias = at::zeros_like(model.classifier->bias().detach());
    at::Tensor truth = at::zeros({x.size(0), weight.size(0)});
    at::Tensor share = at::full({x.size(0), 1}, 1.0 / double(x.size(0)));  // of each volume in the loss
    for (std::size_t i = 0; i < labelled.labels.size(); ++i) {
        const int label = labelled.labels[i];
        truth[std::int64_t(i)][label] = 1;
        share[std::int64_t(i)] *= labelled.classWeights[std::size_t(label)];
    }
    truth = truth.to(x.device());
    share = share.to(x.device());
    const at::Tensor weightVelocity = at::zeros_like(weight), biasVelocity = at::zeros_like(bias);
    for (int i = 0; i < kIterations; ++i) {
        const at::Tensor ahead = weight + kMomentum * weightVelocity;
        const at::Tensor scores = at::linear(x, ahead, bias + kMomentum * biasVelocity);  // [N, classes]
        const at::Tensor error = (at::softmax(scores, 1) - truth) * share;
        weightVelocity.mul_(kMomentum).sub_(kRate * (error.t().mm(x) + kPenalty * ahead));
        biasVelocity.mul_(kMomentum).sub_(kRate * error.sum(0));
        weight.add_(weightVelocity);
        bias.add_(biasVelocity);
    }
    model.classifier->weight().detach().copy_(weight);
    model.classifier->bias().detach().copy_(bias);
}

void fitDiscriminant(const Model& model, const LabelledVectors& labelled, const at::Tensor& unlabelled, const std::function<void()>& interrupt) {
    at::NoGradGuard noGrad;
    LinearHead& classifier = *model.classifier;
    classifier.standardiseInput(labelled.vectors);
    LabelledVectors standardised = labelled;
    standardised.vectors = classifier.standardised(labelled.vectors);
    const LinearScores scores = discriminantOf(standardised, unlabelled.defined() ? classifier.standardised(unlabelled) : unlabelled, interrupt);
    classifier.weight().detach().copy_(scores.weight);
    classifier.bias().detach().copy_(scores.bias);
}

}  // namespace tomoloupe
