#include "app/cli/repeated_runs.h"

#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "app/cli/console.h"
#include "core/base/error.h"
#include "core/jobs/engine_loader.h"

namespace tomoloupe::cli {
namespace {

constexpr int kCancelled = 130;

nlohmann::json summaryOf(const std::vector<double>& values) {
    nlohmann::json summary{{"count", values.size()}, {"values", values}, {"mean", nullptr}, {"sd", nullptr}};
    if (values.empty()) return summary;
    double sum = 0, squares = 0;
    for (const double value : values) sum += value;
    const double count = double(values.size()), mean = sum / count;
    for (const double value : values) squares += (value - mean) * (value - mean);
    summary["mean"] = mean;
    if (values.size() > 1) summary["sd"] = std::sqrt(squares / (count - 1));
    return summary;
}

void printText(const nlohmann::json& document) {
    for (const auto& run : document["runs"]) {
        std::cout << fmt::format("run {}, seed {}: {}", run["run"].get<std::string>(), run["seed"].get<std::uint64_t>(),
                                 run["state"].get<std::string>());
        if (run.contains("test_accuracy")) std::cout << fmt::format(", test accuracy {:.4f}", run["test_accuracy"].get<double>());
        std::cout << '\n';
    }
    const auto& accuracy = document["test_accuracy"];
    if (accuracy["mean"].is_null()) return;
    std::cout << fmt::format("test accuracy of {} run(s): {:.4f}", accuracy["count"].get<int>(), accuracy["mean"].get<double>());
    if (!accuracy["sd"].is_null()) std::cout << fmt::format(" +- {:.4f}", accuracy["sd"].get<double>());
    std::cout << '\n';
}

}  // namespace

void createAndExecuteRepeatedly(Project& project, const RunConfig& config, int count, Session& session) {
    requireSingleProcess();
    const Interrupts interrupts(StopWish::Finish);
    std::vector<double> accuracies;
    nlohmann::json runs = nlohmann::json::array();
    for (int i = 0; i < count && !interrupts.token().finishRequested(); ++i) {
        RunConfig one = config;
        one.seed += std::uint64_t(i);
        one.title += fmt::format(", seed {}", one.seed);
        const Run run = project.createRun(one);
        ConsoleSink sink;
        sink.onLog(LogLevel::Info, fmt::format("run {} of {}: {}", i + 1, count, run.id()));
        const JobOutcome outcome = runJob(*makeRunJob(run.folder()), interrupts.token(), sink);
        if (outcome.end == JobEnd::Failed) throw Error(fmt::format("Run {} (seed {}) has failed: {}", run.id(), one.seed, outcome.message));
        nlohmann::json document = runDocument(run);
        document["seed"] = one.seed;
        if (outcome.end == JobEnd::Done) accuracies.push_back(document["test_accuracy"]);
        runs.push_back(std::move(document));
    }
    if (interrupts.token().cancelRequested()) session.exitCode = kCancelled;
    const bool complete = accuracies.size() == std::size_t(count);
    const nlohmann::json document{{"kind", config.kind},
                                  {"state", complete ? "done" : session.exitCode == kCancelled ? "cancelled" : "finished early"},
                                  {"runs", std::move(runs)},
                                  {"test_accuracy", summaryOf(accuracies)}};
    if (session.json)
        printJson(document);
    else
        printText(document);
    std::cout.flush();  // before a further Ctrl-C can end the program
}

}  // namespace tomoloupe::cli
