#include "core/train/pseudo_labels.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tomoloupe {

std::vector<int> choosePseudoLabels(const at::Tensor& probabilities, double threshold, std::span<const std::int64_t> labelled) {
    const auto rows = std::size_t(probabilities.size(0)), classes = std::size_t(probabilities.size(1));
    const at::Tensor table = probabilities.contiguous();
    std::vector<std::vector<std::size_t>> candidates(classes);
    std::vector<float> confidence(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        const float* const first = table.data_ptr<float>() + row * classes;
        const float* const best = std::max_element(first, first + classes);
        confidence[row] = *best;
        if (double(*best) >= threshold) candidates[std::size_t(best - first)].push_back(row);
    }
    const auto all = double(std::accumulate(labelled.begin(), labelled.end(), std::int64_t(0)));
    std::vector<int> chosen(rows, -1);
    for (std::size_t c = 0; c < classes; ++c) {
        auto& members = candidates[c];
        std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) { return confidence[a] > confidence[b]; });
        const auto most = std::size_t(std::ceil(double(rows) * double(labelled[c]) / all));
        for (std::size_t i = 0; i < std::min(most, members.size()); ++i) chosen[members[i]] = int(c);
    }
    return chosen;
}

std::vector<double> balancedWeights(std::span<const std::int64_t> members) {
    const auto all = double(std::accumulate(members.begin(), members.end(), std::int64_t(0)));
    std::vector<double> weights;
    for (const std::int64_t count : members) weights.push_back(count ? all / (double(members.size()) * double(count)) : 0);
    return weights;
}

}  // namespace tomoloupe
