#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/stop_token.h"
#include "core/jobs/preview.h"
#include "core/jobs/training_trial.h"

namespace tomoloupe {

/// A built-in structure as a list shows it.
struct StructureChoice {
    std::string name;   ///< as options name it: "proteasome-20s"
    std::string title;  ///< "20S proteasome"
    std::string symmetry;
    double massDalton = 0;
    double diameterAngstrom = 0;
    std::string source;
};

/// What pages show while options are moved. Functions, so that tests give their own; all are called on a worker and
/// throw Error.
struct PreviewEngine {
    using Structures = std::function<std::vector<StructureChoice>()>;
    /// Options as JSON text, seed, index of the particle.
    using Simulation = std::function<SimulationPreview(const std::string&, std::uint64_t, std::int64_t)>;
    /// File, options as JSON text, slice, stop.
    using Picking = std::function<PickPreview(const VolumeFile&, const std::string&, std::int64_t, const StopToken&)>;
    /// Eight or so views of a particle: volume, AugmentationOptions as JSON text, seed, count.
    using Views = std::function<std::vector<Volume>(const Volume&, const std::string&, std::uint64_t, int)>;
    using Encoders = std::function<std::vector<EncoderFact>(std::int64_t)>;  ///< for boxes of this side
    using Training = std::function<TrainingChoices()>;
    /// What a training would take, as EngineTable::measureTraining reads it; takes seconds.
    using Trial = std::function<TrainingTrial(const std::string&, const StopToken&)>;
    Structures structures;
    Simulation simulation;
    Picking picking;
    Views views;
    Encoders encoders;
    Training training;
    Trial trial;
};

/// Those of the engine module, which the first call opens; trials are made by the program `trialProgram` in a process of its own.
[[nodiscard]] PreviewEngine loadedPreviewEngine(std::filesystem::path trialProgram = {});

}  // namespace tomoloupe
