#include "core/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace tomoloupe {
namespace {

spdlog::logger& logger() {
    static spdlog::logger instance = [] {
        spdlog::logger made("tomoloupe", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
        made.set_pattern("%^%l%$: %v");
        return made;
    }();
    return instance;
}

spdlog::level::level_enum spdlogLevel(LogLevel level) {
    switch (level) {
        case LogLevel::Debug: return spdlog::level::debug;
        case LogLevel::Info: return spdlog::level::info;
        case LogLevel::Warning: return spdlog::level::warn;
        case LogLevel::Error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

}  // namespace

void log(LogLevel level, std::string_view message) { logger().log(spdlogLevel(level), "{}", message); }

void setLogLevel(LogLevel level) { logger().set_level(spdlogLevel(level)); }

}  // namespace tomoloupe
