#pragma once

#include <string>

#include "core/nn/model_file.h"
#include "core/volume/volume.h"

namespace tomoloupe {

struct ExplainRequest {
    std::string method = "gradcam";    ///< one of ExplainOptions::method
    std::string layer = "last-block";  ///< or one of Encoder::layerNames(); guided-backprop looks at none
    int targetClass = -1;              ///< index in the model's classes; negative: the most probable
};

struct HeatMap {
    Volume heat;             ///< shape and place of the volume explained; 0..1, or -1..1 where the method has signs
    std::string layer;       ///< looked at; empty for guided-backprop
    int targetClass = 0;     ///< index in the model's classes
    double probability = 0;  ///< of that class
    double score = 0;        ///< of that class, before the softmax: what is differentiated
    double total = 0;        ///< sum of the map as it is before it is resized and scaled
};

/// Which voxels of `volume` (one standardised subtomogram) spoke for a class. docs/method.md has the formulas of all methods.
/// - gradcam (Selvaraju et al. 2017) and gradcam++ (Chattopadhay et al. 2018): 0..1, 0 throughout where nothing speaks for the class.
/// - respondcam (Zhao et al. 2018), guided-backprop (Springenberg et al. 2015) and guided-gradcam: with signs, divided by the largest
///   magnitude; what is above 0 speaks for the class.
/// Leaves the model in eval mode. Throws InvalidOptions for a layer that the encoder lacks; Error for a class that is not there, a
/// model without classes and scores that are not numbers.
[[nodiscard]] HeatMap explain(const Model& model, const Volume& volume, const ExplainRequest& request, const at::Device& device);

}  // namespace tomoloupe
