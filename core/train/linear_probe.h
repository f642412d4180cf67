#pragma once

#include <functional>

#include "core/nn/model_file.h"
#include "core/train/discriminant.h"

namespace tomoloupe {

// Fit the classifier alone, to what the encoder made of particles in eval mode, and leave the encoder as it is. Fine-tuning that starts from
// there distorts what pre-training found less than from a random classifier (Kumar et al. 2022, arXiv 2202.10054). No random numbers.

/// Multinomial logistic regression with a small L2 penalty on standardised representations, by accelerated gradient descent (Nesterov 1983).
void fitClassifier(const Model& model, const LabelledVectors& labelled);

/// By discriminantOf(), also from what the encoder made of particles without a label.
void fitDiscriminant(const Model& model, const LabelledVectors& labelled, const at::Tensor& unlabelled = {}, const std::function<void()>& interrupt = {});

}  // namespace tomoloupe
