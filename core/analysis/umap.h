#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/neighbours.h"
#include "core/analysis/watch.h"

namespace tomoloupe {

// A map in the plane that keeps neighbours together: UMAP (McInnes, Healy and Melville 2018, arXiv 1802.03426), written from the paper.

struct UmapOptions {
    int neighbours = 15;       ///< of each point, itself counted
    double minDistance = 0.1;  ///< between points of the map that belong together
    double spread = 1;         ///< scale of the map
    int epochs = 0;            ///< 0: 500 up to 10,000 points, 200 beyond
    int negatives = 5;         ///< points pushed away for each pair pulled together
    double learningRate = 1;
    std::uint64_t seed = 1;
};

/// What two neighbours have to do with each other, 0 to 1; each pair once.
struct FuzzyEdge {
    std::int32_t a = 0, b = 0;  ///< a < b
    float weight = 0;
};

/// The paper's algorithms 2 and 3: each point's distances are measured from its nearest neighbour and scaled so that the weights of its
/// neighbours sum to log2(neighbours.count + 1); the union of both directions is w + v - wv.
[[nodiscard]] std::vector<FuzzyEdge> fuzzyGraph(const Neighbours& neighbours);

/// Of the curve 1 / (1 + a d^2b) that is nearest to 1 up to minDistance and exp(-(d - minDistance) / spread) beyond.
struct LayoutCurve {
    double a = 0, b = 0;
};
[[nodiscard]] LayoutCurve layoutCurve(double minDistance, double spread);

/// Points moved by the forces of the graph (algorithm 5), from where they are in `start` [points, 2], which is scaled to the size that the
/// forces want. The same every time. After Finish: as far as it came.
[[nodiscard]] std::vector<float> umapLayout(const std::vector<FuzzyEdge>& graph, std::vector<float> start, const UmapOptions& options,
                                            const Watch& watch = {});

}  // namespace tomoloupe
