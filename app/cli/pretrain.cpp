#include <CLI/CLI.hpp>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/recipes.h"
#include "app/cli/run_support.h"
#include "core/recipe/learning.h"

namespace tomoloupe::cli {
namespace {

struct PretrainFlags {
    std::string project, set;
    std::uint64_t seed = 1;
    bool prepare = false;
    PretrainOptions options;
};

void pretrain(PretrainFlags& flags, Session& session) {
    const auto project = Project::open(flags.project);
    RunConfig config;
    config.kind = "pretrain";
    config.title = flags.options.method;
    config.options = toJson(flags.options.describe());
    config.particleSet = setWithSubtomograms(*project, flags.set).name;
    config.seed = flags.seed;
    if (flags.prepare)
        createOnly(*project, config, session);
    else
        createAndExecute(*project, config, session);
}

}  // namespace

void addPretrain(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("pretrain", "Teach a network what the subtomograms look like, without labels");
    const auto flags = std::make_shared<PretrainFlags>();
    command->add_option("project", flags->project, "The project's folder")->required();
    command->add_option("--set", flags->set, "Particle set to learn from")->required();
    command->add_option("--seed", flags->seed, "The same seed gives the same numbers")->capture_default_str();
    command->add_flag("--prepare", flags->prepare, kPrepareHelp);
    addRecipe(*command, flags->options.describe(), "pretrain");
    addOptions(*command, flags->options.describe());
    command->callback([flags, &session] { pretrain(*flags, session); });
}

}  // namespace tomoloupe::cli
