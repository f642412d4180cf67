#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/recipes.h"
#include "app/cli/run_support.h"
#include "core/jobs/picking_checks.h"
#include "core/recipe/recipe.h"

namespace tomoloupe::cli {
namespace {

struct PickFlags {
    std::string project, set;
    PickOptions options;
};

/// A template that is a file here is this file also when the run goes on elsewhere.
void makeAbsolute(std::vector<std::string>& templates) {
    for (std::string& each : templates)
        if (std::filesystem::is_regular_file(each)) each = std::filesystem::absolute(each).lexically_normal().string();
}

void pick(PickFlags& flags, Session& session) {
    const auto project = Project::open(flags.project);
    flags.options.tomogram = checkPicking(*project, flags.options, flags.set).name;
    makeAbsolute(flags.options.templates);
    RunConfig config;
    config.kind = "pick";
    config.title = fmt::format("{} in {}", flags.set, flags.options.tomogram);
    config.options = toJson(flags.options.describe());
    config.particleSet = flags.set;
    createAndExecute(*project, config, session);
}

}  // namespace

void addPick(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("pick", "Find particles in a tomogram, by difference of Gaussians or with templates");
    const auto flags = std::make_shared<PickFlags>();
    command->add_option("project", flags->project, "The project's folder")->required();
    command->add_option("--set", flags->set, "Name of the new particle set")->type_name("NAME")->required();
    addRecipe(*command, flags->options.describe(), "pick");
    addOptions(*command, flags->options.describe());
    command->add_option("--template", flags->options.templates, "The same as --templates")->type_name("TEXT ...");
    command->callback([flags, &session] { pick(*flags, session); });
}

}  // namespace tomoloupe::cli
