#pragma once

#include <cstdint>
#include <functional>

namespace tomoloupe {

/// Calls `work(first, last)` for consecutive parts of [begin, end), each on one of LibTorch's threads, and returns when all are
/// done; the caller's thread takes a part. Up to `grain` items are done in one part on the caller's thread, and so is
/// everything within another parallelFor. Throws what a part threw first.
void parallelFor(std::int64_t begin, std::int64_t end, std::int64_t grain,
                 const std::function<void(std::int64_t first, std::int64_t last)>& work);

/// How many threads a parallelFor called here would use.
[[nodiscard]] int parallelThreads();

}  // namespace tomoloupe
