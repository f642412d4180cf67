#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/project/run.h"

namespace tomoloupe {

/// Which of the labelled particles a fine-tuned model was judged by.
enum class RunPart { Validation, Test };

/// What a fine-tuned model said of them at the run's end, so that it can be judged later without computing it again. Lies in the run's
/// folder as test_predictions.csv and validation_predictions.csv: index, particle_id, true_class, and a column of probabilities a class.
struct StoredPredictions {
    std::vector<std::string> classes;      ///< the model's
    std::vector<std::int64_t> indices;     ///< in the set, from 0
    std::vector<std::int64_t> particleIds;
    std::vector<int> truth;                ///< index into `classes`; -1: had no label
    std::vector<float> probabilities;      ///< particle after particle, one for each class
};

[[nodiscard]] std::filesystem::path predictionsPath(const Run& run, RunPart part);
/// Atomic.
void writePredictions(const Run& run, RunPart part, const StoredPredictions& predictions);
/// None when there is no such file (runs of older versions). Throws ReadError naming the line that is wrong.
[[nodiscard]] std::optional<StoredPredictions> readPredictions(const Run& run, RunPart part);

}  // namespace tomoloupe
