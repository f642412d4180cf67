#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "core/base/stop_token.h"
#include "core/io/mrc_stream.h"
#include "core/recipe/recipe.h"
#include "core/simulate/placement.h"
#include "core/simulate/structure.h"

namespace tomoloupe {

struct SimulatedTomogram {
    TomogramScene scene;  ///< the truth
    /// Variance of the noise-free image over that of the noise as they came out, within the ice and away from gold; 0 without noise.
    double snr = 0;
    std::int64_t iceVoxels = 0;  ///< that the ratio was taken over
    std::int64_t slabs = 0;      ///< the tomogram was made in
};

struct TomogramRun {
    std::uint64_t seed = 0;
    /// Called on the caller's thread with a number that rises from 0 to 1.
    std::function<void(double fraction)> progress = {};
    StopToken stop = {};
    std::int64_t slabRows = 0;  ///< rows along y worked on at a time; 0: as many as 1.25 GB hold. Does not change the result.
};

/// Makes a tomogram and puts its voxels into `out`, whose shape is options.sizeX x sizeY x sizeZ; commit() is left to the caller. The imaged
/// scene (core/simulate/imaging.h) is scaled so that the variance of the signal within the ice, away from gold beads, is options.snr times that of the
/// noise; the noise has mean 0 and standard deviation 1, or, where options.snr is SimulateOptions::kNoNoise, there is none and
/// the signal has standard deviation 1. Memory does not grow with the length along y: the filters reach no further than
/// some rows along y (the missing wedge not at all), so that slabs across y with a margin give the same as the whole. The same options, structures and
/// seed give the same voxels. Throws Error (a scene that cannot be packed), Cancelled.
[[nodiscard]] SimulatedTomogram simulateTomogram(const SimulateTomogramOptions& options, std::span<const Structure> structures, MrcStream& out,
                                                 const TomogramRun& run);

}  // namespace tomoloupe
