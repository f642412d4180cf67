#pragma once

#include <memory>
#include <ostream>
#include <string_view>

#include "core/jobs/job.h"

namespace tomoloupe {

// One JSON object a line: {"progress": {...}}, {"metric": {...}}, {"log": {...}}, {"end": {...}}.

/// Writes every call as a line and flushes.
class JsonLinesSink : public JobSink {
  public:
    explicit JsonLinesSink(std::ostream& out) : out_(out) {}
    void onProgress(const Progress& progress) override;
    void onMetric(const Metric& metric) override;
    void onLog(LogLevel level, const std::string& line) override;
    void onEnd(const JobOutcome& outcome) override;

  private:
    std::ostream& out_;
};

/// Calls `sink` for one line; false when the line is no event.
bool dispatchEvent(std::string_view line, JobSink& sink);

}  // namespace tomoloupe
