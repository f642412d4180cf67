#pragma once

#include <cstdint>
#include <span>

namespace tomoloupe {

/// Vectors as rows, one after the other; borrowed.
struct MatrixView {
    std::span<const float> values;
    std::int64_t rows = 0, columns = 0;

    [[nodiscard]] const float* row(std::int64_t i) const { return values.data() + i * columns; }
};

}  // namespace tomoloupe
