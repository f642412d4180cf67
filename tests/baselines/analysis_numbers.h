#pragma once

// Written by tests/baselines/analysis.py.

namespace tomoloupe::baseline {

inline constexpr double kPcaVariances[] = {10.5396738, 3.16943009, 0.599103954};
inline constexpr double kPcaTotal = 15.5560787;
inline constexpr double kPcaScores[] = {-2.5783942, -1.9182819, 0.297044493, -1.6671515, 1.00767973, -1.15174307, 5.49281408, 0.884204294, 0.534168622, -1.15791557, -1.82745678, 0.513108288};
inline constexpr int kNearestOf7[] = {40, 31, 16, 58, 43};
inline constexpr double kNearestDistancesOf7[] = {1.28941882, 1.54131508, 1.90861049, 2.04467072, 2.09669531};
inline constexpr double kTrust = 0.921730769;
inline constexpr double kMeansInertia = 165.364638;
inline constexpr double kMeansInertia5 = 140.863277;
inline constexpr double kCurveA = 1.57694346;
inline constexpr double kCurveB = 0.895060878;
inline constexpr double kGraphEdges = 333;
inline constexpr double kGraphWeight = 150.55188;
inline constexpr double kGraphOf7[] = {1, 0.796938658, 0.563732564};
inline constexpr int kGroups8[] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
inline constexpr int kGroups5[] = {0, 1, 0, 2, 0, 1, 0, 1, 0, -1, 0, 1, 0, 1, 0, -1, 0, 1, 0, 1, 0, -1, 0, 1, 0, 1, 0, -1, 0, 1, 0, 1, 0, 2, 0, 1, 0, 1, 0, -1, 0, 1, 0, 1, 0, 2, 0, 1, 0, 1, 0, -1, 0, 1, 0, 1, 0, 2, 0, 1, 0, 1, 0, 2, 0, 1, 0, 1, 0, -1, 0, 1, 0, 1, 0, -1, 0, 1, 0, 1, 0, -1, 0, 1, 0, 1, 0, -1, 0, 1};
inline constexpr int kGroups12[] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
inline constexpr double kUmapTrust = 0.98429664;

}  // namespace tomoloupe::baseline
