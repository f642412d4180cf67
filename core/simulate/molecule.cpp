#include "core/simulate/molecule.h"

#include <algorithm>
#include <cmath>

namespace tomoloupe {

double Molecule::massDalton() const {
    double sum = 0;
    for (const MassPoint& point : points) sum += point.massDalton;
    return sum;
}

double Molecule::radiusAngstrom() const {
    double squared = 0;
    for (const MassPoint& point : points) {
        const Vec3 p = point.positionAngstrom;
        squared = std::max(squared, p.x * p.x + p.y * p.y + p.z * p.z);
    }
    return std::sqrt(squared);
}

}  // namespace tomoloupe
