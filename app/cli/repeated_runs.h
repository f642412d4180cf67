#pragma once

#include "app/cli/run_support.h"

namespace tomoloupe::cli {

/// Makes and does `count` runs that differ in their seeds alone, config.seed and those that follow, and prints one document: each
/// run's, and mean and standard deviation (n - 1) of the test accuracy over those that were completed. Ctrl-C once finishes the run
/// it meets, twice cancels it (exit code 130); no further ones are begun, and those completed stay. Throws Error when one failed.
void createAndExecuteRepeatedly(Project& project, const RunConfig& config, int count, Session& session);

}  // namespace tomoloupe::cli
