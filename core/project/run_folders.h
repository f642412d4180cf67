#pragma once

#include <filesystem>

#include "core/project/run.h"

namespace tomoloupe {

/// Makes the folder of the next number. Two callers must not be here at once: the names may differ with one number.
[[nodiscard]] std::filesystem::path makeRunFolder(const std::filesystem::path& runs, const RunConfig& config);

}  // namespace tomoloupe
