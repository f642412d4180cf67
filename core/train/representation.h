#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/nn/encoder.h"
#include "core/recipe/learning.h"
#include "core/train/batches.h"

namespace tomoloupe {

// What can be told of a representation while it is learnt without labels. Vectors are float32 [N, numbers], compared by their
// directions; results are computed in double precision.

/// Part of the vectors whose label the `neighbours` most similar others (cosine; all of them where there are fewer) vote for, each
/// with weight exp(cosine / 0.07) (Wu et al. 2018, arXiv 1805.01978, equation 4 and below); leave-one-out. All have labels, from 0.
[[nodiscard]] double neighbourAccuracy(const at::Tensor& vectors, std::span<const int> labels, int neighbours = 20);

/// Mean squared distance of the unit vectors of two views, row by row (Wang and Isola 2020, arXiv 2005.10242, alpha = 2): 0 to 4,
/// small where views are told to be the same.
[[nodiscard]] double alignment(const at::Tensor& first, const at::Tensor& second);

/// log of the mean of exp(-2 distance^2) over all pairs of unit vectors (the same paper, t = 2): 0 where all are the same, -4 at best.
[[nodiscard]] double uniformity(const at::Tensor& vectors);

/// exp of the entropy of the singular values of the vectors less their mean (Roy and Vetterli 2007): how many directions are used.
[[nodiscard]] double effectiveRank(const at::Tensor& vectors);

/// Standard deviation of the unit vectors' numbers, averaged, times the root of their count (Chen and He 2021, arXiv 2011.10566,
/// section 4.1): near 1 for directions all over the sphere, 0 where all particles became the same vector.
[[nodiscard]] double spread(const at::Tensor& vectors);

/// What the encoder makes of the volumes named, [N, embedSize()], in eval mode, without graph. `tick` hears how many are done and may throw.
[[nodiscard]] at::Tensor representationsOf(Encoder& encoder, const VolumeBatches& volumes, std::span<const std::int64_t> indices,
                                           std::int64_t batchSize, const std::function<void(std::int64_t)>& tick = {});

struct MonitorOptions {
    AugmentationOptions augmentation = {};  ///< of the two views
    std::uint64_t seed = 1;            ///< of the choice of volumes and of the views: the same at every look
    std::int64_t volumes = 500;        ///< looked at, labelled ones first; views are made of at most 200 of them
    std::int64_t batchSize = 64;
};

/// All of these of the encoder's representation, in eval mode, as named numbers for curves. `labels[i]`: class of volume i, -1 without;
/// empty: none has one. "kNN accuracy", of vectors less their mean, is there when two classes or more have labels; it asks 20
/// neighbours, or half a class's mean size where that is less. Fewer than three volumes give no numbers.
[[nodiscard]] std::vector<std::pair<std::string, double>> monitorRepresentation(Encoder& encoder, const VolumeBatches& volumes,
                                                                                std::span<const int> labels, const MonitorOptions& options);

}  // namespace tomoloupe
