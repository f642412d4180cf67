#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/run_support.h"
#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/recipe/explain_options.h"

namespace tomoloupe::cli {
namespace {

struct ExplainFlags {
    std::string project, set, model, out;
    std::uint64_t seed = 1;
    ExplainRunOptions options;
};

void copyHeat(const Run& run, const std::filesystem::path& out) {
    const std::filesystem::path heat = run.folder() / "heat.mrc";
    writeAtomically(out, [&](const std::filesystem::path& temporary) { std::filesystem::copy_file(heat, temporary); });
}

/// What is grouped in the document, for lines of text.
void liftFigures(nlohmann::json& document) {
    for (const char* group : {"overlap", "sanity_check", "mean", "random_weights"}) {
        if (!document.contains(group)) continue;
        const nlohmann::json figures = document[group];
        for (const auto& [name, value] : figures.items())
            document[fmt::format("{}.{}", group, name)] = value;
    }
    if (document.contains("particles")) document.erase("particles");  // a row each: in the run's result.json
}

/// As in run.json, but for one shorter word.
OptionFields flagsOf(ExplainRunOptions& options) {
    OptionFields fields = options.describe();
    for (OptionField& field : fields)
        if (field.name == "target-class") field.name = "class";
    return fields;
}

void explain(ExplainFlags& flags, Session& session) {
    const auto project = Project::open(flags.project);
    const ParticleSetRecord set = setWithSubtomograms(*project, flags.set);
    if (flags.options.particle >= set.count)
        throw Error(fmt::format("There is no particle {} in set {}: it has {}, counted from 0", flags.options.particle,
                                set.name, set.count));
    if (flags.options.particles > 0 && flags.options.ofClass.empty() && !flags.out.empty())
        throw InvalidOptions("The mean of several classes' maps means nothing: name one class with --of-class, or leave --out away");
    RunConfig config;
    config.kind = "explain";
    config.inputs = {modelReference(*project, flags.model, {"finetune"})};
    const std::string model = std::filesystem::path(config.inputs[0]).stem().string();
    config.title = flags.options.particles == 0 ? fmt::format("particle {} with {}", flags.options.particle, model)
                   : flags.options.ofClass.empty() ? fmt::format("{} particles with {}", flags.options.particles, model)
                                                   : fmt::format("class {} with {}", flags.options.ofClass, model);
    config.options = toJson(flags.options.describe());
    config.particleSet = set.name;
    config.seed = flags.seed;
    createAndExecute(*project, config, session, [&](const Run& run, nlohmann::json& document) {
        if (!session.json) liftFigures(document);
        if (flags.out.empty()) return;
        copyHeat(run, flags.out);
        document["out"] = std::filesystem::absolute(flags.out).lexically_normal().string();
    });
}

}  // namespace

void addExplain(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("explain", "Show which voxels of a particle, or of many, spoke for their class");
    const auto flags = std::make_shared<ExplainFlags>();
    command->add_option("project", flags->project, "The project's folder")->required();
    command->add_option("--set", flags->set, "Particle set")->required();
    command->add_option("--model", flags->model, "Fine-tuned run or model file")->type_name("RUN")->required();
    command->add_option("--out", flags->out, "MRC file to write the heat map to")->type_name("FILE");
    command->add_option("--seed", flags->seed, "The same seed gives the same numbers")->capture_default_str();
    addOptions(*command, flagsOf(flags->options));
    command->callback([flags, &session] { explain(*flags, session); });
}

}  // namespace tomoloupe::cli
