#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/experiment/experiment_plan.h"
#include "core/project/run.h"

namespace tomoloupe {

/// What is kept of a cell that is done: a JSON file in the folder experiment/cells, written at once or not at all, so
/// that what several processes or machines did is merged by copying files together.
struct CellRecord {
    std::string title, kind, set, start;
    double fraction = 1;
    int seed = 1;
    double rate = 0;
    std::string run;  ///< folder of the run, relative to the experiment's where it lies within
    double seconds = 0;
    nlohmann::json machine;  ///< program, LibTorch, compiler, device
    nlohmann::json options;  ///< of the run, whole

    // Of those that have a classifier:
    double testAccuracy = 0, validationAccuracy = 0, macroF1 = 0;
    double calibrationError = 0, negativeLogLikelihood = 0, brier = 0;  ///< on held-out particles
    std::int64_t trainCount = 0;
    std::vector<std::string> classes = {};
    std::vector<std::int64_t> confusion = {};  ///< row after row: true class, predicted
    std::string right = {};  ///< a 1 or 0 for each held-out particle in set order: named rightly or not

    nlohmann::json figures = {};  ///< of other kinds: result.json of the run
};

/// Of a run that has ended. Throws Error where it left no predictions.
[[nodiscard]] CellRecord recordOf(const ExperimentRecipe& recipe, const ExperimentCell& cell, const Run& run);

/// Name of a cell's file: "paper-snr005, moco, 25 %, seed 1" -> "paper-snr005-moco-25-seed-1-9f3a02b7.json"
[[nodiscard]] std::string cellFile(const std::string& title);
[[nodiscard]] std::filesystem::path cellsFolder(const std::filesystem::path& experiment);
/// Atomic.
void writeRecord(const std::filesystem::path& experiment, const CellRecord& record);
/// All there are, by title. Throws ReadError naming the file that cannot be read.
[[nodiscard]] std::map<std::string, CellRecord> readRecords(const std::filesystem::path& experiment);

}  // namespace tomoloupe
