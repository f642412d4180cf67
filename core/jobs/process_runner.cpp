#include <fmt/format.h>
#include <signal.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/jobs/child_process.h"
#include "core/jobs/job_events.h"
#include "core/jobs/queue_runner.h"
#include "core/project/run.h"

namespace tomoloupe {
namespace {

/// Passes everything on but the end, which it keeps: the end is told once the process is gone.
class EndKeeper : public JobSink {
  public:
    explicit EndKeeper(JobSink& sink) : sink_(sink) {}
    void onProgress(const Progress& progress) override { sink_.onProgress(progress); }
    void onMetric(const Metric& metric) override { sink_.onMetric(metric); }
    void onLog(LogLevel level, const std::string& line) override { sink_.onLog(level, line); }
    void onEnd(const JobOutcome& outcome) override { end = outcome; }
    std::optional<JobOutcome> end;

  private:
    JobSink& sink_;
};

/// What the end of the process means when it did not tell an end of its own.
JobOutcome outcomeOf(const ChildProcess& child, const StopToken& stop, const std::string& lastWords) {
    if (stop.cancelRequested()) return {JobEnd::Cancelled, {}};
    const std::string words = lastWords.empty() ? "" : fmt::format(" Its last words: {}", lastWords);
    if (child.exitCode() >= 0)
        return {JobEnd::Failed, fmt::format("The run's process stopped with exit code {} before the run had ended.{}", child.exitCode(), words)};
    const int signal = -child.exitCode();
    const char* guess = signal == SIGKILL ? " Perhaps the computer ran out of memory: try a smaller batch size or box." : "";
    return {JobEnd::Failed, fmt::format("The run's process was killed by signal {} ({}).{}{}", signal, ::strsignal(signal), guess, words)};
}

/// A process that was killed left no word of it in its folder: whoever opens the project later is to see why the run stopped.
void noteEnd(const std::filesystem::path& folder, const JobOutcome& outcome) {
    if (!std::filesystem::exists(folder / "run.json")) return;
    try {
        const Run run(folder);
        if (run.state() != RunState::Interrupted && run.state() != RunState::Prepared) return;
        if (outcome.end == JobEnd::Cancelled)
            run.writeResult(RunState::Cancelled, {{"message", "cancelled"}});
        else if (outcome.end == JobEnd::Failed)
            run.writeResult(RunState::Interrupted, {{"message", outcome.message}});
    } catch (const Error& cause) {
        logWarning("{}", cause.what());
    }
}

JobOutcome runProcess(const std::filesystem::path& program, int niceness, const QueuedJob& job) {
    JobOutcome outcome;
    const std::filesystem::path& folder = job.jobRequest().runFolder;
    try {
        EndKeeper events(job.sink());
        std::string lastWords;
        ChildProcess child({.program = program, .arguments = {"run", folder.string(), "--events"}, .niceness = niceness, .expendable = true});
        child.follow(
            job.stop(), [&](const std::string& line) { dispatchEvent(line, events); },
            [&](const std::string& line) {
                if (!line.empty()) job.sink().onLog(LogLevel::Info, lastWords = line);
            });
        outcome = events.end ? *events.end : outcomeOf(child, job.stop(), lastWords);
        noteEnd(folder, outcome);
    } catch (const std::exception& cause) {
        outcome = {JobEnd::Failed, cause.what()};
    }
    job.sink().onEnd(outcome);
    return outcome;
}

}  // namespace

std::unique_ptr<JobRunner> makeProcessRunner(std::filesystem::path program, int niceness) {
    return std::make_unique<QueueRunner>(
        [program = std::move(program), niceness](const QueuedJob& job) { return runProcess(program, niceness, job); }, 0);
}

}  // namespace tomoloupe
