#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tomoloupe {

/// Particles whose largest probability lies in (low, high].
struct ReliabilityBin {
    double low = 0, high = 1;
    std::int64_t count = 0;
    double confidence = 0;  ///< mean of the largest probability; 0 where there is none
    double accuracy = 0;    ///< how many of them are right
};

/// Whether a model is right as often as it says (Guo et al. 2017).
struct Calibration {
    std::vector<ReliabilityBin> bins;
    double expectedError = 0;  ///< mean of |accuracy - confidence| over bins, weighted by their counts (eq. 3)
    double maximumError = 0;   ///< the largest of them (eq. 5)
};

constexpr int kReliabilityBins = 15;

/// `confidence[i]`: largest probability of particle i, 0..1; `right[i]`: whether that class is the true one. Bins of equal width.
[[nodiscard]] Calibration calibrationOf(std::span<const float> confidence, std::span<const char> right, int bins = kReliabilityBins);

/// What the model's scores are to be divided by so that it is right as often as it says (Guo et al. 2017, section 4.2), found by the likelihood of the
/// true classes; between 0.05 and 100. `probabilities`: of each particle and class, particle by particle; `truth`: class of each particle.
/// Of N particles each counts for its class as (N + 1) / (N + 2) and for the others as what is left (as Platt 1999), so that a few that are all
/// named rightly do not make the model certain. 1 where there are none.
[[nodiscard]] double bestTemperature(std::span<const float> probabilities, std::span<const int> truth);

}  // namespace tomoloupe
