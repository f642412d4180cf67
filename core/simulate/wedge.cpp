#include "core/simulate/wedge.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/fft_irfftn.h>
#include <ATen/ops/fft_rfftn.h>
#include <ATen/ops/from_blob.h>
#include <c10/util/complex.h>

#include <cmath>
#include <numbers>

namespace tomoloupe {
namespace {

/// Signed frequency, in cycles per voxel, of entry `index` of `count`.
double frequency(std::int64_t index, std::int64_t count) {
    return static_cast<double>(index <= count / 2 ? index : index - count) / static_cast<double>(count);
}

}  // namespace

Volume withMissingWedge(const Volume& volume, double tiltMaximumDegrees) {
    if (tiltMaximumDegrees >= 90) return volume;
    const auto [nx, ny, nz] = volume.shape();
    const double slope = std::tan((90 - tiltMaximumDegrees) * std::numbers::pi / 180);
    const at::Tensor density = at::from_blob(const_cast<float*>(volume.voxels().data()), {nz, ny, nx}, at::kFloat);
    const at::Tensor spectrum = at::fft_rfftn(density).contiguous();  // [D, H, W/2 + 1]
    const std::int64_t half = nx / 2 + 1;
    auto* row = spectrum.data_ptr<c10::complex<float>>();
    for (std::int64_t z = 0; z < nz; ++z) {
        const double limit = slope * std::abs(frequency(z, nz)) - 1e-9;  // a coefficient on the edge was measured
        for (std::int64_t y = 0; y < ny; ++y, row += half) {
            for (std::int64_t x = 0; x < half && frequency(x, nx) < limit; ++x) row[x] = 0;
        }
    }
    const at::Tensor kept = at::fft_irfftn(spectrum, at::IntArrayRef({nz, ny, nx})).contiguous();
    const float* first = kept.data_ptr<float>();
    return {volume.shape(), std::vector<float>(first, first + kept.numel()), volume.voxelSizeAngstrom(), volume.originAngstrom()};
}

}  // namespace tomoloupe
