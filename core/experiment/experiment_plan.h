#pragma once

#include <string>
#include <vector>

#include "core/experiment/experiment_recipe.h"

namespace tomoloupe {

enum class CellKind {
    Pretrain,
    Probe,  ///< the last layer alone, taught with all training labels on what the encoder says
    Finetune,
    Explain,  ///< Grad-CAM of the first model taught with the most labels, on many particles
    Picture,  ///< the same of one held-out particle, the same for all starts
};
[[nodiscard]] std::string toText(CellKind kind);

/// One run of an experiment.
struct ExperimentCell {
    CellKind kind = CellKind::Finetune;
    int set = 0, start = 0;  ///< indices in the recipe
    double fraction = 1;     ///< of the training labels
    int seed = 1;            ///< of the run; pre-trainings count from 1 too
    double rate = 0;         ///< of fine-tuning; 0: that of the start's options
    double effort = 0;       ///< particles it looks at, roughly: what remaining time is told by
    std::string title = {};  ///< no other cell of the experiment has it: "paper-snr005, moco, 25 %, seed 1"
};

/// What one process does in this order, as later cells start from what earlier ones learnt. Units do not need each
/// other.
using ExperimentUnit = std::vector<ExperimentCell>;

[[nodiscard]] std::vector<ExperimentUnit> planExperiment(const ExperimentRecipe& recipe);

}  // namespace tomoloupe
