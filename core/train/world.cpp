#include "core/train/world.h"

#include "core/base/error.h"
#include <fmt/format.h>

namespace tomoloupe {
namespace {

class Alone : public World {
  public:
    [[nodiscard]] int rank() const override { return 0; }
    [[nodiscard]] int size() const override { return 1; }
    [[nodiscard]] at::Tensor gatherRows(const at::Tensor& mine) override { return mine.detach(); }
    void sum(std::span<const at::Tensor> /*tensors*/) override {}
    [[nodiscard]] double largest(double mine) override { return mine; }
};

}  // namespace

World& aloneInTheWorld() {
    static Alone alone;  // has no state
    return alone;
}

Share shareOf(std::int64_t count, const World& world) {
    if (count % world.size() != 0)
        throw InvalidOptions(fmt::format("Option batch-size ({}) must be a multiple of the number of processes ({})", count, world.size()));
    return {count / world.size() * world.rank(), count / world.size()};
}

}  // namespace tomoloupe
