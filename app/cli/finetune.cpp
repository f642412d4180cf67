#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/recipes.h"
#include "app/cli/run_support.h"
#include "core/base/error.h"
#include "core/recipe/learning.h"

namespace tomoloupe::cli {
namespace {

constexpr const char* kRandom = "random";

struct FinetuneFlags {
    std::string project, set, from = kRandom;
    std::uint64_t seed = 1;
    FinetuneOptions options;
};

void finetune(FinetuneFlags& flags, Session& session) {
    const auto project = Project::open(flags.project);
    const ParticleSetRecord set = setWithSubtomograms(*project, flags.set);
    const std::vector<std::int64_t> labels = project->labels(set.id);
    if (std::all_of(labels.begin(), labels.end(), [](std::int64_t label) { return label == 0; }))
        throw Error(fmt::format(
            "No particle of set {} has a label; label some first, with \"label set\" or in the window", set.name));
    RunConfig config;
    config.kind = "finetune";
    if (flags.from != kRandom) config.inputs = {modelReference(*project, flags.from, {"pretrain", "finetune"})};
    const std::string start = config.inputs.empty() ? kRandom : std::filesystem::path(config.inputs[0]).stem().string();
    config.title = fmt::format("{:g} % labels from {}", 100 * flags.options.labelFraction, start);
    config.options = toJson(flags.options.describe());
    config.particleSet = set.name;
    config.seed = flags.seed;
    createAndExecute(*project, config, session);
}

}  // namespace

void addFinetune(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("finetune", "Teach a network the classes from labelled subtomograms");
    const auto flags = std::make_shared<FinetuneFlags>();
    command->add_option("project", flags->project, "The project's folder")->required();
    command->add_option("--set", flags->set, "Particle set to learn from")->required();
    command->add_option("--from", flags->from, "Run or model file to start from, or \"random\"")
        ->type_name("RUN")
        ->capture_default_str();
    command->add_option("--seed", flags->seed, "The same seed gives the same numbers")->capture_default_str();
    addRecipe(*command, flags->options.describe(), "finetune");
    addOptions(*command, flags->options.describe());
    command->callback([flags, &session] { finetune(*flags, session); });
}

}  // namespace tomoloupe::cli
