#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/stop_token.h"
#include "core/io/volume_file.h"

namespace tomoloupe {

// What the engine shows while options are moved, before anything is stored. Call on a worker.

/// One subtomogram as the options would make it.
struct SimulationPreview {
    Volume volume;  ///< as imaged
    Volume clean;   ///< the same without noise
    Volume mask;    ///< 1 where the target is
    std::string className;
    double localSnr = 0;  ///< variance of signal over noise within the crop
};

/// Difference of Gaussians on one slice.
struct PickPreview {
    struct Spot {
        Vec3 positionVoxels;
        double score = 0;
    };
    Volume response;          ///< of the slice: shape (nx, ny, 1); larger is more particle-like
    std::vector<Spot> spots;  ///< picks that reach into the slice, after threshold and minimum distance, the best first
};

}  // namespace tomoloupe
