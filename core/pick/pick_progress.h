#pragma once

#include <functional>

namespace tomoloupe {

/// Called on the thread that picks with the work done of all the work; both in the same unit of the picker's own.
using PickProgress = std::function<void(double done, double total)>;

}  // namespace tomoloupe
