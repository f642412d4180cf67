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

}  // namespace tomoloupe
