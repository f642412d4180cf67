#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "core/nn/checkpoint.h"

namespace tomoloupe {

/// The last vectors that were pushed, first in, first out; without graph. Its position is on the CPU: no synchronisation.
class VectorQueue {
  public:
    /// Begins with the rows of `vectors` [K, C], of which the first `count` are real.
    VectorQueue(at::Tensor vectors, std::int64_t count);

    [[nodiscard]] const at::Tensor& rows() const { return rows_; }  ///< [K, C], in no order
    [[nodiscard]] bool full() const;
    /// Replaces the oldest rows; K is a multiple of their number.
    void push(const at::Tensor& vectors);
    /// As `name`, `name`_position and `name`_count.
    void appendState(NamedTensors& all, const std::string& name) const;

  private:
    at::Tensor rows_;
    at::Tensor position_, count_;  // int64 [1]: next row to be replaced; real rows
};

}  // namespace tomoloupe
