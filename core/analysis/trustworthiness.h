#pragma once

#include <cstdint>

#include "core/analysis/matrix.h"
#include "core/analysis/watch.h"

namespace tomoloupe {

struct TrustOptions {
    int neighbours = 15;
    /// Rows whose neighbours are looked at, evenly chosen; all distances to them are computed.
    std::int64_t sampledRows = 2000;
};

/// How far the nearest of each row in the map are near in the original too (Venna and Kaski 2001, as in van der Maaten et al. 2009):
/// 1 - 2 / (n k (2n - 3k - 1)) times the sum over neighbours in the map of max(0, rank in the original - k); 1: all are among the k nearest.
/// Euclidean. NaN where the rows are too few (2n <= 3k + 1).
[[nodiscard]] double trustworthiness(const MatrixView& original, const MatrixView& map, const TrustOptions& options = {}, const Watch& watch = {});

}  // namespace tomoloupe
