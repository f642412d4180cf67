#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <span>

#include "core/nn/model_file.h"

namespace tomoloupe {

/// Scores of classes, x weight^T + bias: [classes, in] and [classes].
struct LinearScores {
    at::Tensor weight, bias;
};

struct LabelledVectors {
    at::Tensor vectors;                    ///< [N, in], on any device
    std::span<const int> labels;           ///< of each, 0 to classes - 1; each class has one at least
    std::span<const double> classWeights;  ///< how much a vector of each class counts
};

/// Linear discriminant analysis: classes are Gaussians of one common covariance, shrunken towards a sphere by oracle-approximating shrinkage
/// (Chen et al. 2010, IEEE Trans. Signal Process. 58, 5016), so that it is defined for fewer vectors than numbers. How probable classes are
/// beforehand is their part of the labels, each with its class's weight.
/// `unlabelled` [M, in], which may be empty, are learnt from too, by expectation maximisation from there on: each belongs to every class with
/// the probability that the last fit gives it (as in McLachlan 1975, J. Am. Stat. Assoc. 70, 365), a fifth as heavy as a labelled one, so that
/// few labels keep their say. The first guesses are softened, as a confident mistake would confirm itself (Ueda and Nakano 1998, Neural
/// Networks 11, 271). No random numbers; `interrupt` is called in every round and may throw. The result is double, on the CPU.
[[nodiscard]] LinearScores discriminantOf(const LabelledVectors& labelled, const at::Tensor& unlabelled = {}, const std::function<void()>& interrupt = {});

// Fit the classifier alone, to what the encoder made of particles in eval mode, and leave the encoder as it is. Fine-tuning that starts from
// there distorts what pre-training found less than from a random classifier (Kumar et al. 2022, arXiv 2202.10054). No random numbers.

/// Multinomial logistic regression with a small L2 penalty on standardised representations, by accelerated gradient descent (Nesterov 1983).
void fitClassifier(const Model& model, const LabelledVectors& labelled);

/// By discriminantOf(), also from what the encoder made of particles without a label.
void fitDiscriminant(const Model& model, const LabelledVectors& labelled, const at::Tensor& unlabelled = {}, const std::function<void()>& interrupt = {});

}  // namespace tomoloupe
