// Printed by tests/baselines/display_filter.py.
#pragma once

namespace tomoloupe::baseline {

// A Gaussian of 2 voxels, one of 7, their like in a band of 40 to 300 Å at 8 Å a voxel, and 1.5 less 2.4 voxels.
inline constexpr double kSmoothed[] = {0.7946326, 2.33298, 1.100763, -0.003737494, -0.3570674, 2.334726};
inline constexpr double kSmoothedWide[] = {0.9052551, 1.801596, 0.8946986, 0.5827399, 0.3681051, 1.648786};
inline constexpr double kBand[] = {-0.5019965, 0.66048, 0.1333777, -0.6751459, -0.8172253, 0.7225785};
inline constexpr double kDifference[] = {-0.2600817, 0.07653034, -0.06330663, -0.09074464, -0.1323994, 0.05230942};

}  // namespace tomoloupe::baseline
