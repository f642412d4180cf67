#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "core/jobs/engine_loader.h"

namespace tomoloupe::cli {
namespace {

struct BenchFlags {
    std::string what = "train";
    int threads = 0, batch = 16, box = 32, repeats = 7;
    std::string device = "cpu";
};

void runBench(const BenchFlags& flags, const Session& session) {
    const nlohmann::json wish{{"threads", flags.threads}, {"batch", flags.batch}, {"box", flags.box},
                              {"repeats", flags.repeats}, {"device", flags.device}};
    const auto result = nlohmann::json::parse(loadEngine().bench(wish.dump()));
    if (session.json) return printJson(result);
    const auto line = [&](const char* name, const std::string& key) {
        std::cout << fmt::format("{:<14}{:>10.1f} ms{:>12.1f} volumes/s\n", name, result.at(key + "_ms").get<double>(),
                                 result.at(key + "_volumes_per_s").get<double>());
    };
    line("augmentation", "augmentation");
    line("training step", "step");
    line("inference", "inference");
}

}  // namespace

void addBench(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("bench", "Measure this machine: augmentation, training step (MoCo, RB3D), inference");
    const auto flags = std::make_shared<BenchFlags>();
    command->add_option("what", flags->what, "What to measure")->check(CLI::IsMember({"train"}))->capture_default_str();
    command->add_option("--threads", flags->threads, "Threads; 0: all cores")->check(CLI::Range(0, 1024))->capture_default_str();
    command->add_option("--batch", flags->batch, "Particles a training step")->check(CLI::Range(1, 64))->capture_default_str();
    command->add_option("--box", flags->box, "Side of the subtomograms")->check(CLI::Range(16, 96))->capture_default_str();
    command->add_option("--repeats", flags->repeats, "Measurements; the median counts")->check(CLI::Range(1, 1000))->capture_default_str();
    command->add_option("--device", flags->device, "cpu, cuda or cuda:N")->capture_default_str();
    command->add_flag("--json", session.json, "Print one JSON document");
    command->callback([flags, &session] { runBench(*flags, session); });
}

}  // namespace tomoloupe::cli
