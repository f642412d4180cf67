// Printed by tests/baselines/imaging.py.
#pragma once

namespace tomoloupe::baseline {

// CTF at 1/400, 1/200, 1/100, 1/60, 1/40 and 1/25 per Å.
inline constexpr double kCtf[] = {0.0190266, 0.0725534, 0.237016, 0.378108, 0.196024, -0.0178078};
// Variance that white noise keeps.
inline constexpr double kNoiseVariance[] = {0.0116525};
// Autocorrelation at lags 1, 2, 3 along x, along y (tilt axis) and along z (beam).
inline constexpr double kNoiseAutocorrelation[] = {0.724462, 0.143537, -0.281167, 0.80431, 0.383298, 0.0509239, 0.881902, 0.595297, 0.290208};
// The same for the part of the noise that goes through the CTF alone.
inline constexpr double kCtfNoiseAutocorrelation[] = {0.689682, 0.0407032, -0.413891, 0.779593, 0.308947, -0.0494424, 0.866919, 0.54528, 0.207822};

}  // namespace tomoloupe::baseline
