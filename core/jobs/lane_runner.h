#pragma once

#include <functional>
#include <memory>

#include "core/jobs/runner.h"

namespace tomoloupe {

/// Two runners side by side, each with a slot of its own, so that what goes to the one does not queue behind the other. `goesAside` is
/// asked on the thread that starts the job.
[[nodiscard]] std::unique_ptr<JobRunner> makeLaneRunner(std::unique_ptr<JobRunner> main, std::unique_ptr<JobRunner> aside,
                                                        std::function<bool(const JobRequest&)> goesAside);

/// Whether the request is a run that makes a heat map: seconds, and a person waits for it.
[[nodiscard]] bool isExplanation(const JobRequest& request);
/// Whether the request asks for a process of its own.
[[nodiscard]] bool wantsProcess(const JobRequest& request);

}  // namespace tomoloupe
