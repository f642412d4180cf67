#pragma once

#include <cstdint>
#include <span>

#include "core/nn/model_file.h"
#include "core/train/batches.h"
#include "core/train/discriminant.h"

namespace tomoloupe {

/// Fits the classifier alone to the volumes named, the encoder left as it is: multinomial logistic regression with a small L2
/// penalty on standardised representations, by accelerated gradient descent (Nesterov 1983); no random numbers. Fine-tuning that
/// starts from there distorts what pre-training found less than from a random classifier (Kumar et al. 2022, arXiv 2202.10054).
/// `classWeights`, of mean 1 over the volumes, weigh their losses; empty: all alike.
void fitClassifier(const Model& model, const VolumeBatches& volumes, std::span<const std::int64_t> indices,
                   std::span<const int> labels, std::int64_t batchSize, std::span<const double> classWeights = {});

/// Fits the classifier alone by discriminantOf() to what the encoder, in eval mode, made of labelled and of unlabelled volumes.
void fitDiscriminant(const Model& model, const LabelledVectors& labelled, const at::Tensor& unlabelled = {}, const std::function<void()>& interrupt = {});

}  // namespace tomoloupe
