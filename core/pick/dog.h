#pragma once

#include <cstdint>
#include <vector>

#include "core/base/stop_token.h"
#include "core/io/volume_file.h"
#include "core/pick/peak.h"
#include "core/pick/pick_progress.h"
#include "core/recipe/recipe.h"

namespace tomoloupe {

/// Picks by difference of Gaussians (method.md 5; Voss et al. 2009; Pei et al. 2016): maxima, among 18 neighbours, of
/// G(s1) * v - G(s2) * v that reach T = m + t (M - m) / 20, with the best maximum M and the worst m of the whole tomogram.
struct DogPicks {
    std::vector<Peak> peaks;      ///< the best first, apart by the minimum distance
    double threshold = 0;         ///< T
    double best = 0, worst = 0;   ///< M and m
    std::int64_t candidates = 0;  ///< all maxima
    double sigmaVoxels = 0;       ///< s1
    double minimumDistanceVoxels = 0;
};

/// s1 that PickOptions ask for: as given, else 0.65 of the particle's radius, never below 2 voxels: between what finds balls best
/// (0.75) and what finds rods best (1/sqrt(3)), as docs/method.md shows. Throws InvalidOptions when neither is given or when the
/// particle is larger than the tomogram.
[[nodiscard]] double dogSigma(const PickOptions& options, const VolumeInfo& tomogram);
/// In voxels: as given, else the particle's radius, else s1.
[[nodiscard]] double dogMinimumDistance(const PickOptions& options, const VolumeInfo& tomogram);

/// Reads the tomogram in blocks; the picks are the same, to the bit, for every block size. Uses parallelFor.
/// Throws InvalidOptions, ReadError, Cancelled.
[[nodiscard]] DogPicks pickByDog(const VolumeFile& tomogram, const PickOptions& options, const PickProgress& progress,
                                 const StopToken& stop);

/// One slice of the response, shape (nx, ny, 1), and the picks whose particle reaches into it. The threshold is told from the maxima
/// near the slice alone and so is a little other than that of the whole tomogram.
struct DogSlice {
    Volume response;
    std::vector<Peak> peaks;
};
[[nodiscard]] DogSlice dogSlice(const VolumeFile& tomogram, const PickOptions& options, std::int64_t z, const StopToken& stop);

}  // namespace tomoloupe
