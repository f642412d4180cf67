#pragma once

#include <string>

#include "core/base/options.h"
#include "core/recipe/learning.h"

namespace tomoloupe {

// What the runs that lay particles out in a plane can be told.

/// How vectors become places in the plane.
struct MapOptions {
    std::string map = "umap";  ///< "umap", "pca"
    int neighbours = 15;       ///< of each particle, itself counted (UMAP's n_neighbors)
    double minDistance = 0.1;  ///< of particles that belong together (UMAP's min_dist)
    int epochs = 0;            ///< 0: 500 up to 10,000 particles, 200 beyond
    [[nodiscard]] OptionFields describe();
};

struct EmbedOptions {
    MapOptions map;
    int batchSize = 64;
    int components = 64;     ///< principal components kept for maps, clusters and neighbours
    EncoderOptions encoder{.name = "moments3d"};  ///< used where no model is given, with random weights: sorts by shape untaught
    std::string device = "auto";
    [[nodiscard]] OptionFields describe();
};

}  // namespace tomoloupe
