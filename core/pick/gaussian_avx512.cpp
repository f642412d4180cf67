#include "core/pick/gaussian.h"

// What is included above stays as every processor can run it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw,fma")
#define TOMOLOUPE_LANES 16
#endif
#include "core/pick/gaussian_kernels.h"

namespace tomoloupe {

GaussianKernels gaussianKernelsAvx512() { return kGaussianKernels; }

}  // namespace tomoloupe
