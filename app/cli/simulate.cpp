#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/recipes.h"
#include "app/cli/run_support.h"
#include "core/base/error.h"
#include "core/recipe/recipe.h"

namespace tomoloupe::cli {
namespace {

struct SimulateFlags {
    std::string out, set = "demo";
    std::uint64_t seed = 1;
    SimulateOptions options;
};

void simulate(SimulateFlags& flags, Session& session) {
    const bool exists = std::filesystem::exists(std::filesystem::path(flags.out) / "project.db");
    const auto project = exists ? Project::open(flags.out) : Project::create(flags.out);
    for (const ParticleSetRecord& set : project->particleSets())
        if (set.name == flags.set)
            throw Error(
                fmt::format("The project has a particle set named {} already; give another with --set", set.name));
    RunConfig config;
    config.kind = "simulate";
    config.title = flags.set;
    config.options = toJson(flags.options.describe());
    config.particleSet = flags.set;
    config.seed = flags.seed;
    createAndExecute(*project, config, session);
}

}  // namespace

void addSimulate(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("simulate", "Make up labelled subtomograms of a few symmetric shapes");
    const auto flags = std::make_shared<SimulateFlags>();
    command->add_option("--out", flags->out, "The project's folder; made when it is not there")
        ->type_name("PROJECT")
        ->required();
    command->add_option("--set", flags->set, "Name of the new particle set")->capture_default_str();
    command->add_option("--seed", flags->seed, "The same seed gives the same particles")->capture_default_str();
    addRecipe(*command, flags->options.describe(), "simulate");
    addOptions(*command, flags->options.describe());
    command->add_option("--count", flags->options.perClass, "The same as --per-class")->check(CLI::Range(1, 1000000));
    command->callback([flags, &session] { simulate(*flags, session); });
}

}  // namespace tomoloupe::cli
