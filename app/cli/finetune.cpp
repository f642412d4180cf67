#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/recipes.h"
#include "app/cli/repeated_runs.h"
#include "app/cli/run_support.h"
#include "core/base/error.h"
#include "core/io/safetensors.h"
#include "core/recipe/learning.h"

namespace tomoloupe::cli {
namespace {

constexpr const char* kRandom = "random";

struct FinetuneFlags {
    std::string project, set, from = kRandom;
    std::uint64_t seed = 1;
    int runs = 1;
    bool prepare = false;
    bool encoderGiven = false;
    FinetuneOptions options;
};

/// The encoder that a run's model or a model file has; empty where that cannot be told from here.
std::string encoderOf(const Project& project, const std::string& reference) {
    const bool isFile = std::filesystem::is_regular_file(reference);
    const auto metadata = SafetensorsReader(isFile ? std::filesystem::path(reference) : project.run(reference).modelPath()).metadata();
    const auto manifest = metadata.find("tomoloupe");
    if (manifest == metadata.end()) return {};
    const auto json = nlohmann::json::parse(manifest->second, nullptr, false);
    const auto found = json.is_object() ? json.find("encoder") : json.end();
    return found != json.end() && found->is_object() ? found->value("encoder", "") : "";
}

/// Options of a start from a model: its encoder, which nobody may contradict.
void takeEncoder(FinetuneFlags& flags, const Project& project, const std::string& reference) {
    const std::string encoder = encoderOf(project, reference);
    if (encoder.empty()) return;
    if (flags.encoderGiven && flags.options.encoder.name != encoder)
        throw Error(fmt::format("The model {} has the encoder {}, not {}: leave --encoder out, or start from another model or from random",
                                flags.from, encoder, flags.options.encoder.name));
    flags.options.encoder.name = encoder;
}

void finetune(FinetuneFlags& flags, Session& session) {
    flags.options.check();
    const auto project = Project::open(flags.project);
    const ParticleSetRecord set = setWithSubtomograms(*project, flags.set);
    const std::vector<std::int64_t> labels = project->labels(set.id);
    if (std::all_of(labels.begin(), labels.end(), [](std::int64_t label) { return label == 0; }))
        throw Error(fmt::format(
            "No particle of set {} has a label; label some first, with \"label set\" or in the window", set.name));
    RunConfig config;
    config.kind = "finetune";
    if (flags.from != kRandom) {
        config.inputs = {modelReference(*project, flags.from, {"pretrain", "finetune"})};
        takeEncoder(flags, *project, config.inputs[0]);
    }
    const std::string start = config.inputs.empty() ? kRandom : std::filesystem::path(config.inputs[0]).stem().string();
    config.title = fmt::format("{:g} % labels from {}", 100 * flags.options.labelFraction, start);
    config.options = toJson(flags.options.describe());
    config.particleSet = set.name;
    config.seed = flags.seed;
    if (flags.prepare)
        createOnly(*project, config, session);
    else if (flags.runs > 1)
        createAndExecuteRepeatedly(*project, config, flags.runs, session);
    else
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
    auto* runs = command->add_option("--runs", flags->runs, "Do so many runs with this seed and those that follow, and tell mean and spread")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_flag("--prepare", flags->prepare, kPrepareHelp)->excludes(runs);
    addRecipe(*command, flags->options.describe(), "finetune");
    addOptions(*command, flags->options.describe());
    command->callback([flags, command, &session] {
        flags->encoderGiven = command->count("--encoder") > 0;
        finetune(*flags, session);
    });
}

}  // namespace tomoloupe::cli
