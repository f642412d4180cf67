#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "core/base/stop_token.h"
#include "core/fourier/fourier.h"

namespace tomoloupe {

/// A filter of a volume too large to lie in memory twice: planes of voxels are asked for, transformed, multiplied and handed back, on
/// LibTorch's threads. Only the spectrum is held.
struct PlaneFilter {
    Index3 shape;  ///< periodic
    /// Makes what the coefficients of one column along z, at (x, y) in the order of Spectrum, are multiplied with. From several threads.
    std::function<void(std::int64_t x, std::int64_t y, std::span<float> alongZ)> factors;
    /// Makes the planes from `firstZ` on, as many as fill `voxels`, which are 0 at first. Called once a plane, from several threads.
    std::function<void(std::int64_t firstZ, std::span<float> voxels)> make;
    /// Takes the filtered planes likewise.
    std::function<void(std::int64_t firstZ, std::span<const float> voxels)> take;
    /// Called on the caller's thread with a number that rises from 0 to 1.
    std::function<void(double fraction)> progress = {};
    StopToken stop = {};
};

/// `workspace` is resized and overwritten. Throws Cancelled, and what `make` and `take` throw.
void filterPlanes(const PlaneFilter& filter, Spectrum& workspace);

}  // namespace tomoloupe
