#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/project/run.h"

namespace tomoloupe {

/// A word as a POSIX shell must see it to hand it on unchanged; words of harmless letters stay as they are.
[[nodiscard]] std::string shellQuoted(std::string_view word);

/// The command that does what a run of kind pretrain or finetune does, `runs` times with the seeds that follow (finetune alone). Options that
/// stand at their defaults are left out. Throws Error for other kinds.
[[nodiscard]] std::string commandLine(const std::filesystem::path& project, const RunConfig& config, int runs = 1);

}  // namespace tomoloupe
