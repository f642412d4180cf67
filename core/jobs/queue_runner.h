#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "core/jobs/runner.h"

namespace tomoloupe {

/// A job handed to a runner, and the handle that its owner sees.
class QueuedJob : public JobHandle {
  public:
    QueuedJob(JobRequest request, std::shared_ptr<JobSink> sink)
        : request_(std::move(request)), sink_(std::move(sink)) {}

    [[nodiscard]] const std::string& title() const override { return request_.title; }
    void request(StopWish wish) override { stop_.request(wish); }
    [[nodiscard]] bool begun() const override { return begun_; }
    [[nodiscard]] bool ended() const override;
    JobOutcome wait() override;

    [[nodiscard]] const JobRequest& jobRequest() const { return request_; }
    [[nodiscard]] StopToken stop() const { return stop_.token(); }
    [[nodiscard]] JobSink& sink() const { return *sink_; }
    void markBegun() { begun_ = true; }
    /// The sink has been told already.
    void markEnded(JobOutcome outcome);
    /// Tells the sink that it never started.
    void drop();

  private:
    JobRequest request_;
    std::shared_ptr<JobSink> sink_;
    StopSource stop_;
    std::atomic<bool> begun_{false};
    mutable std::mutex outcomeMutex_;
    std::condition_variable endedCondition_;
    bool ended_ = false;
    JobOutcome outcome_;
};

/// Makes the job on this thread and runs it to its end.
JobOutcome makeAndRun(const QueuedJob& job);

/// One thread that takes queued jobs one after the other and lets `execute` do them; `execute` tells the sink the end
/// and never throws.
class QueueRunner : public JobRunner {
  public:
    using Execute = std::function<JobOutcome(const QueuedJob&)>;
    QueueRunner(Execute execute, int niceness);
    ~QueueRunner() override;
    std::shared_ptr<JobHandle> start(JobRequest request, std::shared_ptr<JobSink> sink) override;
    const JobHandle* move(const JobHandle& job, int places) override;

  private:
    void work(int niceness);
    std::shared_ptr<QueuedJob> next();

    Execute execute_;
    std::mutex queueMutex_;
    std::condition_variable queueChanged_;
    std::deque<std::shared_ptr<QueuedJob>> waiting_;
    std::shared_ptr<QueuedJob> running_;
    bool closing_ = false;
    std::thread thread_;
};

}  // namespace tomoloupe
