#pragma once

#include <filesystem>
#include <memory>

#include "core/experiment/experiment_recipe.h"
#include "core/jobs/job.h"

namespace tomoloupe {

/// Where an experiment is kept and which part of it is done here.
struct ExperimentPlace {
    std::filesystem::path folder;
    int shard = 1, shards = 1;  ///< this process does every unit whose number leaves shard - 1 when divided by shards
    /// Project for what is simulated and learnt: the folder itself, or one within it where there are several shards.
    /// Sets that are there already keep their runs in their own project.
    [[nodiscard]] std::filesystem::path project() const;
};

/// Prepares the folder and writes the recipe there, which recipeOf() (experiment_report.h) reads again. Throws Error
/// where another experiment, or anything else, is there, and where this one is and neither `resume` nor one of several
/// shards asks for it.
void openExperiment(const ExperimentPlace& place, const std::string& name, const nlohmann::json& recipe, bool reduced,
                    bool resume);

/// Does every cell of this shard that has no record yet, simulating what it needs. A cell whose run was interrupted
/// goes on from its checkpoint. Cancel leaves all that is done; so does a failure.
[[nodiscard]] std::unique_ptr<Job> makeExperimentJob(ExperimentRecipe recipe, ExperimentPlace place);

}  // namespace tomoloupe
