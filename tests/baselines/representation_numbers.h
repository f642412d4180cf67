#pragma once

// Written by tests/baselines/representation.py.

namespace tomoloupe::baseline {

inline constexpr int kMonitorLabels[] = {2, 1, 1, 1, 2, 0, 1, 0, 0, 0, 2, 1};
inline constexpr double kNeighbourAccuracy = 0.666666667;
inline constexpr double kNeighbourAccuracyClose3 = 0.583333333;
inline constexpr double kNeighbourAccuracyClose20 = 0.5;
inline constexpr double kAlignment = 0.0354449211;
inline constexpr double kUniformity = -2.54849344;
inline constexpr double kEffectiveRank = 4.6744406;
inline constexpr double kEffectiveRankWide = 2.79498374;
inline constexpr double kSpread = 0.955967882;

}  // namespace tomoloupe::baseline
