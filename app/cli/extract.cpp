#include <CLI/CLI.hpp>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/run_support.h"
#include "core/jobs/picking_checks.h"
#include "core/recipe/recipe.h"

namespace tomoloupe::cli {
namespace {

struct ExtractFlags {
    std::string project, set;
    ExtractOptions options;
};

void extract(ExtractFlags& flags, Session& session) {
    const auto project = Project::open(flags.project);
    RunConfig config;
    config.kind = "extract";
    config.title = flags.set;
    config.options = toJson(flags.options.describe());
    config.particleSet = checkExtraction(*project, flags.set).name;
    createAndExecute(*project, config, session);
}

}  // namespace

void addExtract(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("extract", "Cut the particles of a set out of their tomograms");
    const auto flags = std::make_shared<ExtractFlags>();
    command->add_option("project", flags->project, "The project's folder")->required();
    command->add_option("--set", flags->set, "Particle set to cut out")->type_name("NAME")->required();
    addOptions(*command, flags->options.describe());
    command->callback([flags, &session] { extract(*flags, session); });
}

}  // namespace tomoloupe::cli
