#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "core/analysis/matrix.h"

namespace tomoloupe::test {

/// The numbers that tests/baselines/analysis.py makes: irregular, in groups that lie `apart` along an axis each.
inline std::vector<float> madeRows(std::int64_t rows, std::int64_t columns, std::int64_t groups, double apart) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < rows * columns; ++i) {
        const auto k = static_cast<double>(i);
        const std::int64_t row = i / columns, group = row % groups;
        const double shift = i % columns == group % columns ? apart * double(1 + group) : 0;
        values.push_back(static_cast<float>(std::sin(1.7 * k + 0.3 + 0.11 * k * k) + shift));
    }
    return values;
}

}  // namespace tomoloupe::test
