#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "core/volume/volume.h"

namespace tomoloupe {

/// Fourier coefficients of real voxels, x fastest: index (x, y, z) with x in 0..nx/2 and y, z in the order of the transform,
/// (nx/2 + 1) * ny * nz of them. Not scaled forward; the way back divides by nx * ny * nz.
using Spectrum = std::vector<std::complex<float>>;

/// Any thread; one thread's work. `voxels` has shape.product() values, x fastest.
[[nodiscard]] Spectrum fourierTransform(std::span<const float> voxels, Index3 shape);
[[nodiscard]] std::vector<float> inverseFourierTransform(const Spectrum& spectrum, Index3 shape);

/// Coefficients of a spectrum of a volume of `shape`.
[[nodiscard]] inline std::int64_t spectrumSize(Index3 shape) { return (shape.x / 2 + 1) * shape.y * shape.z; }

/// Signed frequency, in cycles per voxel, of entry `index` of `count`: within [-0.5, 0.5].
[[nodiscard]] inline double frequency(std::int64_t index, std::int64_t count) {
    return static_cast<double>(index <= count / 2 ? index : index - count) / static_cast<double>(count);
}

/// The smallest number not below `size` with no prime factor above 5, which transforms quickly; even.
[[nodiscard]] std::int64_t quickSize(std::int64_t size);

}  // namespace tomoloupe
