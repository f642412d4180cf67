#pragma once

// Written by tests/baselines/classification.py.

namespace tomoloupe::baseline {

inline constexpr int kConfusion[] = {38, 0, 0, 0, 0, 0, 119, 20, 19, 19, 0, 0, 57, 10, 10, 0, 0, 0, 7, 1, 0, 0, 0, 0, 0};
inline constexpr double kPrecision[] = {1, 1, 0.74025974, 0.194444444, 0};
inline constexpr double kRecall[] = {1, 0.672316384, 0.74025974, 0.875, 0};
inline constexpr double kF1[] = {1, 0.804054054, 0.74025974, 0.318181818, 0};
inline constexpr int kReliabilityCounts[] = {0, 0, 0, 28, 27, 27, 26, 21, 21, 28, 27, 27, 25, 21, 22};
inline constexpr double kAccuracy = 0.736666667;
inline constexpr double kMacroF1 = 0.572499122;
inline constexpr double kExpectedCalibrationError = 0.234813334;
inline constexpr double kTemperature = 1.01701;
inline constexpr double kAccuracyInterval[] = {0.686666667, 0.786666667};
inline constexpr double kMacroF1Interval[] = {0.526931257, 0.615708603};

}  // namespace tomoloupe::baseline
