#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace tomoloupe {

// What the methods minimise, as functions of vectors alone. Rows are particles; N of them, C numbers each.

/// Rows scaled to length 1.
[[nodiscard]] at::Tensor unitRows(const at::Tensor& x);

/// The same after the mean row, what all particles have in common, is taken out.
[[nodiscard]] at::Tensor centredUnitRows(const at::Tensor& x);

/// How far apart the directions of the rows are: the standard deviation of a unit row's numbers over the particles, times the root of
/// C. 1 where directions are uniform, 0 where all rows are alike (collapse). Scalar, without graph.
[[nodiscard]] at::Tensor vectorSpread(const at::Tensor& x);

/// A loss and how often the right partner was the most similar one.
struct ContrastLoss {
    at::Tensor loss, accuracy;
};

/// Logits of InfoNCE (He et al. 2020, equation 1), the positive in column 0: [q.k / t, q.queue / t]. `q`, `k` [N, C] and `queue`
/// [K, C] hold unit rows.
[[nodiscard]] at::Tensor infoNceLogits(const at::Tensor& q, const at::Tensor& k, const at::Tensor& queue, double temperature);
[[nodiscard]] ContrastLoss infoNce(const at::Tensor& q, const at::Tensor& k, const at::Tensor& queue, double temperature);

/// NT-Xent (Chen et al. 2020, equation 1), the mean over the 2N rows of both views, which hold unit rows.
[[nodiscard]] ContrastLoss ntXent(const at::Tensor& first, const at::Tensor& second, double temperature);

/// Assignments [N, K] of N rows of scores to K prototypes: of all matrices that give every row the sum 1 and every prototype the
/// same share, the one nearest to exp(scores / epsilon), approached by `iterations` of Sinkhorn and Knopp (Caron et al. 2020,
/// equations 3 to 5). Computed on logarithms, so that scores of any size give finite numbers.
[[nodiscard]] at::Tensor sinkhorn(const at::Tensor& scores, double epsilon, int iterations);

/// Caron et al. 2020, equation 1 for several crops: `scores` of every view [N, K]; `assignments` of the first views. The mean over
/// assigning views of the mean over all other views.
[[nodiscard]] at::Tensor swappedPrediction(const std::vector<at::Tensor>& scores, const std::vector<at::Tensor>& assignments,
                                           double temperature);

/// Grill et al. 2020, equation 2: the mean over the rows of 2 - 2 cos(prediction, target).
[[nodiscard]] at::Tensor directionLoss(const at::Tensor& prediction, const at::Tensor& target);

/// Bardes et al. 2022, unweighted, with the normalisation of the authors' code: `invariance` is the mean over rows and numbers;
/// `variance`, of max(0, 1 - deviation), and `covariance`, of squares off the diagonal, are per number, the former the mean of both views.
struct VicRegTerms {
    at::Tensor invariance, variance, covariance;
};
[[nodiscard]] VicRegTerms vicRegTerms(const at::Tensor& first, const at::Tensor& second);

}  // namespace tomoloupe
