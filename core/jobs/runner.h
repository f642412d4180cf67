#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/jobs/job.h"

namespace tomoloupe {

/// What to run. `make` is called on the worker (it may load the engine); the process runner uses `runFolder` instead.
struct JobRequest {
    std::string title;
    std::function<std::unique_ptr<Job>()> make;
    std::filesystem::path runFolder;
    bool ownProcess = false;  ///< a long one that had better not take the window down with it: where runners are sorted, to that of processes
};

/// A started job, shared by whoever shows it; any thread.
class JobHandle {
  public:
    virtual ~JobHandle() = default;
    [[nodiscard]] virtual const std::string& title() const = 0;
    virtual void request(StopWish wish) = 0;
    /// It waits in line no longer.
    [[nodiscard]] virtual bool begun() const = 0;
    [[nodiscard]] virtual bool ended() const = 0;
    /// Blocks; not for the GUI thread.
    virtual JobOutcome wait() = 0;
};

/// Starts jobs one after the other in one slot. The sink must outlive the job's end. Destroying a runner cancels what runs and
/// drops what waits (its sink gets Cancelled), then joins.
class JobRunner {
  public:
    virtual ~JobRunner() = default;
    virtual std::shared_ptr<JobHandle> start(JobRequest request, std::shared_ptr<JobSink> sink) = 0;
    /// Changes places with the job that waits `places` before (negative) or after it, which is returned; null when nothing moves, as where
    /// one of both waits no longer.
    virtual const JobHandle* move(const JobHandle& /*job*/, int /*places*/) { return nullptr; }
};

/// Runs within start(): the command line and tests.
[[nodiscard]] std::unique_ptr<JobRunner> makeInlineRunner();
/// One thread with a queue; `niceness` (0..19) is set on that thread alone (platform.md 3: 19 keeps a window smooth).
[[nodiscard]] std::unique_ptr<JobRunner> makeThreadRunner(int niceness = 0);
/// Starts `program run RUN_FOLDER --events`, as nice as told, and reads one JSON event a line from its standard output (job_events.h). When the
/// process is killed, the run's folder gets a result that says so: interrupted, with the reason.
[[nodiscard]] std::unique_ptr<JobRunner> makeProcessRunner(std::filesystem::path program, int niceness = 0);

}  // namespace tomoloupe
