#include "core/fourier/parallel.h"

#include <ATen/Parallel.h>

namespace tomoloupe {

void parallelFor(std::int64_t begin, std::int64_t end, std::int64_t grain,
                 const std::function<void(std::int64_t first, std::int64_t last)>& work) {
#if AT_PARALLEL_OPENMP && !defined(_OPENMP)
#error "LibTorch's parallel loops are serial unless this file is compiled with OpenMP"
#endif
    at::parallel_for(begin, end, grain, work);
}

int parallelThreads() { return at::in_parallel_region() ? 1 : at::get_num_threads(); }

}  // namespace tomoloupe
