#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/volume/geometry.h"

namespace tomoloupe {

/// 1 - (the largest - the second largest): 1 where two classes are as probable as each other.
[[nodiscard]] float narrowness(std::span<const float> probabilities);

/// What is known of the particles of a set; spans in set order, borrowed for the call.
struct SuggestionInput {
    std::size_t classes = 0;
    /// One span a run that predicted the set, `classes` probabilities a particle; zeros or NaN where nothing was.
    std::vector<std::span<const float>> runs;
    std::span<const float> uncertainty;       ///< labelUncertainty() of all, where it is known; else empty
    std::span<const std::int32_t> tomograms;  ///< number of the tomogram; -1: none
    std::span<const float> scores;
    std::span<const float> embedding;  ///< what an encoder sees in each, `components` numbers of at most unit length; empty: unknown
    std::size_t components = 0;
    std::function<Vec3(std::int32_t)> position;  ///< in voxels; none: unknown
    double nearVoxels = 32;                      ///< particles of one tomogram this near show much the same
};

struct SuggestionOptions {
    double diversity = 0.5;  ///< weight of being unlike the last ones beside the weight of being uncertain
    int head = 1000;         ///< so many are mixed; what follows is by uncertainty alone
    int pool = 300;          ///< the next one is chosen among so many of the most uncertain
    int recent = 24;         ///< it should be unlike so many before it: about what stands in sight
};

/// How much a label of this particle would teach, 0 to 1; NaN where nothing was predicted.
///
/// With p the mean of the runs' probabilities, p1 and p2 the two largest of a particle, C classes and H the entropy: m = 1 - (p1 - p2)
/// (margin sampling, Scheffer et al. 2001; docs/benchmarks.md compares it with chance), u = (m + I / log C) / 2, where
/// I = H(p) - mean over runs of H(p_r) is what the runs disagree about (mutual information of label and model,
/// Houlsby et al. 2011, arXiv:1112.5745); with one run, u = m.
[[nodiscard]] std::vector<float> labelUncertainty(const SuggestionInput& input,
                                                  std::span<const std::int32_t> candidates);

/// The candidates in the order in which to label them.
///
/// Predicted: the next one has the largest (1 - w) u + w (1 - l) among the `pool` most uncertain that are left, l being
/// its likeness to the last `recent` ones (after maximal marginal relevance, Carbonell and Goldstein 1998):
/// l = max over k = 0, 1, ... of (1 - k/recent) (1 - d_k), d_k the distance to the one k + 1 places before. The
/// distance of two particles is the mean of the total variation of their probabilities; of 1 in different tomograms, else
/// min(1, r / nearVoxels) / 2; and of half the distance of their vectors in the embedding, where there is one. Not predicted: by turns from each tomogram; within one, scores are taken from all
/// over their range (ranks in the order of van der Corput's sequence). Those without a prediction come after those with
/// one. Any thread.
[[nodiscard]] std::vector<std::int32_t> suggestedOrder(const SuggestionInput& input,
                                                       std::span<const std::int32_t> candidates,
                                                       const SuggestionOptions& options = {});

}  // namespace tomoloupe
