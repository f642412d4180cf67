#pragma once

#include <filesystem>
#include <string>

#include "core/project/project.h"

namespace tomoloupe {

enum class ExportFormat { Csv, Star };

struct ExportOptions {
    std::string setName;
    ExportFormat format = ExportFormat::Star;
    std::string predictionRun;  ///< id of the run whose predictions go out too; empty: none
};

struct ExportCounts {
    std::int64_t particles = 0, labelled = 0, predicted = 0;
};

/// Writes a set with its labels. STAR: the file as it came in; labels as rlnClassNumber (from 1 in the order of the
/// classes, 0 for none, left alone where the file has one) and tomoloupeLabel, predictions as tomoloupePrediction and
/// tomoloupeProbability.
ExportCounts exportParticles(const Project& project, const ExportOptions& options, const std::filesystem::path& target);

}  // namespace tomoloupe
