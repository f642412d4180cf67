#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/volume/volume.h"

namespace tomoloupe {

/// Standardised subtomograms as batches on a device. Held there whole when they fit in `budgetBytes`, else read when asked for.
class VolumeBatches {
  public:
    using Reader = std::function<Volume(std::int64_t index)>;

    /// `read` is called for 0..count-1 (at once when they fit, with `tick(done, count)` after each) and later when they do not.
    VolumeBatches(std::int64_t count, Index3 shape, Reader read, const at::Device& device, std::int64_t budgetBytes,
                  const std::function<void(std::int64_t, std::int64_t)>& tick = {});

    [[nodiscard]] std::int64_t count() const { return count_; }
    /// [N, 1, D, H, W], in the order of `indices`.
    [[nodiscard]] at::Tensor batch(std::span<const std::int64_t> indices) const;

  private:
    at::Tensor readOne(std::int64_t index) const;  // [1, D, H, W] on the CPU
    std::int64_t count_;
    Index3 shape_;
    Reader read_;
    at::Device device_;
    at::Tensor all_;  // [N, 1, D, H, W] when held whole
};

/// 0..count-1 shuffled for one epoch.
[[nodiscard]] std::vector<std::int64_t> epochOrder(std::int64_t count, std::uint64_t seed, std::int64_t epoch);

}  // namespace tomoloupe
