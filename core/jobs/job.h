#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/log.h"
#include "core/base/progress.h"
#include "core/base/stop_token.h"

namespace tomoloupe {

struct Metric {
    std::string name;  ///< "loss", "validation accuracy"
    double step = 0;
    double value = 0;
};

enum class JobEnd { Done, FinishedEarly, Cancelled, Failed };

struct JobOutcome {
    JobEnd end = JobEnd::Done;
    std::string message;  ///< for Failed: what and what to do, one paragraph
};

/// Receives what a job says; called from the job's thread, must be quick and must not throw.
class JobSink {
  public:
    virtual ~JobSink() = default;
    virtual void onProgress(const Progress& progress) = 0;
    virtual void onMetric(const Metric& metric) = 0;
    virtual void onLog(LogLevel level, const std::string& line) = 0;
    /// Exactly once, last.
    virtual void onEnd(const JobOutcome& outcome) = 0;
};

/// What a running job sees of the world. Lives as long as run().
class JobContext {
  public:
    JobContext(StopToken stop, JobSink& sink, int stages = 1) : stop_(std::move(stop)), sink_(&sink), meter_(stages) {}

    [[nodiscard]] const StopToken& stop() const { return stop_; }
    /// Sets the number of stages; before the first beginStage.
    void setStages(int stages) { meter_ = ProgressMeter(stages); nextStage_ = 0; }
    void beginStage(std::string name);
    void progress(double done, double total) { sink_->onProgress(meter_.update(done, total)); }
    /// progress() that throws Cancelled when that is the wish.
    void advance(double done, double total) {
        stop_.throwIfCancelled();
        progress(done, total);
    }
    void metric(std::string_view name, double step, double value) { sink_->onMetric({std::string(name), step, value}); }
    void log(LogLevel level, const std::string& line) { sink_->onLog(level, line); }
    /// For a job that wraps another and passes on what that one says.
    [[nodiscard]] JobSink& sink() const { return *sink_; }

  private:
    StopToken stop_;
    JobSink* sink_;
    ProgressMeter meter_;
    int nextStage_ = 0;
};

/// Work in the background. run() either returns (done, or finished early if the wish was Finish) or throws: Cancelled when
/// the wish was Cancel, anything else is a failure. Runs once, on one thread.
class Job {
  public:
    virtual ~Job() = default;
    virtual void run(JobContext& context) = 0;
};

/// Runs the job and tells the sink how it ended: the one place that catches, so that no exception leaves a thread.
JobOutcome runJob(Job& job, StopToken stop, JobSink& sink) noexcept;

}  // namespace tomoloupe
