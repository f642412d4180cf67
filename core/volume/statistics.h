#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tomoloupe {

/// Statistics of voxels; NaN and infinite values are counted and left out of the rest.
struct Statistics {
    double minimum = 0, maximum = 0, mean = 0;
    double standardDeviation = 0;  ///< of the population (divided by n)
    std::int64_t count = 0;        ///< finite values
    std::int64_t notFinite = 0;
};

/// Adds up blocks of voxels in double precision, so that a file can be taken piece by piece. One thread.
class StatisticsAccumulator {
  public:
    void add(std::span<const float> values);
    [[nodiscard]] Statistics result() const;

  private:
    Statistics sum_;
    double squares_ = 0;  // sum of squared distances from the mean (Chan et al. 1979)
};

[[nodiscard]] Statistics statisticsOf(std::span<const float> values);

/// The values below which the given fractions (0..1) of the finite voxels lie, for the contrast of pictures; looks at
/// no more than about 200 000 evenly spread voxels.
struct ContrastRange {
    float low = 0, high = 1;
};
[[nodiscard]] ContrastRange contrastRange(std::span<const float> values, double lowFraction = 0.005, double highFraction = 0.995);

/// How many of the finite voxels fall into each of `bins` equal parts of the range; what lies beyond it counts nowhere.
[[nodiscard]] std::vector<std::int64_t> histogramOf(std::span<const float> values, const ContrastRange& range, int bins);

}  // namespace tomoloupe
