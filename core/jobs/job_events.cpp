#include "core/jobs/job_events.h"

#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace tomoloupe {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<LogLevel, const char*>, 4> kLevels{
    {{LogLevel::Debug, "debug"}, {LogLevel::Info, "info"}, {LogLevel::Warning, "warning"}, {LogLevel::Error, "error"}}};
constexpr std::array<std::pair<JobEnd, const char*>, 4> kEnds{{{JobEnd::Done, "done"},
                                                               {JobEnd::FinishedEarly, "finished early"},
                                                               {JobEnd::Cancelled, "cancelled"},
                                                               {JobEnd::Failed, "failed"}}};

template <typename Table, typename Value>
const char* nameIn(const Table& table, Value value) {
    for (const auto& [known, name] : table)
        if (known == value) return name;
    return "";
}

template <typename Value, typename Table>
Value valueIn(const Table& table, const std::string& text, Value otherwise) {
    for (const auto& [value, name] : table)
        if (text == name) return value;
    return otherwise;
}

void writeLine(std::ostream& out, const json& event) {
    // Text from outside (a library's message, a file name) need not be UTF-8.
    out << event.dump(-1, ' ', false, json::error_handler_t::replace) << '\n' << std::flush;
}

/// JSON knows no NaN; it is written as null.
double number(const json& object, const char* key) {
    const json& value = object.at(key);
    return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

Progress progressFrom(const json& object) {
    Progress progress;
    progress.stageName = object.at("name").get<std::string>();
    progress.stage = object.at("stage").get<int>();
    progress.stages = object.at("stages").get<int>();
    progress.stageFraction = number(object, "stage-fraction");
    progress.fraction = number(object, "fraction");
    if (object.contains("remaining")) progress.remainingSeconds = number(object, "remaining");
    return progress;
}

bool dispatch(const json& event, JobSink& sink) {
    if (event.contains("progress")) {
        sink.onProgress(progressFrom(event["progress"]));
    } else if (event.contains("metric")) {
        const json& metric = event["metric"];
        sink.onMetric({metric.at("name").get<std::string>(), number(metric, "step"), number(metric, "value")});
    } else if (event.contains("log")) {
        const json& entry = event["log"];
        sink.onLog(valueIn(kLevels, entry.at("level").get<std::string>(), LogLevel::Info),
                   entry.at("line").get<std::string>());
    } else if (event.contains("end")) {
        const json& end = event["end"];
        sink.onEnd(
            {valueIn(kEnds, end.at("state").get<std::string>(), JobEnd::Failed), end.at("message").get<std::string>()});
    } else {
        return false;
    }
    return true;
}

}  // namespace

void JsonLinesSink::onProgress(const Progress& progress) {
    json event{{"name", progress.stageName},
               {"stage", progress.stage},
               {"stages", progress.stages},
               {"stage-fraction", progress.stageFraction},
               {"fraction", progress.fraction}};
    if (progress.remainingSeconds) event["remaining"] = *progress.remainingSeconds;
    writeLine(out_, {{"progress", std::move(event)}});
}

void JsonLinesSink::onMetric(const Metric& metric) {
    writeLine(out_, {{"metric", {{"name", metric.name}, {"step", metric.step}, {"value", metric.value}}}});
}

void JsonLinesSink::onLog(LogLevel level, const std::string& line) {
    writeLine(out_, {{"log", {{"level", nameIn(kLevels, level)}, {"line", line}}}});
}

void JsonLinesSink::onEnd(const JobOutcome& outcome) {
    writeLine(out_, {{"end", {{"state", nameIn(kEnds, outcome.end)}, {"message", outcome.message}}}});
}

bool dispatchEvent(std::string_view line, JobSink& sink) {
    const json event = json::parse(line, nullptr, false);
    if (!event.is_object()) return false;
    try {
        return dispatch(event, sink);
    } catch (const json::exception&) {
        return false;
    }
}

}  // namespace tomoloupe
