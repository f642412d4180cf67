#pragma once

#include <cstddef>

namespace tomoloupe::test {

/// The largest single piece of memory that `new` was asked for since the last reset.
[[nodiscard]] std::size_t largestAllocation();
void resetLargestAllocation();

}  // namespace tomoloupe::test
