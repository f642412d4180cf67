#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/data/split.h"
#include "core/jobs/training_trial.h"
#include "core/project/project.h"
#include "core/recipe/learning.h"

namespace tomoloupe {

// What can be told of a training before it starts, for the window and the command line: one list, worst first within what is wrong.

struct ClassFact {
    std::string name, colour;
    std::int64_t count = 0;  ///< labelled particles
    int tomograms = 0;       ///< that these lie in
};

/// A particle set as learning sees it, read at one moment.
struct SetFacts {
    std::string name;
    std::int64_t particles = 0;
    Index3 box;                        ///< (0, 0, 0): nothing is extracted
    double voxelSizeAngstrom = 0;
    std::vector<double> tomogramVoxels;  ///< voxel sizes of the tomograms that the particles lie in, each once, ascending
    std::string problem;               ///< why its subtomograms cannot be read; empty when they can
    std::string labelSet;              ///< the one learnt from
    std::vector<ClassFact> classes;    ///< labelled ones; what a person was unsure of is none
    std::int64_t unsure = 0;           ///< particles with a label that is not learnt from
    int tomogramCount = 0;             ///< that its particles lie in
    std::vector<int> labels;           ///< index into `classes` of each labelled particle
    std::vector<std::string> tomograms;  ///< of these; empty where one has none
};
/// On a worker. Throws Error when there is no such set.
[[nodiscard]] SetFacts readSetFacts(const Project& project, const std::string& set);

/// What a start from a model brings.
struct ModelFacts {
    std::string encoder;  ///< empty: cannot be told
    std::int64_t box = 0;
    double voxelSizeAngstrom = 0;
    std::vector<std::string> classes;
};
/// Of a run of the project or a model file. Throws Error when there is none.
[[nodiscard]] ModelFacts readModelFacts(const Project& project, const std::string& reference);

/// Everything else that is known at the moment; what is not known yet is not judged.
struct MachineFacts {
    std::vector<EncoderFact> encoders;  ///< for this box
    std::vector<DeviceFact> devices;
    std::optional<TrainingTrial> trial;
    double freeDiskBytes = 0;  ///< where the project lies; 0: not known
};

struct Finding {
    enum class Level { Good, Warning, Error };
    Level level = Level::Good;
    std::string subject;   ///< "Batch size"
    std::string sentence;  ///< what is, and for a warning or an error what to do about it
    /// A change that mends it: option and value, and what the button says. "recipe" as option means a built-in recipe. Empty: none.
    std::string option = {}, value = {}, fix = {};
};

[[nodiscard]] std::vector<Finding> checkPretraining(const PretrainOptions& options, const SetFacts& set, const MachineFacts& machine);
[[nodiscard]] std::vector<Finding> checkFinetuning(const FinetuneOptions& options, const SetFacts& set, const MachineFacts& machine,
                                                   const std::optional<ModelFacts>& start);
/// Nothing among them keeps it from starting.
[[nodiscard]] bool mayStart(const std::vector<Finding>& findings);

/// "1.4 GB".
[[nodiscard]] std::string bytesText(double bytes);

}  // namespace tomoloupe
