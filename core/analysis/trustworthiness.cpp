#include "core/analysis/trustworthiness.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "core/analysis/distances.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kChunk = 64;  // rows between looks at the stop token

/// The sum over the k nearest of `row` in the map of what their ranks exceed k by.
class Penalty {
  public:
    Penalty(const PackedRows& original, const PackedRows& map)
        : original_(original), map_(map), high_(static_cast<std::size_t>(original.paddedCount())), low_(static_cast<std::size_t>(map.paddedCount())) {}

    std::int64_t operator()(const float* originalRow, const float* mapRow, std::int64_t row, int k) {
        original_.squaredDistances(originalRow, high_.data());
        map_.squaredDistances(mapRow, low_.data());
        order_.resize(static_cast<std::size_t>(original_.count()));
        std::iota(order_.begin(), order_.end(), 0);
        order_.erase(order_.begin() + row);
        const auto less = [this](std::int32_t a, std::int32_t b) {
            const float da = low_[static_cast<std::size_t>(a)], db = low_[static_cast<std::size_t>(b)];
            return da != db ? da < db : a < b;
        };
        std::nth_element(order_.begin(), order_.begin() + (k - 1), order_.end(), less);
        std::int64_t sum = 0;
        for (int n = 0; n < k; ++n) sum += std::max<std::int64_t>(0, rank(order_[static_cast<std::size_t>(n)], row) - k);
        return sum;
    }

  private:
    /// 1: nearest. Of equal distances the lower index is nearer.
    [[nodiscard]] std::int64_t rank(std::int32_t other, std::int64_t row) const {
        const float limit = high_[static_cast<std::size_t>(other)];
        std::int64_t nearer = 1;
        for (std::int64_t j = 0; j < original_.count(); ++j) {
            const float distance = high_[static_cast<std::size_t>(j)];
            nearer += (distance < limit || (distance == limit && j < other)) && j != row;
        }
        return nearer;
    }

    const PackedRows &original_, &map_;
    std::vector<float> high_, low_;
    std::vector<std::int32_t> order_;
};

}  // namespace

double trustworthiness(const MatrixView& original, const MatrixView& map, const TrustOptions& options, const Watch& watch) {
    const std::int64_t n = original.rows, k = options.neighbours;
    if (2 * n <= 3 * k + 1) return std::numeric_limits<double>::quiet_NaN();
    const PackedRows high(original), low(map);
    const std::int64_t used = std::min(n, options.sampledRows);
    std::int64_t penalty = 0;
    for (std::int64_t first = 0; first < used; first += kChunk) {
        watch.tell(static_cast<double>(first), static_cast<double>(used));
        const std::int64_t last = std::min(used, first + kChunk);
#pragma omp parallel reduction(+ : penalty)
        {
            Penalty of(high, low);
#pragma omp for schedule(dynamic, 4)
            for (std::int64_t s = first; s < last; ++s) {
                const std::int64_t row = s * n / used;
                penalty += of(original.row(row), map.row(row), row, static_cast<int>(k));
            }
        }
    }
    const double mean = static_cast<double>(penalty) / static_cast<double>(used);
    return 1 - 2 * mean / (static_cast<double>(k) * static_cast<double>(2 * n - 3 * k - 1));
}

}  // namespace tomoloupe
