#pragma once

#include <filesystem>
#include <memory>

#include "core/jobs/job.h"
#include "core/jobs/preview.h"

namespace tomoloupe {

/// What the engine module's one exported C function, `tomoloupeEngine`, returns. The compiler and this header must be
/// those the module was built with; `abi` is checked before anything else is touched.
struct EngineTable {
    static constexpr int kAbi = 4;
    int abi = kAbi;
    /// The job of a prepared run folder; throws Error.
    std::unique_ptr<Job> (*makeRunJob)(const std::filesystem::path& runFolder) = nullptr;
    /// The program's own speed: `options` is JSON text, the answer too.
    std::string (*bench)(const std::string& optionsJson) = nullptr;
    /// {"version": "1.13.1", "devices": ["cpu", ...], "blas": "openblas", "threads": 2, "structures": [{"name", "title", "symmetry",
    /// "mass_dalton", "diameter_angstrom", "source"}, ...]} as JSON text.
    std::string (*describe)() = nullptr;
    /// A whole tomogram by SimulateTomogramOptions as JSON text, to `tomogram` (MRC) and, unless empty, its particles to
    /// `truth` (STAR). Files appear when the job is done, or not at all. Throws Error.
    std::unique_ptr<Job> (*makeTomogramJob)(const std::string& optionsJson, std::uint64_t seed, const std::filesystem::path& tomogram,
                                            const std::filesystem::path& truth) = nullptr;
    /// Particle `index` of what SimulateOptions as JSON text make. Throws Error. Structures are kept between calls.
    SimulationPreview (*previewSimulation)(const std::string& optionsJson, std::uint64_t seed, std::int64_t index) = nullptr;
    /// Slice z of the file by PickOptions as JSON text (method dog). Throws Error, Cancelled.
    PickPreview (*previewPicking)(const VolumeFile& file, const std::string& optionsJson, std::int64_t z, const StopToken& stop) = nullptr;
    /// `count` views of a particle in a cubic box, standardised, as AugmentationOptions as JSON text make them. One seed gives the same views again,
    /// of which moving one option changes nothing but its own part (extended kind). Throws Error.
    std::vector<Volume> (*previewViews)(const Volume& particle, const std::string& optionsJson, std::uint64_t seed, int count) = nullptr;
    /// Every encoder for cubic boxes of this side as JSON text: [{"name", "when", "parameters", "multiply_adds", "any_box", "problem"}, ...].
    std::string (*describeEncoders)(std::int64_t boxSize) = nullptr;
    /// {"methods": [{"name", "when"}, ...], "cards": [{"name": "cuda:0", "title", "free_bytes", "total_bytes"}, ...]} as JSON text.
    std::string (*describeTraining)() = nullptr;
    /// What a training would take, measured by a few of its steps on made-up particles: {"kind": "pretrain", "options": {...}, "box": 32,
    /// "particles": 3000, "train": 1800, "validation": 600, "classes": 5} as JSON text; answers as trainingTrialFromJson() reads it. The memory is
    /// that of this process, so that it wants one of its own. Throws Error, Cancelled.
    std::string (*measureTraining)(const std::string& wishJson, const StopToken& stop) = nullptr;
};

/// Opens the engine module (RTLD_NOW | RTLD_LOCAL) the first time it is called; takes about a second, so call it on a worker.
/// Looked for in $TOMOLOUPE_ENGINE, beside the program in ../lib/tomoloupe. Throws Error with the loader's reason. Thread-safe.
[[nodiscard]] const EngineTable& loadEngine();

/// A job that loads the engine on its own thread and then does what run.json in `runFolder` says, holding the run's lock, writing metrics.csv
/// and log.txt, and result.json at the end (also when it failed or was cancelled). Of several processes that share the run (rank.h) the first
/// alone writes; the others compute.
[[nodiscard]] std::unique_ptr<Job> makeRunJob(const std::filesystem::path& runFolder);

}  // namespace tomoloupe
