#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/cli/console.h"
#include "app/cli/recipes.h"
#include "app/cli/run_support.h"
#include "core/base/error.h"
#include "core/experiment/experiment_job.h"
#include "core/experiment/experiment_report.h"
#include "core/jobs/child_process.h"

namespace tomoloupe::cli {
namespace {

constexpr int kCancelled = 130;

struct ExperimentFlags {
    std::string recipe, out, shard = "1/1", project, set;
    bool reduced = false, resume = false, reportOnly = false;
    int parallel = 1;
};

ExperimentPlace placeOf(const ExperimentFlags& flags) {
    ExperimentPlace place{flags.out};
    int used = 0;
    if (std::sscanf(flags.shard.c_str(), "%d/%d%n", &place.shard, &place.shards, &used) != 2 ||
        std::size_t(used) != flags.shard.size() || place.shard < 1 || place.shards < place.shard)
        throw CLI::ValidationError("--shard",
                                   fmt::format("\"{}\" is not of the form 2/8: the second of eight", flags.shard));
    return place;
}

/// The recipe with the set that flags name in place of its own.
nlohmann::json recipeJson(const ExperimentFlags& flags) {
    nlohmann::json recipe = readRecipe(flags.recipe);
    if (flags.set.empty()) return recipe;
    const nlohmann::json sets{
        {{"project", std::filesystem::absolute(flags.project).lexically_normal().string()}, {"set", flags.set}}};
    if (!recipe.contains("experiment") || !recipe["experiment"].is_object()) return recipe;  // is told by who reads it
    recipe["experiment"]["sets"] = sets;
    if (auto reduced = recipe["experiment"].find("reduced");
        reduced != recipe["experiment"].end() && reduced->is_object())
        reduced->erase("sets");
    return recipe;
}

/// Several processes of this program side by side, each with its share of the shard's units.
void runInParallel(const ExperimentFlags& flags, const ExperimentPlace& place, const StopToken& stop) {
    const std::string threads =
        std::to_string(std::max(1U, std::thread::hardware_concurrency() / unsigned(flags.parallel)));
    ::setenv("OMP_NUM_THREADS", threads.c_str(), 0);
    std::mutex speaking;
    std::vector<std::string> failures;
    std::vector<std::thread> watchers;
    for (int child = 0; child < flags.parallel; ++child)
        watchers.emplace_back([&, child] {
            const int number = place.shard + place.shards * child;
            ChildSpec spec{std::filesystem::read_symlink("/proc/self/exe"),
                           {"experiment", "--recipe", flags.recipe, "--out", flags.out, "--shard",
                            fmt::format("{}/{}", number, place.shards * flags.parallel), "--resume"}};
            if (flags.reduced) spec.arguments.emplace_back("--reduced");
            if (!flags.set.empty())
                spec.arguments.insert(spec.arguments.end(), {"--project", flags.project, "--set", flags.set});
            std::string last;
            try {
                ChildProcess process(spec);
                process.follow(
                    stop, [](const std::string&) {},
                    [&](const std::string& line) {
                        const std::lock_guard lock(speaking);
                        std::cerr << fmt::format("[{}] {}\n", number, last = line);
                    });
                if (process.exitCode() == 0 || stop.cancelRequested()) return;
            } catch (const Cancelled&) {
                return;
            } catch (const Error& cause) {
                last = cause.what();
            }
            const std::lock_guard lock(speaking);
            failures.push_back(fmt::format("process {}: {}", number, last));
        });
    for (std::thread& watcher : watchers) watcher.join();
    stop.throwIfCancelled();
    if (!failures.empty())
        throw Error(fmt::format("{} of {} processes failed; {}", failures.size(), flags.parallel, failures.front()));
}

/// False when it was cancelled.
bool perform(const ExperimentFlags& flags, const ExperimentPlace& place) {
    const nlohmann::json recipe = recipeJson(flags);
    const std::string name = std::filesystem::path(flags.recipe).stem();  // wherever the file lies
    const ExperimentRecipe read = experimentRecipe(name, recipe, flags.reduced);
    openExperiment(place, name, recipe, flags.reduced, flags.resume);
    const Interrupts interrupts(StopWish::Cancel);
    if (flags.parallel > 1) {
        try {
            runInParallel(flags, place, interrupts.token());
        } catch (const Cancelled&) {
            return false;
        }
        return true;
    }
    ConsoleSink sink;
    const JobOutcome outcome = runJob(*makeExperimentJob(read, place), interrupts.token(), sink);
    if (outcome.end == JobEnd::Failed)
        throw Error(
            fmt::format("The experiment stopped; what is done is kept, and --resume goes on. {}", outcome.message));
    return outcome.end != JobEnd::Cancelled;
}

void experiment(const ExperimentFlags& flags, Session& session) {
    const ExperimentPlace place = placeOf(flags);
    if (flags.set.empty() != flags.project.empty())
        throw CLI::ValidationError("--set", "goes with --project, and the other way round");
    if (!flags.reportOnly) {
        if (flags.recipe.empty()) throw CLI::RequiredError("--recipe");
        requireSingleProcess();
        if (!perform(flags, place)) session.exitCode = kCancelled;
    }
    ExperimentReport report = writeReport(place.folder);
    report.document["report"] = report.html.string();
    report.document["csv"] = report.csv.string();
    report.document["state"] = session.exitCode == kCancelled ? "cancelled" : "done";
    if (session.json) return printJson(report.document);
    std::cout << report.markdown
              << fmt::format("{} of {} cells done; the whole report is in {}\n", report.document["done"].get<int>(),
                             report.document["cells"].get<int>(), report.html.string());
}

}  // namespace

void addExperiment(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand(
        "experiment",
        "Compare ways of learning: starts x label fractions x sets x seeds, with tables, tests and a report");
    const auto flags = std::make_shared<ExperimentFlags>();
    command
        ->add_option("--recipe", flags->recipe,
                     "Experiment of the program (table1, table2, recommended), or a JSON file")
        ->type_name("NAME");
    command->add_option("--out", flags->out, "The experiment's folder: a project, with the report in experiment/")
        ->type_name("DIR")
        ->required();
    command->add_flag("--reduced", flags->reduced,
                      "The smaller version that the recipe holds, for a computer without a graphics card");
    command->add_flag("--resume", flags->resume, "Go on with what is not done yet in DIR");
    command->add_option("--shard", flags->shard, "Do only part I of N, as for a job array; all may write into one DIR")
        ->type_name("I/N")
        ->capture_default_str();
    command->add_option("--parallel", flags->parallel, "Processes side by side, which share the graphics card")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command
        ->add_option("--project", flags->project, "Take the labelled particles of this project instead of the recipe's")
        ->type_name("DIR");
    command->add_option("--set", flags->set, "Which particle set of it")->type_name("NAME");
    command->add_flag("--report", flags->reportOnly,
                      "Only write the report anew from what is done, as after copying shards together");
    command->callback([flags, &session] { experiment(*flags, session); });
}

}  // namespace tomoloupe::cli
