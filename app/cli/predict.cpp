#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/run_support.h"
#include "core/recipe/learning.h"

namespace tomoloupe::cli {
namespace {

struct PredictFlags {
    std::string project, set, model;
    std::uint64_t seed = 1;
    PredictOptions options;
};

void predict(PredictFlags& flags, Session& session) {
    const auto project = Project::open(flags.project);
    RunConfig config;
    config.kind = "predict";
    config.inputs = {modelReference(*project, flags.model, {"finetune"})};
    config.title = fmt::format("with {}", std::filesystem::path(config.inputs[0]).stem().string());
    config.options = toJson(flags.options.describe());
    config.particleSet = setWithSubtomograms(*project, flags.set).name;
    config.seed = flags.seed;
    createAndExecute(*project, config, session);
}

}  // namespace

void addPredict(CLI::App& app, Session& session) {
    auto* command =
        app.add_subcommand("predict", "Tell the class of every particle of a set with a fine-tuned network");
    const auto flags = std::make_shared<PredictFlags>();
    command->add_option("project", flags->project, "The project's folder")->required();
    command->add_option("--set", flags->set, "Particle set to sort")->required();
    command->add_option("--model", flags->model, "Fine-tuned run or model file")->type_name("RUN")->required();
    command->add_option("--seed", flags->seed, "The same seed gives the same numbers")->capture_default_str();
    addOptions(*command, flags->options.describe());
    command->callback([flags, &session] { predict(*flags, session); });
}

}  // namespace tomoloupe::cli
