#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/matrix.h"
#include "core/analysis/watch.h"

namespace tomoloupe {

struct TreeEdge {
    std::int32_t a = 0, b = 0;
    float length = 0;
};

/// The shortest tree over points in the plane, shortest edge first, by mutual reachability (Campello et al. 2013): the length between two
/// points is the largest of their distance and of each one's distance to its `minSamples`-th nearest, itself counted. Exact: Boruvka's
/// rounds over a k-d tree (March et al. 2010).
[[nodiscard]] std::vector<TreeEdge> mutualReachabilityTree(const MatrixView& points, int minSamples, const Watch& watch = {});

/// Sets of things that only ever merge.
class DisjointSets {
  public:
    explicit DisjointSets(std::size_t count);
    [[nodiscard]] std::int32_t find(std::int32_t member);
    /// Makes the two sets one; the number it goes by.
    std::int32_t join(std::int32_t a, std::int32_t b);

  private:
    std::vector<std::int32_t> parent_;
};

}  // namespace tomoloupe
