#pragma once

#include "core/volume/volume.h"

namespace tomoloupe {

/// What a picture of a slice is smoothed with; the voxels themselves stay as they are.
struct DisplayFilter {
    enum class Kind { None, Gaussian, BandPass, DifferenceOfGaussians };
    Kind kind = Kind::None;
    double sigmaVoxels = 1.5;    ///< of the Gaussian, and of the narrower one of two
    double sigmaRatio = 1.6;     ///< wider over narrower; 1.6 comes closest to a Laplacian (Marr and Hildreth 1980)
    double finestAngstrom = 40;  ///< the band keeps details between these two
    double coarsestAngstrom = 400;
    friend bool operator==(const DisplayFilter&, const DisplayFilter&) = default;
};

/// Every XY section of `picture` filtered in its plane, mirrored at the borders (c b a | a b c). The band has Gaussian
/// edges: of a wave as long as either limit half remains, exp(-2 pi^2 sigma^2 / length^2) = 1/2. Voxels that are not
/// finite count as the mean. Gaussians wider than 3 voxels come from a recursion (Deriche 1993), right to
/// about a thousandth.
[[nodiscard]] Volume filtered(const Volume& picture, const DisplayFilter& filter);

/// Standard deviation of the Gaussian that leaves half of a wave of `length`, in the unit of the length.
[[nodiscard]] double sigmaOfHalf(double length);

}  // namespace tomoloupe
