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
    int threads = 0, batch = 16, box = 32, steps = 7;
    std::string encoder = "rb3d", method = "moco", precision = "auto", device = "cpu";
};

void runBench(const BenchFlags& flags, const Session& session) {
    const nlohmann::json wish{{"threads", flags.threads}, {"batch", flags.batch},         {"box", flags.box},
                              {"steps", flags.steps},     {"encoder", flags.encoder},     {"method", flags.method},
                              {"device", flags.device},   {"precision", flags.precision}};
    const auto result = nlohmann::json::parse(loadEngine().bench(wish.dump()));
    if (session.json) return printJson(result);
    const auto number = [&](const std::string& key) { return result.at(key).get<double>(); };
    const auto line = [&](const char* name, const std::string& key, const std::string& floor) {
        std::cout << fmt::format("{:<14}{:>10.1f} ms{:>12.1f} volumes/s{}\n", name, number(key + "_ms"), number(key + "_volumes_per_s"), floor);
    };
    line("augmentation", "augmentation", "");
    line("training step", "step", fmt::format("   at least {:.1f} ms of arithmetic, {:.1f} ms of weights' traffic",
                                              number("step_floor_arithmetic_ms"), number("step_floor_bytes_ms")));
    line("inference", "inference", fmt::format("   at least {:.1f} ms of arithmetic", number("inference_floor_arithmetic_ms")));
    std::cout << fmt::format("{} and {}, {}, {} threads; measured peaks {:.0f} thousand million multiply-adds and {:.1f} GB a second\n",
                             flags.method, flags.encoder, result.at("precision").get<std::string>(), result.at("threads").get<int>(),
                             number("peak_gmac_per_s"), number("peak_gbyte_per_s"));
}

}  // namespace

void addBench(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("bench", "Measure this machine: augmentation, training step, inference");
    const auto flags = std::make_shared<BenchFlags>();
    command->add_option("what", flags->what, "What to measure")->check(CLI::IsMember({"train"}))->capture_default_str();
    command->add_option("--threads", flags->threads, "Threads; 0: all cores")->check(CLI::Range(0, 1024))->capture_default_str();
    command->add_option("--encoder", flags->encoder, "The network")->capture_default_str();
    command->add_option("--method", flags->method, "How to learn without labels")->capture_default_str();
    command->add_option("--precision", flags->precision, "Numbers to compute with: auto, float32 or bfloat16")->capture_default_str();
    command->add_option("--batch", flags->batch, "Particles a training step")->check(CLI::Range(2, 4096))->capture_default_str();
    command->add_option("--box", flags->box, "Side of the subtomograms")->check(CLI::Range(16, 96))->capture_default_str();
    command->add_option("--steps", flags->steps, "Measurements; the median counts")->check(CLI::Range(1, 1000))->capture_default_str();
    command->add_option("--device", flags->device, "cpu, cuda or cuda:N")->capture_default_str();
    command->add_flag("--json", session.json, "Print one JSON document");
    command->callback([flags, &session] { runBench(*flags, session); });
}

}  // namespace tomoloupe::cli
