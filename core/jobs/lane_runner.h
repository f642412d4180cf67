#pragma once

#include <functional>
#include <memory>

#include "core/jobs/runner.h"

namespace tomoloupe {

/// Two runners side by side, each with a slot of its own: what is brief (seconds, and a person waits for it) does not queue behind a
/// training. `isBrief` is asked on the thread that starts the job.
[[nodiscard]] std::unique_ptr<JobRunner> makeLaneRunner(std::unique_ptr<JobRunner> main, std::unique_ptr<JobRunner> brief,
                                                        std::function<bool(const JobRequest&)> isBrief);

/// Whether the request is a run that makes a heat map.
[[nodiscard]] bool isExplanation(const JobRequest& request);

}  // namespace tomoloupe
