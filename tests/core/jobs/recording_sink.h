#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "core/jobs/job.h"

namespace tomoloupe::test {

/// Remembers everything; waitForMetric lets a test go on at a known point of the job.
class RecordingSink : public JobSink {
  public:
    void onProgress(const Progress& progress) override {
        const std::lock_guard lock(mutex_);
        progress_.push_back(progress);
    }
    void onMetric(const Metric& metric) override {
        const std::lock_guard lock(mutex_);
        metrics_.push_back(metric);
        changed_.notify_all();
    }
    void onLog(LogLevel, const std::string& line) override {
        const std::lock_guard lock(mutex_);
        lines_.push_back(line);
    }
    void onEnd(const JobOutcome& outcome) override {
        const std::lock_guard lock(mutex_);
        ends_.push_back(outcome);
        changed_.notify_all();
    }

    void waitForMetric(const std::string& name) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] {
            for (const Metric& metric : metrics_)
                if (metric.name == name) return true;
            return !ends_.empty();
        });
    }
    [[nodiscard]] std::vector<Progress> progress() const { return copy(progress_); }
    [[nodiscard]] std::vector<Metric> metrics() const { return copy(metrics_); }
    [[nodiscard]] std::vector<std::string> lines() const { return copy(lines_); }
    [[nodiscard]] std::vector<JobOutcome> ends() const { return copy(ends_); }

  private:
    template <typename Items>
    Items copy(const Items& items) const {
        const std::lock_guard lock(mutex_);
        return items;
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Progress> progress_;
    std::vector<Metric> metrics_;
    std::vector<std::string> lines_;
    std::vector<JobOutcome> ends_;
};

}  // namespace tomoloupe::test
