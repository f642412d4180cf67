#include "core/jobs/queue_runner.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/vector_state.h"

namespace tomoloupe {
namespace {

/// Makes the real job within run(), so that what its making throws is caught where everything is caught.
class DeferredJob : public Job {
  public:
    explicit DeferredJob(const JobRequest& request) : request_(request) {}
    void run(JobContext& context) override {
        context.stop().throwIfCancelled();
        if (!request_.make) throw Error("There is nothing to run");
        request_.make()->run(context);
    }

  private:
    const JobRequest& request_;
};

class InlineRunner : public JobRunner {
  public:
    std::shared_ptr<JobHandle> start(JobRequest request, std::shared_ptr<JobSink> sink) override {
        auto job = std::make_shared<QueuedJob>(std::move(request), std::move(sink));
        job->markBegun();
        job->markEnded(makeAndRun(*job));
        return job;
    }
};

}  // namespace

bool QueuedJob::ended() const {
    const std::lock_guard lock(outcomeMutex_);
    return ended_;
}

JobOutcome QueuedJob::wait() {
    std::unique_lock lock(outcomeMutex_);
    endedCondition_.wait(lock, [this] { return ended_; });
    return outcome_;
}

void QueuedJob::markEnded(JobOutcome outcome) {
    {
        const std::lock_guard lock(outcomeMutex_);
        outcome_ = std::move(outcome);
        ended_ = true;
    }
    endedCondition_.notify_all();
}

void QueuedJob::drop() {
    const JobOutcome outcome{JobEnd::Cancelled, {}};
    sink_->onEnd(outcome);
    markEnded(outcome);
}

JobOutcome makeAndRun(const QueuedJob& job) {
    DeferredJob deferred(job.jobRequest());
    return runJob(deferred, job.stop(), job.sink());
}

QueueRunner::QueueRunner(Execute execute, int niceness)
    : execute_(std::move(execute)), thread_([this, niceness] { work(niceness); }) {}

QueueRunner::~QueueRunner() {
    {
        const std::lock_guard lock(queueMutex_);
        closing_ = true;
        if (running_) running_->request(StopWish::Cancel);
    }
    queueChanged_.notify_all();
    thread_.join();
    for (const auto& job : waiting_) job->drop();
}

std::shared_ptr<JobHandle> QueueRunner::start(JobRequest request, std::shared_ptr<JobSink> sink) {
    auto job = std::make_shared<QueuedJob>(std::move(request), std::move(sink));
    {
        const std::lock_guard lock(queueMutex_);
        waiting_.push_back(job);
    }
    queueChanged_.notify_all();
    return job;
}

const JobHandle* QueueRunner::move(const JobHandle& job, int places) {
    const std::lock_guard lock(queueMutex_);
    const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& waiting) { return waiting.get() == &job; });
    const std::ptrdiff_t from = found - waiting_.begin(), to = from + places;
    const auto count = static_cast<std::ptrdiff_t>(waiting_.size());
    if (from == count || to < 0 || to >= count || places == 0) return nullptr;
    std::swap(waiting_[static_cast<std::size_t>(from)], waiting_[static_cast<std::size_t>(to)]);
    return waiting_[static_cast<std::size_t>(from)].get();
}

std::shared_ptr<QueuedJob> QueueRunner::next() {
    std::unique_lock lock(queueMutex_);
    queueChanged_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (closing_) return nullptr;
    running_ = waiting_.front();
    waiting_.pop_front();
    running_->markBegun();
    return running_;
}

void QueueRunner::work(int niceness) {
    // Linux: of this thread alone; threads that a job starts later inherit it.
    if (niceness > 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);
    while (const std::shared_ptr<QueuedJob> job = next()) {
        forgetUpperVectors();
        const bool unwanted = job->stop().finishRequested();
        if (unwanted)
            job->drop();
        else
            job->markEnded(execute_(*job));
        const std::lock_guard lock(queueMutex_);
        running_.reset();
    }
}

std::unique_ptr<JobRunner> makeInlineRunner() {
    return std::make_unique<InlineRunner>();
}

std::unique_ptr<JobRunner> makeThreadRunner(int niceness) {
    return std::make_unique<QueueRunner>(makeAndRun, niceness);
}

}  // namespace tomoloupe
