#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/recipe/learning.h"

namespace tomoloupe {

/// Particles that ways of learning are compared on: simulated for this, or a set of a project.
struct ExperimentSet {
    std::string name;               ///< in tables
    nlohmann::json simulate;        ///< all of SimulateOptions; null: not simulated
    std::filesystem::path project;  ///< of a set that is there already
    std::string particleSet;        ///< its name there
    /// Accuracies in % that a publication gives: {"moco": [68.6, null, ...], ...}, one a label fraction; may be empty.
    nlohmann::json published;
};

/// A way of learning: from random weights, or pre-trained first.
struct ExperimentStart {
    std::string name;  ///< in tables: "random", "moco", "recommended"
    std::optional<PretrainOptions> pretrain;
    FinetuneOptions finetune;
    /// Rates of fine-tuning to try; the one with the best mean validation accuracy counts, set by set and fraction by
    /// fraction.
    std::vector<double> rates;
    int seeds = 0;  ///< fine-tunings of each set and fraction; 0: as many as the experiment says
};

/// The comparison of a paper's table: starts x sets x label fractions x seeds. The recipe files in resources/recipes
/// are its JSON form; docs/user/experiments.md describes it.
struct ExperimentRecipe {
    std::string name, about;
    bool reduced = false;
    std::vector<ExperimentSet> sets;
    std::vector<ExperimentStart> starts;  ///< the first is what the others are compared with
    std::vector<double> labelFractions;   ///< parts of the training labels, the largest first
    int seeds = 5;                        ///< fine-tunings of each start, set and fraction
    int pretrainSeeds = 5;  ///< pre-trainings of each start and set; fine-tuning s starts from number s modulo these
    std::uint64_t dataSeed = 1;  ///< of simulation and split
    int explain = 0;             ///< particles that Grad-CAM is judged on; 0: none
};

/// From a recipe's JSON, whose entry "experiment" it reads; with `reduced` that entry's own of this name is laid over
/// it (RFC 7396). Throws Error naming what is wrong.
[[nodiscard]] ExperimentRecipe experimentRecipe(const std::string& name, const nlohmann::json& recipe, bool reduced);

}  // namespace tomoloupe
