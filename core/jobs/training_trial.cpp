#include "core/jobs/training_trial.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/jobs/child_process.h"

namespace tomoloupe {
namespace {

constexpr int kNiceness = 19;  // the window stays smooth

nlohmann::json parsed(const std::string& text) {
    nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() && !json.is_array()) throw ReadError("The computing part of the program gave no answer that can be read");
    return json;
}

/// A line "Name:  123 kB" of /proc/meminfo in bytes; 0 where there is none.
double memoryLine(const std::string& name) {
    std::ifstream file("/proc/meminfo");
    for (std::string line; std::getline(file, line);) {
        if (line.rfind(name + ":", 0) != 0) continue;
        std::istringstream words(line.substr(name.size() + 1));
        double kilobytes = 0;
        words >> kilobytes;
        return kilobytes * 1024;
    }
    return 0;
}

/// A number in a file of the control group; `otherwise` for "max" and where there is none.
double groupNumber(const char* file, double otherwise) {
    std::ifstream stream(std::string("/sys/fs/cgroup/") + file);
    double value = 0;
    return stream >> value ? value : otherwise;
}

/// Bytes of a group's file cache that the system gives up when asked.
double groupCache() {
    std::ifstream stream("/sys/fs/cgroup/memory.stat");
    std::string name;
    for (double value = 0; stream >> name >> value;)
        if (name == "inactive_file") return value;
    return 0;
}

}  // namespace

TrainingTrial trainingTrialFromJson(const std::string& text) {
    const nlohmann::json json = parsed(text);
    try {
        return {.stepSeconds = json.at("step_seconds"),
                .stepsPerEpoch = json.at("steps_per_epoch"),
                .steps = json.at("steps"),
                .seconds = json.at("seconds"),
                .memoryBytes = json.at("memory_bytes"),
                .deviceMemoryBytes = json.value("device_memory_bytes", 0.0),
                .device = json.at("device"),
                .precision = json.value("precision", "")};
    } catch (const nlohmann::json::exception& cause) {
        throw ReadError(fmt::format("The figures of the trial are not as expected: {}", cause.what()));
    }
}

TrainingTrial tryTraining(const std::filesystem::path& program, const std::string& wish, const StopToken& stop) {
    stop.throwIfCancelled();
    return trainingTrialFromJson(outputOf({.program = program, .arguments = {"measure", wish}, .niceness = kNiceness, .expendable = true}, stop));
}

std::vector<EncoderFact> encoderFactsFromJson(const std::string& text) {
    std::vector<EncoderFact> facts;
    for (const nlohmann::json& item : parsed(text))
        facts.push_back({.name = item.value("name", ""),
                         .whenToChoose = item.value("when", ""),
                         .parameters = item.value("parameters", std::int64_t(0)),
                         .multiplyAdds = item.value("multiply_adds", std::int64_t(0)),
                         .anyBox = item.value("any_box", false),
                         .problem = item.value("problem", "")});
    return facts;
}

TrainingChoices trainingChoicesFromJson(const std::string& text) {
    const nlohmann::json json = parsed(text), none = nlohmann::json::array();
    TrainingChoices choices;
    for (const nlohmann::json& item : json.value("methods", none)) choices.methods.push_back({item.value("name", ""), item.value("when", "")});
    choices.devices.push_back({"cpu", "", freeMemoryBytes(), totalMemoryBytes()});
    for (const nlohmann::json& item : json.value("cards", none))
        choices.devices.push_back({item.value("name", ""), item.value("title", ""), item.value("free_bytes", 0.0), item.value("total_bytes", 0.0)});
    return choices;
}

double totalMemoryBytes() { return std::min(memoryLine("MemTotal"), groupNumber("memory.max", 1e18)); }

double freeMemoryBytes() {
    const double system = memoryLine("MemAvailable"), limit = groupNumber("memory.max", 0);
    return limit > 0 ? std::max(0.0, std::min(system, limit - groupNumber("memory.current", 0) + groupCache())) : system;
}

}  // namespace tomoloupe
