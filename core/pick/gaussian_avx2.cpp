#include "core/pick/gaussian.h"

// What is included above stays as every processor can run it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC target("avx2,fma")
#define TOMOLOUPE_LANES 8
#endif
#include "core/pick/gaussian_kernels.h"

namespace tomoloupe {

GaussianKernels gaussianKernelsAvx2() { return kGaussianKernels; }

}  // namespace tomoloupe
