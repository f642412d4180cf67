#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/matrix.h"
#include "core/analysis/watch.h"

namespace tomoloupe {

struct HdbscanOptions {
    int minClusterSize = 15;  ///< fewer points together are no cluster
    int minSamples = 0;       ///< neighbours that make a place dense, the point itself counted; 0: minClusterSize
};

/// Group of each point in the plane, the largest group 0, -1 for points between groups: HDBSCAN with the choice by excess of mass
/// (Campello et al. 2013; the whole is no group).
[[nodiscard]] std::vector<std::int32_t> hdbscan(const MatrixView& points, const HdbscanOptions& options, const Watch& watch = {});

}  // namespace tomoloupe
