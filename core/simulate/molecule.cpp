#include "core/simulate/molecule.h"

#include <algorithm>
#include <cmath>

#include "core/volume/vector_math.h"

namespace tomoloupe {

double Molecule::massDalton() const {
    double sum = 0;
    for (const MassPoint& point : points) sum += point.massDalton;
    return sum;
}

double Molecule::radiusAngstrom() const {
    double squared = 0;
    for (const MassPoint& point : points) squared = std::max(squared, squaredLength(point.positionAngstrom));
    return std::sqrt(squared);
}

}  // namespace tomoloupe
