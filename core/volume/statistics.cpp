#include "core/volume/statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace tomoloupe {

void StatisticsAccumulator::add(std::span<const float> values) {
    Statistics block;
    double sum = 0;
    for (const float value : values) {
        if (!std::isfinite(value)) {
            ++block.notFinite;
            continue;
        }
        if (block.count++ == 0) block.minimum = block.maximum = value;
        block.minimum = std::min<double>(block.minimum, value);
        block.maximum = std::max<double>(block.maximum, value);
        sum += value;
    }
    sum_.notFinite += block.notFinite;
    if (block.count == 0) return;
    block.mean = sum / static_cast<double>(block.count);
    double squares = 0;
    for (const float value : values)
        if (std::isfinite(value)) squares += (value - block.mean) * (value - block.mean);

    if (sum_.count == 0) {
        sum_.minimum = block.minimum;
        sum_.maximum = block.maximum;
    }
    const double total = static_cast<double>(sum_.count + block.count);
    const double apart = block.mean - sum_.mean;
    squares_ += squares + apart * apart * static_cast<double>(sum_.count) * static_cast<double>(block.count) / total;
    sum_.mean += apart * static_cast<double>(block.count) / total;
    sum_.count += block.count;
    sum_.minimum = std::min(sum_.minimum, block.minimum);
    sum_.maximum = std::max(sum_.maximum, block.maximum);
}

Statistics StatisticsAccumulator::result() const {
    Statistics result = sum_;
    if (result.count > 0) result.standardDeviation = std::sqrt(squares_ / static_cast<double>(result.count));
    return result;
}

Statistics statisticsOf(std::span<const float> values) {
    StatisticsAccumulator accumulator;
    accumulator.add(values);
    return accumulator.result();
}

ContrastRange contrastRange(std::span<const float> values, double lowFraction, double highFraction) {
    constexpr std::size_t kSamples = 200'000;
    constexpr double kGoldenFraction = 0.6180339887498949;
    std::vector<float> sample;
    sample.reserve(std::min(values.size(), kSamples));
    for (std::size_t i = 0; i < std::min(values.size(), kSamples); ++i) {
        // A fixed step would fall in step with the rows; multiples of the golden fraction spread evenly (Weyl 1916).
        const double turn = static_cast<double>(i) * kGoldenFraction;
        const double place = (turn - std::floor(turn)) * static_cast<double>(values.size());
        const float value = values[values.size() > kSamples ? static_cast<std::size_t>(place) : i];
        if (std::isfinite(value)) sample.push_back(value);
    }
    if (sample.empty()) return {};
    const auto quantile = [&](double fraction) {
        const auto index = static_cast<std::ptrdiff_t>(std::clamp(fraction, 0.0, 1.0) * static_cast<double>(sample.size() - 1));
        std::nth_element(sample.begin(), sample.begin() + index, sample.end());
        return sample[static_cast<std::size_t>(index)];
    };
    ContrastRange range{quantile(lowFraction), quantile(highFraction)};
    if (range.high <= range.low) range.high = range.low + std::max(1.0f, std::abs(range.low) * 1e-5f);
    return range;
}

std::vector<std::int64_t> histogramOf(std::span<const float> values, const ContrastRange& range, int bins) {
    std::vector<std::int64_t> counts(static_cast<std::size_t>(std::max(bins, 1)), 0);
    const double low = range.low, span = double(range.high) - low;
    for (const float value : values) {
        if (!std::isfinite(value) || value < range.low || value > range.high || !(span > 0)) continue;
        const auto bin = static_cast<std::size_t>((value - low) / span * static_cast<double>(counts.size()));
        ++counts[std::min(bin, counts.size() - 1)];
    }
    return counts;
}

}  // namespace tomoloupe
