#include "core/fourier/fourier.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/fft_irfftn.h>
#include <ATen/ops/fft_rfftn.h>
#include <ATen/ops/from_blob.h>

#include <cstring>

namespace tomoloupe {

Spectrum fourierTransform(std::span<const float> voxels, Index3 shape) {
    const at::Tensor density = at::from_blob(const_cast<float*>(voxels.data()), {shape.z, shape.y, shape.x}, at::kFloat);
    const at::Tensor transformed = at::fft_rfftn(density).contiguous();  // [D, H, W/2 + 1]
    Spectrum spectrum(static_cast<std::size_t>(spectrumSize(shape)));
    std::memcpy(spectrum.data(), transformed.data_ptr(), spectrum.size() * sizeof(spectrum.front()));
    return spectrum;
}

std::vector<float> inverseFourierTransform(const Spectrum& spectrum, Index3 shape) {
    const at::Tensor transformed = at::from_blob(const_cast<std::complex<float>*>(spectrum.data()),
                                                 {shape.z, shape.y, shape.x / 2 + 1}, at::kComplexFloat);
    const at::Tensor density = at::fft_irfftn(transformed, at::IntArrayRef({shape.z, shape.y, shape.x})).contiguous();
    const float* first = density.data_ptr<float>();
    return {first, first + shape.product()};
}

std::int64_t quickSize(std::int64_t size) {
    for (std::int64_t candidate = size + size % 2;; candidate += 2) {
        std::int64_t rest = candidate;
        for (const std::int64_t prime : {2, 3, 5})
            while (rest % prime == 0) rest /= prime;
        if (rest == 1) return candidate;
    }
}

}  // namespace tomoloupe
