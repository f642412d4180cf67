#pragma once

#include "app/cli/command.h"

namespace tomoloupe::cli {

// The parts of `project`, one file each.
void addProjectImport(CLI::App& project, Session& session);
void addProjectInfo(CLI::App& project, Session& session);

}  // namespace tomoloupe::cli
