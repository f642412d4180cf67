#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/matrix.h"
#include "core/analysis/watch.h"

namespace tomoloupe {

/// Principal components of the rows, the strongest first.
struct Pca {
    int count = 0;
    std::vector<float> scores;      ///< [rows, count]: the rows, less their mean, along the components
    std::vector<float> components;  ///< [count, columns], of unit length; the number of largest size in each is positive
    std::vector<double> variances;  ///< of the scores, divided by rows - 1
    double totalVariance = 0;       ///< of the rows
};

/// `count` is cut to the number of columns. The covariance is that of all rows up to `sampledRows`, else of so many evenly chosen ones.
/// Found by subspace iteration from a fixed start (Halko et al. 2011, arXiv 0909.4061, algorithm 4.4, until the variances stand still).
struct PcaOptions {
    int count = 2;
    std::int64_t sampledRows = 20000;
};
[[nodiscard]] Pca principalComponents(const MatrixView& rows, const PcaOptions& options, const Watch& watch = {});

/// Eigenvalues of a symmetric matrix [n, n], falling, and its eigenvectors as rows, by Jacobi's rotations; for small ones.
struct Eigen {
    std::vector<double> values, vectors;
};
[[nodiscard]] Eigen symmetricEigen(std::vector<double> matrix, std::int64_t n);

}  // namespace tomoloupe
