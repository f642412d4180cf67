#pragma once

#include <chrono>
#include <string>

#include "core/jobs/job.h"

namespace tomoloupe::cli {

/// Ctrl-C, or a cluster's SIGTERM, while the object lives: the first asks for `first`, further ones cancel, and so does
/// SIGUSR1 (core/jobs/child_process.h). At most one object at a time.
class Interrupts {
  public:
    explicit Interrupts(StopWish first);
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;
    [[nodiscard]] StopToken token() const { return source_.token(); }

  private:
    static void onSignal(int);
    static void onCancel(int);
    StopSource source_;
    StopWish first_;
};

/// Tells a person on standard error how a job goes: one line that renews itself on a terminal, else a line every few
/// seconds.
class ConsoleSink : public JobSink {
  public:
    ConsoleSink();
    void onProgress(const Progress& progress) override;
    void onMetric(const Metric& metric) override;
    void onLog(LogLevel level, const std::string& line) override;
    void onEnd(const JobOutcome& outcome) override;

  private:
    void show(const std::string& line);
    void clearLine();

    using Clock = std::chrono::steady_clock;
    bool terminal_;
    bool shown_ = false;
    Clock::time_point next_;
    std::string figure_;  ///< the last loss
};

/// For a process that helps another: warnings and errors alone, with its number.
class HelperSink : public JobSink {
  public:
    explicit HelperSink(std::string name) : name_(std::move(name)) {}
    void onProgress(const Progress&) override {}
    void onMetric(const Metric&) override {}
    void onLog(LogLevel level, const std::string& line) override;
    void onEnd(const JobOutcome&) override {}

  private:
    std::string name_;
};

}  // namespace tomoloupe::cli
