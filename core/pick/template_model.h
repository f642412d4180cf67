#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/fourier/fourier.h"
#include "core/recipe/recipe.h"
#include "core/simulate/structure.h"

namespace tomoloupe {

/// What happened to the tomogram that a template must share.
struct TemplateImaging {
    double searchVoxelAngstrom = 10;
    int binning = 1;                    ///< of the tomogram for the search
    bool dark = true;                   ///< particles are darker than what surrounds them
    ImagingOptions microscope;          ///< CTF (where its option is on) and tilt range; nothing else of it is used
    std::vector<float> kernel{1};       ///< cube of odd side that the tomogram is convolved with
};

/// From the middle of a cube of values to its faces.
[[nodiscard]] std::int64_t kernelReach(std::span<const float> kernel);
/// Fourier coefficients of the kernel with its middle at index 0 of a periodic cube of `side`.
[[nodiscard]] Spectrum kernelSpectrum(std::span<const float> kernel, std::int64_t side);

/// A structure on the grid of the search, ready to be turned: low-passed to what the grid holds. Immutable; any thread.
class SearchTemplate {
  public:
    /// Throws InvalidOptions when it is smaller than two voxels in radius, or wider than 160.
    SearchTemplate(const Structure& structure, const TemplateImaging& imaging);

    /// Of the cube that holds the mask; odd, the middle at side/2.
    [[nodiscard]] std::int64_t side() const { return 2 * reach_ + 1; }
    /// 1 within a sphere a little wider than the structure, else 0; side()^3 values. It is the same for every rotation.
    [[nodiscard]] const std::vector<float>& mask() const { return mask_; }
    [[nodiscard]] double maskVoxels() const { return maskCount_; }
    /// The template turned by `rotation`, imaged, then of mean 0 and standard deviation 1 within the mask and 0 outside.
    void turned(const Rotation& rotation, std::span<float> voxels) const;

  private:
    void makeFactors(const TemplateImaging& imaging);
    [[nodiscard]] float sample(Vec3 at) const;  // of density_ by trilinear interpolation
    void normalise(std::span<float> voxels) const;

    std::vector<float> density_;   // low-passed, cube of densitySide_ with its middle at densitySide_/2
    std::int64_t densitySide_ = 0, reach_ = 0, boxSide_ = 0;
    double scale_ = 1;             // voxels of density_ a voxel of the search
    double radius_ = 0;            // of the structure, search voxels
    std::vector<float> mask_;
    double maskCount_ = 0;
    std::vector<std::complex<float>> factors_;  // of the coefficients of a box of boxSide_^3
};

}  // namespace tomoloupe
