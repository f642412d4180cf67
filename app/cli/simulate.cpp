#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "app/cli/recipes.h"
#include "app/cli/run_support.h"
#include "core/base/error.h"
#include "core/jobs/engine_loader.h"
#include "core/recipe/built_in_recipes.h"
#include "core/recipe/recipe.h"

namespace tomoloupe::cli {
namespace {

/// Subtomograms and whole tomograms have many options in common; which struct the flags are for is known once all are read.
struct SimulateFlags {
    std::string out, set, truth, size, recipe;
    bool tomogram = false;
    std::uint64_t seed = 1;
    std::map<std::string, std::string> given;  // option name -> text
    SimulateOptions subtomograms;
    SimulateTomogramOptions tomograms;
};

/// Keeps a job's metrics by name besides telling how it goes.
class MetricSink : public ConsoleSink {
  public:
    void onMetric(const Metric& metric) override { metrics_[metric.name] = metric.value; }
    [[nodiscard]] const nlohmann::json& metrics() const { return metrics_; }

  private:
    nlohmann::json metrics_ = nlohmann::json::object();
};

/// Recipe first, then flags.
void apply(const SimulateFlags& flags, const OptionFields& fields, const std::string& section) {
    if (!flags.recipe.empty()) applyRecipe(flags.recipe, fields, section);
    for (const auto& [name, text] : flags.given) {
        const auto field = std::find_if(fields.begin(), fields.end(), [&n = name](const OptionField& each) { return each.name == n; });
        if (field == fields.end())
            throw CLI::ValidationError("--" + name, flags.tomogram ? "does not go with --tomogram" : "goes with --tomogram only");
        try {
            setFromText(*field, text);
        } catch (const InvalidOptions& cause) {
            throw CLI::ValidationError("--" + name, cause.what());
        }
    }
}

/// "512x512x200".
std::array<int, 3> parseSize(const std::string& text) {
    std::array<int, 3> size{};
    int used = 0;
    if (std::sscanf(text.c_str(), "%dx%dx%d%n", &size[0], &size[1], &size[2], &used) != 3 || std::size_t(used) != text.size())
        throw CLI::ValidationError("--size", fmt::format("\"{}\" is not of the form 512x512x200", text));
    return size;
}

void simulateTomogram(SimulateFlags& flags, Session& session) {
    if (!flags.size.empty()) {
        const auto size = parseSize(flags.size);
        for (std::size_t i = 0; i < 3; ++i) flags.given[fmt::format("size-{}", "xyz"[i])] = std::to_string(size[i]);
    }
    const OptionFields fields = flags.tomograms.describe();
    apply(flags, fields, "simulate-tomogram");
    JobOutcome outcome;
    MetricSink sink;
    {
        const Interrupts interrupts(StopWish::Cancel);
        const auto job = loadEngine().makeTomogramJob(toJson(fields).dump(), flags.seed, flags.out, flags.truth);
        outcome = runJob(*job, interrupts.token(), sink);
    }
    if (outcome.end == JobEnd::Failed) throw Error(outcome.message);
    if (outcome.end == JobEnd::Cancelled) session.exitCode = 130;
    nlohmann::json document = sink.metrics();
    document["tomogram"] = flags.out;
    if (!flags.truth.empty()) document["truth"] = flags.truth;
    document["state"] = outcome.end == JobEnd::Cancelled ? "cancelled" : "done";
    if (session.json) return printJson(document);
    for (const auto& [name, value] : document.items())
        std::cout << fmt::format("  {:<24} {}\n", name, value.is_string() ? value.get<std::string>() : value.dump());
}

void simulateSubtomograms(SimulateFlags& flags, Session& session) {
    const OptionFields fields = flags.subtomograms.describe();
    apply(flags, fields, "simulate");
    if (flags.set.empty()) {
        const auto recipes = builtInRecipeNames();
        flags.set = std::find(recipes.begin(), recipes.end(), flags.recipe) != recipes.end() ? flags.recipe : "simulated";
    }
    const bool exists = std::filesystem::exists(std::filesystem::path(flags.out) / "project.db");
    const auto project = exists ? Project::open(flags.out) : Project::create(flags.out);
    for (const ParticleSetRecord& set : project->particleSets())
        if (set.name == flags.set)
            throw Error(fmt::format("The project has a particle set named {} already; give another with --set", set.name));
    RunConfig config;
    config.kind = "simulate";
    config.title = flags.set;
    config.options = toJson(fields);
    config.particleSet = flags.set;
    config.seed = flags.seed;
    try {
        createAndExecute(*project, config, session);
    } catch (const Error&) {
        if (!exists) std::filesystem::remove_all(flags.out);  // made a moment ago, and nothing came of it
        throw;
    }
}

/// Every option of both, those of subtomograms first; kept as text.
void addGiven(CLI::App& command, SimulateFlags& flags) {
    OptionFields fields = flags.subtomograms.describe();
    const auto known = fields.size();
    for (const OptionField& field : flags.tomograms.describe())
        if (std::none_of(fields.begin(), fields.begin() + std::ptrdiff_t(known), [&](const auto& each) { return each.name == field.name; }))
            fields.push_back(field);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const OptionField& field = fields[i];
        const auto keep = [&given = flags.given, name = field.name](const std::vector<std::string>& items) {
            given[name] = fmt::format("{}", fmt::join(items, ","));
        };
        const bool list = std::holds_alternative<std::vector<std::string>*>(field.reference);
        CLI::Option* option = command.add_option_function<std::vector<std::string>>("--" + field.name, keep, field.help);
        option->type_name(list ? "TEXT ..." : typeName(field))->expected(1, list ? 1 << 20 : 1)->default_str(toText(field));
        if (field.advanced) option->group("Advanced options");
        if (i >= known) option->group("Options of --tomogram");
    }
    const auto count = [&given = flags.given](const std::string& text) { given["per-class"] = text; };
    command.add_option_function<std::string>("--count", count, "The same as --per-class")->type_name("N");
}

}  // namespace

void addSimulate(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("simulate", "Simulate labelled subtomograms, or a whole tomogram with its particle list");
    const auto flags = std::make_shared<SimulateFlags>();
    command->add_option("--out", flags->out, "The project's folder, made when it is not there; with --tomogram the MRC file")
        ->type_name("PATH")
        ->required();
    command->add_option("--set", flags->set, "Name of the new particle set; the recipe's where none is given")->type_name("NAME");
    command->add_option("--seed", flags->seed, "The same seed gives the same particles")->capture_default_str();
    command->add_option("--recipe", flags->recipe, "Options from a recipe of the program, or a JSON file; flags given here win")
        ->type_name("NAME");
    command->add_flag("--tomogram", flags->tomogram, "A whole tomogram instead of subtomograms");
    command->add_option("--size", flags->size, "Of the tomogram in voxels")->type_name("XxYxZ")->group("Options of --tomogram");
    command->add_option("--truth", flags->truth, "STAR file for the tomogram's particles")->type_name("FILE")->group("Options of --tomogram");
    addGiven(*command, *flags);
    command->callback([flags, &session] {
        if (!flags->tomogram && (!flags->size.empty() || !flags->truth.empty()))
            throw CLI::ValidationError(flags->size.empty() ? "--truth" : "--size", "goes with --tomogram only");
        flags->tomogram ? simulateTomogram(*flags, session) : simulateSubtomograms(*flags, session);
    });
}

}  // namespace tomoloupe::cli
