#include "core/analysis/calibration.h"

#include <algorithm>
#include <cmath>

namespace tomoloupe {

Calibration calibrationOf(std::span<const float> confidence, std::span<const char> right, int bins) {
    Calibration result;
    for (int b = 0; b < bins; ++b) result.bins.push_back({double(b) / bins, double(b + 1) / bins, 0, 0, 0});
    const std::size_t count = std::min(confidence.size(), right.size());
    for (std::size_t i = 0; i < count; ++i) {
        const int place = std::clamp(static_cast<int>(std::ceil(double(confidence[i]) * bins)) - 1, 0, bins - 1);
        ReliabilityBin& bin = result.bins[static_cast<std::size_t>(place)];
        ++bin.count;
        bin.confidence += double(confidence[i]);
        bin.accuracy += right[i] ? 1 : 0;
    }
    for (ReliabilityBin& bin : result.bins) {
        if (bin.count == 0) continue;
        bin.confidence /= double(bin.count);
        bin.accuracy /= double(bin.count);
        const double gap = std::abs(bin.accuracy - bin.confidence);
        result.expectedError += gap * double(bin.count) / double(count);
        result.maximumError = std::max(result.maximumError, gap);
    }
    return result;
}

}  // namespace tomoloupe
