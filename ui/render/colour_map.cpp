#include "ui/render/colour_map.h"

#include <algorithm>
#include <cstddef>

namespace tomoloupe {

Colour heatColour(double t) {
    static constexpr std::array<std::array<int, 3>, 11> kPoints{{{0, 0, 4},
                                                                 {22, 11, 57},
                                                                 {66, 10, 104},
                                                                 {106, 23, 110},
                                                                 {147, 38, 103},
                                                                 {188, 55, 84},
                                                                 {221, 81, 58},
                                                                 {243, 120, 25},
                                                                 {252, 165, 10},
                                                                 {246, 215, 70},
                                                                 {252, 255, 164}}};
    const double place = std::clamp(t, 0.0, 1.0) * (kPoints.size() - 1);
    const auto low = std::min(static_cast<std::size_t>(place), kPoints.size() - 2);
    const double weight = place - static_cast<double>(low);
    Colour colour{};
    for (std::size_t c = 0; c < 3; ++c)
        colour[c] = ((1 - weight) * kPoints[low][c] + weight * kPoints[low + 1][c]) / 255;
    return colour;
}

}  // namespace tomoloupe
