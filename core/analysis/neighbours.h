#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/matrix.h"
#include "core/analysis/watch.h"

namespace tomoloupe {

/// The nearest others of every row, nearest first; Euclidean.
struct Neighbours {
    std::int64_t rows = 0;
    int count = 0;                      ///< of each row
    std::vector<std::int32_t> indices;  ///< [rows, count]
    std::vector<float> distances;       ///< [rows, count]
};

struct NeighbourOptions {
    /// Up to so many rows all distances are computed; beyond, a graph is searched (Malkov and Yashunin 2018) that misses a few percent.
    std::int64_t exactRows = 20000;
    std::uint64_t seed = 1;  ///< of the graph
};

/// `count` is cut to rows - 1. The same every time, on however many threads.
[[nodiscard]] Neighbours nearestNeighbours(const MatrixView& rows, int count, const NeighbourOptions& options = {}, const Watch& watch = {});

/// The `count` rows nearest to row `row`, itself left out, nearest first; all distances are computed.
[[nodiscard]] std::vector<std::int64_t> nearestTo(const MatrixView& rows, std::int64_t row, int count);

}  // namespace tomoloupe
