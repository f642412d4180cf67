#include "core/pick/score_groups.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace tomoloupe {
namespace {

constexpr std::size_t kFewest = 8;  // scores that can be a group
constexpr double kValley = 0.5;      // of the hills on both sides, at most
constexpr double kHill = 0.3;        // of the tallest hill, at least, or it is but a tail
constexpr int kPlaces = 400;

}  // namespace

double bestGroup(std::span<const double> scores, double least) {
    if (scores.size() < 2 * kFewest) return least;
    const auto n = double(scores.size());
    const double mean = std::accumulate(scores.begin(), scores.end(), 0.0) / n;
    double squares = 0;
    for (const double score : scores) squares += (score - mean) * (score - mean);
    const double width = 0.5 * 1.06 * std::sqrt(squares / n) * std::pow(n, -0.2);
    if (!(width > 0)) return least;
    const auto [lowest, highest] = std::minmax_element(scores.begin(), scores.end());
    const double low = *lowest - width, step = (*highest + width - low) / (kPlaces - 1);
    std::vector<double> density(kPlaces, 0.0);
    for (std::size_t i = 0; i < density.size(); ++i)
        for (const double score : scores) density[i] += std::exp(-0.5 * std::pow((low + double(i) * step - score) / width, 2));

    const double tallest = *std::max_element(density.begin(), density.end());
    double hill = 0;
    for (std::size_t i = density.size() - 1; i > 0; --i) {  // from the best score down
        hill = std::max(hill, density[i]);
        const bool valley = density[i] <= density[i - 1] && i + 1 < density.size() && density[i] < density[i + 1];
        if (!valley || density[i] > kValley * hill || hill < kHill * tallest) continue;
        if (*std::max_element(density.begin(), density.begin() + std::ptrdiff_t(i)) * kValley < density[i]) continue;
        const double place = low + double(i) * step;
        const auto above = std::size_t(std::count_if(scores.begin(), scores.end(), [place](double score) { return score >= place; }));
        if (std::min(above, scores.size() - above) >= kFewest) return std::max(place, least);
    }
    return least;
}

}  // namespace tomoloupe
