#include "app/cli/run_support.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "core/base/error.h"
#include "core/jobs/engine_loader.h"
#include "core/jobs/rank.h"

namespace tomoloupe::cli {
namespace {

void printText(const nlohmann::json& document) {
    std::cout << fmt::format("run {} ({}): {}\n", document["run"].get<std::string>(),
                             document["kind"].get<std::string>(), document["state"].get<std::string>());
    for (const auto& [name, value] : document.items()) {
        if (name == "run" || name == "kind" || name == "state" || value.is_structured()) continue;
        std::cout << fmt::format("  {:<20} {}\n", name, value.is_string() ? value.get<std::string>() : value.dump());
    }
}

}  // namespace

nlohmann::json runDocument(const Run& run) {
    nlohmann::json document = run.result();
    if (!document.is_object()) document = nlohmann::json::object();
    document["run"] = run.id();
    document["folder"] = run.folder().string();
    document["kind"] = run.config().kind;
    document["state"] = toText(run.state());
    return document;
}

void helpWithRun(const Run& run, const Rank& rank, Session& session) {
    const Interrupts interrupts(StopWish::Finish);
    HelperSink sink(rank.text());
    const JobOutcome outcome = runJob(*makeRunJob(run.folder()), interrupts.token(), sink);
    if (outcome.end == JobEnd::Failed) throw Error(fmt::format("Run {} has failed in {}: {}", run.id(), rank.text(), outcome.message));
    if (outcome.end == JobEnd::Cancelled) session.exitCode = 130;
}

void executeRun(const Run& run, Session& session, const AfterRun& after) {
    JobOutcome outcome;
    {
        const Interrupts interrupts(StopWish::Finish);
        ConsoleSink sink;
        outcome = runJob(*makeRunJob(run.folder()), interrupts.token(), sink);
    }
    if (outcome.end == JobEnd::Failed) throw Error(fmt::format("Run {} has failed: {}", run.id(), outcome.message));
    if (outcome.end == JobEnd::Cancelled) session.exitCode = 130;
    nlohmann::json document = runDocument(run);
    if (after && outcome.end != JobEnd::Cancelled) after(run, document);
    if (session.json)
        printJson(document);
    else
        printText(document);
}

void createOnly(Project& project, const RunConfig& config, Session& session) {
    const nlohmann::json document = runDocument(project.createRun(config));
    if (session.json)
        printJson(document);
    else
        std::cout << fmt::format("{}\n", document["folder"].get<std::string>());
}

void requireSingleProcess() {
    if (const Rank rank = rankFromEnvironment(); rank.size > 1)
        throw Error(fmt::format("{} processes were started together, and each would make a run of its own: make it once beforehand, with "
                                "--prepare, and start tomoloupe-cli run with the folder it prints", rank.size));
}

void createAndExecute(Project& project, const RunConfig& config, Session& session, const AfterRun& after) {
    requireSingleProcess();
    executeRun(project.createRun(config), session, after);
}

std::string modelReference(const Project& project, const std::string& given,
                           std::initializer_list<std::string_view> kinds) {
    if (std::filesystem::is_regular_file(given)) return std::filesystem::absolute(given).lexically_normal().string();
    const Run run = project.run(given);
    if (std::find(kinds.begin(), kinds.end(), run.config().kind) == kinds.end())
        throw Error(fmt::format("Run {} is a {} run; the model must come from {}", run.id(), run.config().kind,
                                fmt::join(kinds, " or ")));
    if (!std::filesystem::exists(run.modelPath()))
        throw Error(fmt::format("Run {} has no model yet; it is {}", run.id(), toText(run.state())));
    return run.id();
}

ParticleSetRecord setWithSubtomograms(const Project& project, const std::string& name) {
    ParticleSetRecord set = project.particleSet(name);
    (void)project.subtomograms(set);
    return set;
}

}  // namespace tomoloupe::cli
