#pragma once

#include <string>
#include <vector>

#include "core/volume/geometry.h"

namespace tomoloupe {

/// A Gaussian of density: weight * exp(-r^2 / (2 sigma^2)).
struct Blob {
    Vec3 centreAngstrom;
    double sigmaAngstrom = 12;
    double weight = 1;
};

/// A made-up macromolecule about the origin. Built of blobs, so that any rotation of it is exact: the centres turn.
struct Shape {
    std::string name;
    std::vector<Blob> blobs;
};

/// Shapes that can be made.
inline constexpr int kShapeCount = 6;

/// The shape of class 0..kShapeCount-1, about 130 to 190 Å long; their symmetries are D7, C6, O, C3, C1 and D8.
/// Throws Error for any other number.
[[nodiscard]] Shape makeShape(int classIndex);

/// Names of the first `classes` shapes: "cylinder", "ring", "shell", "trimer", "pear", "barrel".
[[nodiscard]] std::vector<std::string> shapeNames(int classes);

}  // namespace tomoloupe
