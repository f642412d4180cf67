#pragma once

#include <array>

namespace tomoloupe {

using Colour = std::array<double, 3>;  ///< red, green, blue, 0..1

/// Perceptually even, black over purple and orange to pale yellow; `t` in 0..1. Interpolates eleven points of "inferno"
/// (van der Walt and Smith 2015, CC0).
[[nodiscard]] Colour heatColour(double t);

/// How a heat map lies over a picture.
struct HeatStyle {
    double threshold = 0.25;  ///< nothing is drawn below
    double opacity = 0.75;
};

}  // namespace tomoloupe
