#pragma once

#include <span>

#include "core/simulate/molecule.h"

namespace tomoloupe {

/// Moves the points so that the middle of their bounding box lies at the origin.
void centreOnBoundingBox(std::span<MassPoint> points);
/// The same along z alone: the symmetry axis stays where it is.
void centreAlongZ(std::span<MassPoint> points);

}  // namespace tomoloupe
