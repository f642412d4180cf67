#pragma once

#include <nlohmann/json.hpp>

#include "core/engine/run_data.h"
#include "core/recipe/explain_options.h"

namespace tomoloupe {

/// The target of a simulated particle, whose set has masks beside its stack: above one half. Empty where there is none.
[[nodiscard]] Volume targetMask(const RunData& data, std::int64_t particle);

/// Index of a class of the model; -1 for no name. Throws InvalidOptions naming those there are.
[[nodiscard]] int classNamed(const std::vector<std::string>& classes, const std::string& name);

struct ManyParticles {
    nlohmann::json result;
    Volume volume, heat;  ///< means; empty where the particles are of several classes, whose mean means nothing
};

/// Explains several labelled particles: those the model was not taught with first, then others. Each map is turned into its particle's
/// frame where the set knows poses. Figures are means over the particles whose map is not empty (`empty`: the part whose is), with standard errors; with
/// `sanityCheck` also those of the same network with random weights.
[[nodiscard]] ManyParticles explainMany(const RunData& data, const Model& model, const ExplainRunOptions& options, std::uint64_t seed,
                                        const at::Device& device, JobContext& context);

}  // namespace tomoloupe
