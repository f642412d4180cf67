#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace tomoloupe {

/// Writes `path` so that after a crash or power cut it holds either the old or the new content, never a part:
/// a temporary file beside it, fsync, rename, fsync of the folder. `write` gets the temporary file's path.
/// Throws Error with the system's reason.
void writeAtomically(const std::filesystem::path& path, const std::function<void(const std::filesystem::path&)>& write);
void writeAtomically(const std::filesystem::path& path, std::string_view content);

/// The whole of a small text file. Throws ReadError when it cannot be read or is longer than `limitBytes`.
[[nodiscard]] std::string readTextFile(const std::filesystem::path& path, std::uintmax_t limitBytes = 64u << 20);

}  // namespace tomoloupe
