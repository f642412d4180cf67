#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/fourier/fourier.h"
#include "core/recipe/recipe.h"

namespace tomoloupe {

/// What the microscope and the reconstruction do to the Fourier coefficients of a grid, tabulated once (method.md 4.2): signal is
/// band-passed, multiplied with the CTF and cut by the missing wedge (tilt axis y, beam z); noise is half added before the
/// CTF and half after the detector's MTF, then band-passed and cut like the signal. Immutable; any thread.
class Imaging {
  public:
    /// `shape`: of the grid; periodic, so leave a margin of some 16 voxels where that matters.
    Imaging(const ImagingOptions& options, Index3 shape, double voxelSizeAngstrom);

    [[nodiscard]] Index3 shape() const { return shape_; }
    /// Turns the spectrum of a density into that of its noise-free image.
    void imageSignal(Spectrum& spectrum) const { multiply(spectrum, signal_); }
    /// Turns the spectrum of white noise of variance 1 into that of imaged noise of variance noiseVariance(). (The two published
    /// parts are independent and Gaussian, so one field with the sum of their power is the same noise.)
    void imageNoise(Spectrum& spectrum) const { multiply(spectrum, noise_); }
    /// Variance that white noise of variance 1 keeps.
    [[nodiscard]] double noiseVariance() const { return noiseVariance_; }
    /// Variance that it keeps when it passes the CTF and the wedge alone, like a signal: what the published ratio of signal to noise
    /// refers to (method.md 4.2).
    [[nodiscard]] double referenceVariance() const { return referenceVariance_; }
    /// Variance over the grid of a volume with this spectrum (Parseval).
    [[nodiscard]] double varianceOf(const Spectrum& spectrum) const;

  private:
    static void multiply(Spectrum& spectrum, const std::vector<float>& factors);
    Index3 shape_;
    std::vector<float> signal_, noise_;  // one factor a coefficient
    double noiseVariance_ = 0, referenceVariance_ = 0;
};

/// Slope of the missing wedge's edge: measured is what has kx >= wedgeSlope * |kz|.
[[nodiscard]] double wedgeSlope(const ImagingOptions& options);

/// What Imaging multiplies the Fourier coefficients of signal and of noise with at `frequency` cycles per voxel, but for the wedge.
struct RadialTransfer {
    double signal = 0, noise = 0;
    double reference = 0;  ///< the CTF alone
};
[[nodiscard]] RadialTransfer radialTransfer(const ImagingOptions& options, double frequency, double voxelSizeAngstrom);

/// The contrast transfer function at `frequency` cycles per Å, with its envelope; 1 where options.ctf is off (method.md 4.2).
[[nodiscard]] double ctfAt(const ImagingOptions& options, double frequency, double voxelSizeAngstrom);

/// Standard normal numbers of the voxels `firstIndex` and on of one field: each depends on `seed` and its index alone, so that blocks
/// of a large volume can be made in any order and overlap.
void fillWhiteNoise(std::uint64_t seed, std::uint64_t firstIndex, std::span<float> values);

}  // namespace tomoloupe
