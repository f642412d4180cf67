#include "core/analysis/distances.h"

#include <algorithm>
#include <cmath>

#include "core/base/vectorised.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kWidth = 16;  // floats of a block
typedef float Block __attribute__((vector_size(4 * kWidth), aligned(4), may_alias));

/// Of one vector to the rows of one block, [column][lane].
TOMOLOUPE_VECTORISED void blockDistances(const float* vector, const float* packed, std::int64_t columns, std::int64_t blocks, float* result) {
    for (std::int64_t b = 0; b < blocks; ++b) {
        Block even{}, odd{};
        std::int64_t c = 0;
        for (; c + 1 < columns; c += 2, packed += 2 * kWidth) {
            const Block first = *reinterpret_cast<const Block*>(packed) - vector[c];
            const Block second = *reinterpret_cast<const Block*>(packed + kWidth) - vector[c + 1];
            even += first * first;
            odd += second * second;
        }
        if (c < columns) {
            const Block last = *reinterpret_cast<const Block*>(packed) - vector[c];
            even += last * last;
            packed += kWidth;
        }
        *reinterpret_cast<Block*>(result + b * kWidth) = even + odd;
    }
}

/// Of four vectors, each `columns` long, to every block; their results lie `stride` apart.
TOMOLOUPE_VECTORISED void blockDistancesOfFour(const float* vectors, const float* packed, std::int64_t columns, std::int64_t blocks, float* result,
                                               std::int64_t stride) {
    const float *v0 = vectors, *v1 = v0 + columns, *v2 = v1 + columns, *v3 = v2 + columns;
    for (std::int64_t b = 0; b < blocks; ++b) {
        Block s0{}, s1{}, s2{}, s3{};
        for (std::int64_t c = 0; c < columns; ++c, packed += kWidth) {
            const Block row = *reinterpret_cast<const Block*>(packed);
            const Block d0 = row - v0[c], d1 = row - v1[c], d2 = row - v2[c], d3 = row - v3[c];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        float* target = result + b * kWidth;
        *reinterpret_cast<Block*>(target) = s0;
        *reinterpret_cast<Block*>(target + stride) = s1;
        *reinterpret_cast<Block*>(target + 2 * stride) = s2;
        *reinterpret_cast<Block*>(target + 3 * stride) = s3;
    }
}

}  // namespace

PackedRows::PackedRows(const MatrixView& rows)
    : count_(rows.rows), columns_(rows.columns), blocks_((rows.rows + kLanes - 1) / kLanes),
      packed_(static_cast<std::size_t>(blocks_ * kLanes * rows.columns), 0.0f) {
    static_assert(kLanes == kWidth);
    for (std::int64_t i = 0; i < count_; ++i) {
        float* block = packed_.data() + i / kLanes * kLanes * columns_ + i % kLanes;
        for (std::int64_t c = 0; c < columns_; ++c) block[c * kLanes] = rows.row(i)[c];
    }
}

void PackedRows::squaredDistances(const float* vector, float* result) const {
    blockDistances(vector, packed_.data(), columns_, blocks_, result);
}

void PackedRows::squaredDistancesOfSeveral(const float* vectors, float* result) const {
    static_assert(kTogether == 4);
    blockDistancesOfFour(vectors, packed_.data(), columns_, blocks_, result, paddedCount());
}

float squaredDistance(const float* a, const float* b, std::int64_t columns) {
    float sum = 0;
    for (std::int64_t c = 0; c < columns; ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
    return sum;
}

std::vector<float> centredUnitRows(const MatrixView& rows) {
    std::vector<double> mean(static_cast<std::size_t>(rows.columns), 0.0);
    for (std::int64_t i = 0; i < rows.rows; ++i)
        for (std::int64_t c = 0; c < rows.columns; ++c) mean[static_cast<std::size_t>(c)] += static_cast<double>(rows.row(i)[c]);
    for (double& value : mean) value /= static_cast<double>(std::max<std::int64_t>(1, rows.rows));
    std::vector<float> unit(rows.values.begin(), rows.values.end());
    for (std::int64_t i = 0; i < rows.rows; ++i) {
        float* row = unit.data() + i * rows.columns;
        double squares = 0;
        for (std::int64_t c = 0; c < rows.columns; ++c) {
            row[c] = static_cast<float>(static_cast<double>(row[c]) - mean[static_cast<std::size_t>(c)]);
            squares += static_cast<double>(row[c]) * static_cast<double>(row[c]);
        }
        const auto factor = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
        for (std::int64_t c = 0; c < rows.columns; ++c) row[c] *= factor;
    }
    return unit;
}

}  // namespace tomoloupe
