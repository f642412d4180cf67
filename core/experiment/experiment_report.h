#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/experiment/experiment_table.h"

namespace tomoloupe {

/// The experiment as one HTML page that needs no network: tables and curves, what is published beside them, tests,
/// calibration, confusion matrices, pre-trainings, Grad-CAM, and all options, seeds, versions and times. `folder`: the
/// experiment's, for its heat maps.
[[nodiscard]] std::string reportAsHtml(const ExperimentTable& table, const std::map<std::string, CellRecord>& records,
                                       const std::filesystem::path& folder);

struct ExperimentReport {
    std::filesystem::path html, csv;
    nlohmann::json document;  ///< tableAsJson()
    std::string markdown;     ///< tableAsMarkdown()
};

/// Reads what is there of the experiment in `folder` and writes experiment/report.html and experiment/cells.csv into
/// it. Throws Error where there is none.
ExperimentReport writeReport(const std::filesystem::path& folder);

/// The recipe an experiment's folder was opened with. Throws Error where there is none.
[[nodiscard]] ExperimentRecipe recipeOf(const std::filesystem::path& folder);

}  // namespace tomoloupe
