#include "core/simulate/density_blur.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace tomoloupe {
namespace {

std::vector<float> kernelOf(double sigma) {
    const int reach = std::max(1, int(std::ceil(4.5 * sigma)));
    std::vector<double> exact(std::size_t(2 * reach + 1));
    double sum = 0;
    for (int i = -reach; i <= reach; ++i) sum += exact[std::size_t(i + reach)] = std::exp(-i * i / (2 * sigma * sigma));
    std::vector<float> kernel;
    for (const double value : exact) kernel.push_back(float(value / sum));
    return kernel;
}

/// Along the axis whose neighbours lie `stride` apart; `count` of them; `inner` lines lie side by side (they are the contiguous
/// ones).
void blurPlane(float* plane, std::int64_t count, std::int64_t stride, std::int64_t inner, const std::vector<float>& kernel,
               std::vector<float>& copy) {
    const std::int64_t reach = std::int64_t(kernel.size()) / 2;
    copy.assign(std::size_t(count * inner), 0.0F);
    for (std::int64_t i = 0; i < count; ++i) std::copy_n(plane + i * stride, inner, copy.data() + i * inner);
    for (std::int64_t i = 0; i < count; ++i) {
        float* target = plane + i * stride;
        std::fill_n(target, inner, 0.0F);
        for (std::int64_t j = std::max<std::int64_t>(0, i - reach); j <= std::min(count - 1, i + reach); ++j) {
            const float weight = kernel[std::size_t(j - i + reach)];
            const float* source = copy.data() + j * inner;
            for (std::int64_t k = 0; k < inner; ++k) target[k] += weight * source[k];
        }
    }
}

}  // namespace

void blur(std::span<float> voxels, Index3 shape, Vec3 sigma) {
    std::vector<float> copy;
    if (sigma.x > 0) {
        const auto kernel = kernelOf(sigma.x);
        for (std::int64_t row = 0; row < shape.y * shape.z; ++row)
            blurPlane(voxels.data() + row * shape.x, shape.x, 1, 1, kernel, copy);
    }
    if (sigma.y > 0) {
        const auto kernel = kernelOf(sigma.y);
        const std::int64_t plane = shape.x * shape.y;
        for (std::int64_t z = 0; z < shape.z; ++z) blurPlane(voxels.data() + z * plane, shape.y, shape.x, shape.x, kernel, copy);
    }
    if (sigma.z > 0) {
        const auto kernel = kernelOf(sigma.z);
        const std::int64_t plane = shape.x * shape.y;
        for (std::int64_t y = 0; y < shape.y; ++y) blurPlane(voxels.data() + y * shape.x, shape.z, plane, shape.x, kernel, copy);
    }
}

}  // namespace tomoloupe
