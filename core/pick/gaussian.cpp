#include "core/pick/gaussian.h"

#include <cmath>

#include "core/pick/gaussian_kernels.h"

namespace tomoloupe {
namespace {

/// Weights of the distances 0, 1, ... as scipy.ndimage has them (truncate 4).
std::vector<float> halfKernel(double sigma) {
    const auto radius = static_cast<std::int64_t>(4 * sigma + 0.5);
    std::vector<double> weights;
    double sum = 0;
    for (std::int64_t k = 0; k <= radius; ++k) {
        weights.push_back(std::exp(-0.5 * double(k * k) / (sigma * sigma)));
        sum += k == 0 ? weights.back() : 2 * weights.back();
    }
    std::vector<float> kernel;
    for (const double weight : weights) kernel.push_back(float(weight / sum));
    return kernel;
}

GaussianKernels widest() {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
    const bool fma = __builtin_cpu_supports("fma");
    if (fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw"))
        return gaussianKernelsAvx512();
    if (fma && __builtin_cpu_supports("avx2")) return gaussianKernelsAvx2();
#endif
    return kGaussianKernels;
}

const GaussianKernels& kernels() {
    static const GaussianKernels chosen = widest();
    return chosen;
}

}  // namespace

GaussianPair::GaussianPair(double narrowSigma, double wideSigma) : narrow(halfKernel(narrowSigma)), wide(halfKernel(wideSigma)) {}

std::int64_t mirrored(std::int64_t index, std::int64_t count) {
    const std::int64_t period = 2 * count;
    const std::int64_t inside = (index % period + period) % period;
    return inside < count ? inside : period - 1 - inside;
}

void smoothAcross(const GaussianPair& pair, const float* const* rows, std::int64_t count, std::int64_t width, float* const* narrow,
                  float* const* wide) {
    kernels().smoothOne(pair, rows, count, width, narrow, wide);
}

void smoothAcross(const GaussianPair& pair, const float* const* narrowRows, const float* const* wideRows, std::int64_t count,
                  std::int64_t width, float* const* narrow, float* const* wide) {
    kernels().smoothEach(pair.narrow, narrowRows, count, width, narrow);
    kernels().smoothEach(pair.wide, wideRows, count, width, wide);
}

void differenceAlong(const GaussianPair& pair, const float* narrowRow, const float* wideRow, std::int64_t width, float scale,
                     float* difference) {
    kernels().difference(pair, narrowRow, wideRow, width, scale, difference);
}

bool localMaxima(const float* const* rows, std::int64_t width, std::uint8_t* found) { return kernels().maxima(rows, width, found); }

}  // namespace tomoloupe
