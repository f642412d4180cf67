#pragma once

#include <ATen/core/Tensor.h>

#include <span>

namespace tomoloupe {

/// The processes that train one network together, each with a share of every batch. All of them make the same calls in the same
/// order; a call returns when all have made it. Of one thread.
class World {
  public:
    virtual ~World() = default;
    [[nodiscard]] virtual int rank() const = 0;
    [[nodiscard]] virtual int size() const = 0;
    /// The rows of all ranks [sum of N, ...] in the order of ranks, without graph; every rank has as many.
    [[nodiscard]] virtual at::Tensor gatherRows(const at::Tensor& mine) = 0;
    /// Puts the sum over the ranks in the place of each tensor.
    virtual void sum(std::span<const at::Tensor> tensors) = 0;
    /// The largest of all ranks' values.
    [[nodiscard]] virtual double largest(double mine) = 0;
};

/// One process by itself.
[[nodiscard]] World& aloneInTheWorld();

/// This rank's share of `count` things: [first, first + size). Ranks have equal shares; `count` must divide.
struct Share {
    std::int64_t first = 0, size = 0;
};
[[nodiscard]] Share shareOf(std::int64_t count, const World& world);

}  // namespace tomoloupe
