#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "core/analysis/classification.h"

namespace tomoloupe {

struct Interval {
    double low = 0, high = 0;
};

/// Percentile interval (Efron 1979) of a figure over particles drawn again with replacement. A figure that hangs on the confusion
/// matrix alone sees no more of a drawing than its matrix, which is multinomial: that is what is drawn, so that a million particles
/// cost no more than a hundred. The same seed gives the same interval. Both ends are the figure itself where nothing was judged.
[[nodiscard]] Interval bootstrapInterval(const ConfusionMatrix& matrix, const std::function<double(const ConfusionMatrix&)>& figure,
                                         std::uint64_t seed, double level = 0.95, int drawings = 1000);

/// The same for a mean over particles, `values` one each: how often a particle was named rightly by several models, say.
[[nodiscard]] Interval bootstrapMean(std::span<const double> values, std::uint64_t seed, double level = 0.95, int drawings = 1000);

}  // namespace tomoloupe
