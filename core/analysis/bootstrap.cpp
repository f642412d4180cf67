#include "core/analysis/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace tomoloupe {
namespace {

/// Cell by cell from what is left: each is binomial given those before it.
ConfusionMatrix drawn(const ConfusionMatrix& matrix, std::int64_t total, std::mt19937_64& random) {
    ConfusionMatrix result{matrix.classes, std::vector<std::int64_t>(matrix.counts.size())};
    std::int64_t left = total, weight = total;
    for (std::size_t cell = 0; cell < matrix.counts.size() && left > 0; ++cell) {
        const std::int64_t count = matrix.counts[cell];
        if (count == 0) continue;
        const std::int64_t here = count == weight
                                      ? left
                                      : std::binomial_distribution<std::int64_t>(left, double(count) / double(weight))(random);
        result.counts[cell] = here;
        left -= here;
        weight -= count;
    }
    return result;
}

double quantile(const std::vector<double>& sorted, double part) {
    const double place = part * double(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (place - double(low)) * (sorted[high] - sorted[low]);
}

Interval middlePart(std::vector<double> figures, double level) {
    std::sort(figures.begin(), figures.end());
    return {quantile(figures, (1 - level) / 2), quantile(figures, (1 + level) / 2)};
}

}  // namespace

Interval bootstrapInterval(const ConfusionMatrix& matrix, const std::function<double(const ConfusionMatrix&)>& figure,
                           std::uint64_t seed, double level, int drawings) {
    const std::int64_t total = matrix.total();
    if (total == 0 || drawings < 1) return {figure(matrix), figure(matrix)};
    std::mt19937_64 random(seed);
    std::vector<double> figures;
    for (int i = 0; i < drawings; ++i) figures.push_back(figure(drawn(matrix, total, random)));
    return middlePart(std::move(figures), level);
}

Interval bootstrapMean(std::span<const double> values, std::uint64_t seed, double level, int drawings) {
    if (values.empty() || drawings < 1) return {};
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::size_t> pick(0, values.size() - 1);
    std::vector<double> means;
    for (int i = 0; i < drawings; ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < values.size(); ++k) sum += values[pick(random)];
        means.push_back(sum / double(values.size()));
    }
    return middlePart(std::move(means), level);
}

}  // namespace tomoloupe
