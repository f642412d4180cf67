#include "core/analysis/calibration.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace tomoloupe {
namespace {

/// Negative log-likelihood of smoothed truth when logarithms of probabilities are multiplied by `sharpness`; convex.
double surprise(std::span<const float> probabilities, std::span<const int> truth, double sharpness) {
    constexpr double kLeast = 1e-37;  // of a probability that was rounded to 0
    const std::size_t classes = probabilities.size() / truth.size();
    const double others = classes > 1 ? 1 / ((double(truth.size()) + 2) * double(classes - 1)) : 0, own = 1 - others * double(classes - 1);
    double sum = 0;
    std::vector<double> scores(classes);
    for (std::size_t i = 0; i < truth.size(); ++i) {
        for (std::size_t c = 0; c < classes; ++c) scores[c] = sharpness * std::log(std::max(double(probabilities[i * classes + c]), kLeast));
        const double largest = *std::max_element(scores.begin(), scores.end());
        double total = 0;
        for (const double score : scores) total += std::exp(score - largest);
        const double normaliser = largest + std::log(total);
        for (std::size_t c = 0; c < classes; ++c) sum += (int(c) == truth[i] ? own : others) * (normaliser - scores[c]);
    }
    return sum;
}

}  // namespace

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

double bestTemperature(std::span<const float> probabilities, std::span<const int> truth) {
    if (truth.empty()) return 1;
    constexpr double kGolden = 0.6180339887498949, kPrecision = 1e-4;
    double low = std::log(0.01), high = std::log(20.0);  // logarithm of the sharpness, 1 / temperature
    const auto at = [&](double place) { return surprise(probabilities, truth, std::exp(place)); };
    double left = high - kGolden * (high - low), right = low + kGolden * (high - low), ofLeft = at(left), ofRight = at(right);
    while (high - low > kPrecision) {
        if (ofLeft < ofRight) {
            high = right;
            right = left;
            ofRight = ofLeft;
            left = high - kGolden * (high - low);
            ofLeft = at(left);
        } else {
            low = left;
            left = right;
            ofLeft = ofRight;
            right = low + kGolden * (high - low);
            ofRight = at(right);
        }
    }
    return std::exp(-(low + high) / 2);
}

}  // namespace tomoloupe
