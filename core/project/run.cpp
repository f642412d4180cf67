#include "core/project/run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <map>
#include <thread>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/error.h"

namespace tomoloupe {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<RunState, const char*>, 7> kStates{{{RunState::Prepared, "prepared"},
                                                                   {RunState::Running, "running"},
                                                                   {RunState::Done, "done"},
                                                                   {RunState::FinishedEarly, "finished early"},
                                                                   {RunState::Cancelled, "cancelled"},
                                                                   {RunState::Failed, "failed"},
                                                                   {RunState::Interrupted, "interrupted"}}};

/// A lock on the open file description (Linux 3.15): goes with the process, and can be asked for without being taken.
struct flock wholeFile(short type) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

bool isLocked(const std::filesystem::path& lockFile) {
    const int descriptor = ::open(lockFile.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return false;
    struct flock asked = wholeFile(F_WRLCK);
    const bool told = ::fcntl(descriptor, F_OFD_GETLK, &asked) == 0;
    ::close(descriptor);
    return told && asked.l_type != F_UNLCK;
}

RunConfig readConfig(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "run.json";
    if (!std::filesystem::exists(file))
        throw ReadError(fmt::format("{} is not a run's folder: it has no run.json", folder.string()));
    try {
        return runConfigFromJson(json::parse(readTextFile(file)));
    } catch (const std::exception& cause) {
        throw ReadError(fmt::format("Cannot read {}", file.string()), cause);
    }
}

bool parseDouble(std::string_view text, double& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

/// From the right, because a name may hold commas.
bool parseMetric(std::string_view line, MetricPoint& point) {
    const std::size_t second = line.rfind(',');
    if (second == std::string_view::npos || second == 0) return false;
    const std::size_t first = line.rfind(',', second - 1);
    if (first == std::string_view::npos) return false;
    point.name = line.substr(0, first);
    return parseDouble(line.substr(first + 1, second - first - 1), point.step) &&
           parseDouble(line.substr(second + 1), point.value);
}

}  // namespace

std::string toText(RunState state) {
    for (const auto& [known, text] : kStates)
        if (known == state) return text;
    return {};
}

std::unique_ptr<RunLock> RunLock::tryAcquire(const std::filesystem::path& runFolder) {
    const std::filesystem::path file = runFolder / "run.lock";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) throw Error(fmt::format("Cannot open {}: {}", file.string(), std::strerror(errno)));
    struct flock lock = wholeFile(F_WRLCK);
    if (::fcntl(descriptor, F_OFD_SETLK, &lock) == 0) return std::unique_ptr<RunLock>(new RunLock(descriptor));
    const int reason = errno;
    ::close(descriptor);
    if (reason == EAGAIN || reason == EACCES) return nullptr;
    throw Error(fmt::format("Cannot lock {}: {}", file.string(), std::strerror(reason)));
}

RunLock::~RunLock() {
    ::close(descriptor_);
}

Run::Run(std::filesystem::path folder) : folder_(std::filesystem::absolute(folder).lexically_normal()) {
    if (!folder_.has_filename()) folder_ = folder_.parent_path();
    config_ = readConfig(folder_);
}

std::string Run::id() const {
    const std::string name = folder_.filename().string();
    return name.substr(0, name.find('-'));
}

RunState Run::state() const {
    // The lock first: between its going and the result there is no moment in which a finished run looks interrupted.
    const bool running = isLocked(folder_ / "run.lock");
    const json ended = result();
    if (!ended.is_null()) {
        const std::string text = ended.value("state", "");
        for (const auto& [state, known] : kStates)
            if (text == known) return state;
        return RunState::Failed;
    }
    if (running) return RunState::Running;
    for (const auto& trace : {trainerPath(), modelPath(), metricsPath()})
        if (std::filesystem::exists(trace)) return RunState::Interrupted;
    return RunState::Prepared;
}

std::filesystem::path Run::projectFolder() const {
    return folder_.parent_path().parent_path();
}

json Run::result() const {
    const std::filesystem::path file = folder_ / "result.json";
    if (!std::filesystem::exists(file)) return nullptr;
    try {
        return json::parse(readTextFile(file));
    } catch (const std::exception& cause) {
        throw ReadError(fmt::format("Cannot read {}", file.string()), cause);
    }
}

void Run::writeResult(RunState state, json result) const {
    if (!result.is_object()) result = result.is_null() ? json::object() : json{{"value", std::move(result)}};
    result["state"] = toText(state);
    writeAtomically(folder_ / "result.json", result.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

RunNote Run::note() const {
    const std::filesystem::path file = folder_ / "note.json";
    if (!std::filesystem::exists(file)) return {};
    try {
        const json note = json::parse(readTextFile(file));
        return {note.value("star", false), note.value("text", "")};
    } catch (const std::exception&) {
        return {};
    }
}

void Run::setNote(const RunNote& note) const {
    writeAtomically(folder_ / "note.json",
                    json{{"star", note.star}, {"text", note.text}}.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

void Run::reopen() const {
    std::error_code error;
    std::filesystem::remove(folder_ / "result.json", error);
    if (error) throw Error(fmt::format("Cannot let run {} go on: {}", id(), error.message()));
}

json toJson(const RunConfig& config) {
    json made{{"kind", config.kind},
            {"title", config.title},
            {"options", config.options.is_null() ? json::object() : config.options},
            {"particle-set", config.particleSet},
            {"inputs", config.inputs},
            {"seed", config.seed},
            {"versions", config.versions.is_null() ? json::object() : config.versions},
            {"created", config.created}};
    if (!config.labelSet.empty()) made["label-set"] = config.labelSet;
    return made;
}

RunConfig runConfigFromJson(const json& source) {
    if (!source.is_object()) throw ReadError("A run's settings must be a JSON object");
    RunConfig config;
    try {
        config.kind = source.at("kind").get<std::string>();
        config.title = source.value("title", "");
        config.options = source.value("options", json::object());
        config.particleSet = source.value("particle-set", "");
        config.inputs = source.value("inputs", std::vector<std::string>());
        config.seed = source.value("seed", std::uint64_t(1));
        config.versions = source.value("versions", json::object());
        config.created = source.value("created", "");
        config.labelSet = source.value("label-set", "");
    } catch (const json::exception& cause) {
        throw ReadError(fmt::format("A run's settings are not as expected: {}", cause.what()));
    }
    return config;
}

std::vector<MetricPoint> readMetrics(const std::filesystem::path& path) {
    std::vector<MetricPoint> points;
    if (!std::filesystem::exists(path)) return points;
    const std::string text = readTextFile(path, std::uintmax_t(1) << 32);
    // A resumed run tells again what lies beyond its checkpoint: the last value of a name and step holds.
    std::map<std::pair<std::string, double>, std::size_t> known;
    std::size_t start = text.find('\n') + 1;
    for (std::size_t end; start != 0 && (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
        MetricPoint point;
        if (!parseMetric(std::string_view(text).substr(start, end - start), point)) continue;
        const auto [place, isNew] = known.try_emplace({point.name, point.step}, points.size());
        if (isNew)
            points.push_back(std::move(point));
        else
            points[place->second].value = point.value;
    }
    return points;
}

}  // namespace tomoloupe
