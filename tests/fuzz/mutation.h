#pragma once

#include <string>

#include "core/base/seed.h"

namespace tomoloupe::test {

/// A copy of `bytes` with a few random changes: single bytes, whole words set to values that break arithmetic, parts
/// cut off, doubled or left out. The same engine state gives the same copy.
[[nodiscard]] std::string mutated(const std::string& bytes, Random& random);

}  // namespace tomoloupe::test
