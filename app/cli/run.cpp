#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

#include "app/cli/console.h"
#include "app/cli/run_support.h"
#include "core/base/error.h"
#include "core/jobs/engine_loader.h"
#include "core/jobs/job_events.h"

namespace tomoloupe::cli {
namespace {

struct RunFlags {
    std::string folder;
    bool events = false;
};

/// For a program that reads along; Ctrl-C there is a signal here.
void runWithEvents(const Run& run, Session& session) {
    const Interrupts interrupts(StopWish::Finish);
    JsonLinesSink sink(std::cout);
    const JobOutcome outcome = runJob(*makeRunJob(run.folder()), interrupts.token(), sink);
    if (outcome.end == JobEnd::Failed) session.exitCode = 1;
    if (outcome.end == JobEnd::Cancelled) session.exitCode = 130;
}

void resume(const std::string& folder, Session& session) {
    const Run run(folder);
    if (const Rank rank = rankFromEnvironment(); rank.rank > 0) return helpWithRun(run, rank, session);
    {
        const auto lock = RunLock::tryAcquire(run.folder());
        if (!lock) throw Error(fmt::format("Run {} is already running", run.id()));
        if (run.state() == RunState::Done)
            throw Error(fmt::format("Run {} is done; there is nothing to go on with", run.id()));
        run.reopen();
    }
    executeRun(run, session);
}

}  // namespace

void addRun(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("run", "Do what the run.json of a prepared run folder says");
    const auto flags = std::make_shared<RunFlags>();
    command->add_option("folder", flags->folder, "The run's folder")->required();
    command->add_flag("--events", flags->events, "Print what happens as one JSON object a line");
    command->callback([flags, &session] {
        const Run run(flags->folder);
        if (const Rank rank = rankFromEnvironment(); rank.rank > 0)
            helpWithRun(run, rank, session);
        else if (flags->events)
            runWithEvents(run, session);
        else
            executeRun(run, session);
    });
}

void addResume(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("resume", "Let a run that was stopped go on from its last saved state");
    const auto folder = std::make_shared<std::string>();
    command->add_option("folder", *folder, "The run's folder")->required();
    command->callback([folder, &session] { resume(*folder, session); });
}

}  // namespace tomoloupe::cli
