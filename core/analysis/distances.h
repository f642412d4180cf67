#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/matrix.h"

namespace tomoloupe {

/// Rows of a matrix laid out so that distances to many of them are computed at once. A copy; read from any thread.
class PackedRows {
  public:
    explicit PackedRows(const MatrixView& rows);

    [[nodiscard]] std::int64_t count() const { return count_; }
    /// Squared Euclidean distances of one vector to all rows; `result` has room for paddedCount(), what is beyond count() means nothing.
    void squaredDistances(const float* vector, float* result) const;
    /// The same of kTogether consecutive vectors, one after the other in `vectors` as in `result`; the rows are fetched once for all.
    void squaredDistancesOfSeveral(const float* vectors, float* result) const;
    static constexpr std::int64_t kTogether = 4;
    [[nodiscard]] std::int64_t paddedCount() const { return blocks_ * kLanes; }

  private:
    static constexpr std::int64_t kLanes = 16;
    std::int64_t count_, columns_, blocks_;
    std::vector<float> packed_;  // [block][column][lane]
};

/// Squared Euclidean distance.
[[nodiscard]] float squaredDistance(const float* a, const float* b, std::int64_t columns);

/// Cosine-like distances by Euclidean ones: each row less the mean of all rows, of unit length. Representations of all particles share
/// most of their direction, which says nothing of what tells them apart.
[[nodiscard]] std::vector<float> centredUnitRows(const MatrixView& rows);

}  // namespace tomoloupe
