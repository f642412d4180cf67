#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/explain/explain.h"

namespace tomoloupe {

/// How far a map hangs on what the network has learnt (Adebayo et al. 2018): it is made again by the same network with random weights.
struct SanityCheck {
    struct Step {
        std::string layer;           ///< redrawn last; those above it are random already
        double rankCorrelation = 0;  ///< with the learnt map
    };
    std::vector<Step> cascade;              ///< from the classifier down to the input
    std::vector<double> rankCorrelations;   ///< all weights redrawn, one a drawing; the first is the cascade's end
    std::vector<Volume> randomMaps;         ///< of those drawings
    [[nodiscard]] double meanRankCorrelation() const;
};

/// `learnt`: what explain() gave for the same model, volume and request. The model's weights are exchanged while this runs and are
/// back when it ends. `step` is told how many of how many maps are made and may throw to end it.
[[nodiscard]] SanityCheck checkWithRandomWeights(const Model& model, const Volume& volume, const ExplainRequest& request,
                                                 const HeatMap& learnt, std::uint64_t seed, const at::Device& device,
                                                 const std::function<void(int done, int count)>& step);

}  // namespace tomoloupe
