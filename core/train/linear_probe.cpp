#include "core/train/linear_probe.h"

#include <ATen/ATen.h>

namespace tomoloupe {

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
