#pragma once

#include "core/nn/model_file.h"
#include "core/volume/volume.h"

namespace tomoloupe {

struct HeatMap {
    Volume heat;            ///< 0..1, shape and place of the volume explained
    int targetClass = 0;    ///< index in the model's classes
    double probability = 0;  ///< of that class
    double entropy = 0;     ///< of the map as a distribution over voxels, in nats
    double aboveHalf = 0;   ///< fraction of voxels above 0.5
};

/// Grad-CAM (Selvaraju et al. 2017) on the last block: weights are the spatial means of the class score's gradient, the map is the
/// rectified weighted sum, resized trilinearly to the input's shape and scaled to 0..1 (0 throughout where nothing speaks for the class).
/// The gradient is that of the score before the softmax. `volume`: one standardised subtomogram; `targetClass` < 0: the most probable.
[[nodiscard]] HeatMap gradCam(const Model& model, const Volume& volume, int targetClass, const at::Device& device);

}  // namespace tomoloupe
