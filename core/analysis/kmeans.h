#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/matrix.h"
#include "core/analysis/watch.h"

namespace tomoloupe {

/// Groups of rows by k-means.
struct KMeans {
    std::vector<std::int32_t> groups;  ///< of each row; the largest group is 0
    std::vector<float> centres;        ///< [count, columns]
    double inertia = 0;                ///< sum of squared distances to the centres
};

struct KMeansOptions {
    int count = 8;
    int starts = 8;  ///< the best of so many is kept
    int rounds = 300;
    std::uint64_t seed = 1;
};

/// Lloyd's rounds from k-means++ starts (Arthur and Vassilvitskii 2007). `count` is cut to the number of rows.
[[nodiscard]] KMeans kMeans(const MatrixView& rows, const KMeansOptions& options, const Watch& watch = {});

}  // namespace tomoloupe
