#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/run_support.h"
#include "core/recipe/mapping.h"

namespace tomoloupe::cli {
namespace {

constexpr const char* kRandom = "random";

struct EmbedFlags {
    std::string project, set, model;
    std::uint64_t seed = 1;
    EmbedOptions options;
};

void embed(EmbedFlags& flags, Session& session) {
    const auto project = Project::open(flags.project);
    RunConfig config;
    config.kind = "embed";
    if (flags.model != kRandom) config.inputs = {modelReference(*project, flags.model, {"pretrain", "finetune"})};
    config.title = config.inputs.empty() ? fmt::format("random {}", flags.options.encoder.name)
                                         : fmt::format("with {}", std::filesystem::path(config.inputs[0]).stem().string());
    config.options = toJson(flags.options.describe());
    config.particleSet = setWithSubtomograms(*project, flags.set).name;
    config.seed = flags.seed;
    createAndExecute(*project, config, session, [](const Run& run, nlohmann::json& document) {
        document["embedding"] = (run.folder() / "embedding.safetensors").string();
    });
}

}  // namespace

void addEmbed(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("embed", "Turn every particle of a set into a vector, and all of them into a map");
    const auto flags = std::make_shared<EmbedFlags>();
    command->add_option("project", flags->project, "The project's folder")->required();
    command->add_option("--set", flags->set, "Particle set")->required();
    command->add_option("--model", flags->model, "Pre-trained or fine-tuned run, model file, or \"random\" for random weights")
        ->type_name("RUN")
        ->required();
    command->add_option("--seed", flags->seed, "The same seed gives the same numbers")->capture_default_str();
    addOptions(*command, flags->options.describe());
    command->callback([flags, &session] { embed(*flags, session); });
}

}  // namespace tomoloupe::cli
