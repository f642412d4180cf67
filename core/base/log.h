#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace tomoloupe {

enum class LogLevel { Debug, Info, Warning, Error };

/// Writes one line to standard error; any thread. Standard output stays free for results.
void log(LogLevel level, std::string_view message);
/// Lines below this level are dropped (default: Info).
void setLogLevel(LogLevel level);

template <typename... Args>
void logInfo(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void logWarning(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::Warning, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace tomoloupe
