#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>

#include "core/io/safetensors.h"
#include "core/project/run.h"
#include "tests/app/command_line.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::BackgroundCli;
using test::CommandResult;
using test::contains;
using test::runCli;

namespace {

/// The processes started while it lives share one core, so that all of them compute with one thread and add in the same order.
class OneCore {
  public:
    OneCore() {
        ::sched_getaffinity(0, sizeof before_, &before_);
        for (int core = 0; core < CPU_SETSIZE; ++core) {
            if (!CPU_ISSET(core, &before_)) continue;
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(core, &one);
            ::sched_setaffinity(0, sizeof one, &one);
            return;
        }
    }
    ~OneCore() { ::sched_setaffinity(0, sizeof before_, &before_); }
    OneCore(const OneCore&) = delete;
    OneCore& operator=(const OneCore&) = delete;

  private:
    cpu_set_t before_{};
};

/// A project with 3 x 8 simulated subtomograms of 16 voxels.
struct Simulated {
    Simulated() {
        const auto made = runCli(folder.path(), "simulate --recipe tiny --set demo --count 8 --out d.tomoloupe --seed 1 --json");
        INFO(made.errors);
        REQUIRE(made.exitCode == 0);
    }
    /// A prepared run's folder.
    [[nodiscard]] std::filesystem::path prepare(const std::string& words, const std::string& command = "pretrain") const {
        const auto made = runCli(folder.path(), command + " d.tomoloupe --set demo --precision float32 --prepare --json " + words);
        INFO(made.errors);
        REQUIRE(made.exitCode == 0);
        REQUIRE(made.json()["state"] == "prepared");
        return made.json()["folder"].get<std::string>();
    }
    test::TemporaryFolder folder;
};

/// Two processes that share a run, as torchrun would start them.
class Pair {
  public:
    Pair(const std::filesystem::path& run, const std::string& seconds = "60") {
        const std::string port = std::to_string(test::freePort());
        const std::map<const char*, std::string> variables{
            {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "127.0.0.1"}, {"MASTER_PORT", port}, {"TOMOLOUPE_RANK_TIMEOUT", seconds}};
        for (const auto& [name, value] : variables) ::setenv(name, value.c_str(), 1);
        for (int rank = 0; rank < 2; ++rank) {
            ::setenv("RANK", std::to_string(rank).c_str(), 1);
            ranks_[rank].emplace(folders_[rank].path(), "run " + run.string() + " --json");
        }
        ::unsetenv("RANK");
        for (const auto& [name, value] : variables) ::unsetenv(name);
    }
    [[nodiscard]] BackgroundCli& first() { return *ranks_[0]; }
    [[nodiscard]] BackgroundCli& second() { return *ranks_[1]; }

  private:
    test::TemporaryFolder folders_[2];
    std::optional<BackgroundCli> ranks_[2];
};

bool builtWithoutGloo(const CommandResult& result) {
    const bool without = result.errors.find("built without Gloo") != std::string::npos;
    if (without) std::cout << "skipped: built without Gloo\n";
    return without;
}

std::vector<double> curve(const std::filesystem::path& run, const std::string& name) {
    std::vector<double> values;
    for (const MetricPoint& point : readMetrics(run / "metrics.csv"))
        if (point.name == name) values.push_back(point.value);
    return values;
}

/// The largest difference of two curves, as a part of the values where these are above 1.
double difference(const std::vector<double>& a, const std::vector<double>& b) {
    REQUIRE(a.size() == b.size());
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(a[i])));
    return largest;
}

std::vector<double> weights(const std::filesystem::path& run) {
    const SafetensorsReader reader(run / "model.safetensors");
    std::vector<double> all;
    for (const SafetensorEntry& entry : reader.entries()) {
        std::vector<float> values(entry.bytes / sizeof(float));
        if (entry.type == "F32") reader.read(entry, std::as_writable_bytes(std::span(values)));
        all.insert(all.end(), values.begin(), values.end());
    }
    return all;
}

std::size_t linesOf(const std::filesystem::path& file, const std::string& part) {
    std::ifstream lines(file);
    std::size_t found = 0;
    for (std::string line; std::getline(lines, line);) found += line.find(part) != std::string::npos;
    return found;
}

/// What the first process says of the run when two have done it; nothing where the program was built without Gloo.
std::optional<CommandResult> doneByTwo(const std::filesystem::path& run) {
    Pair pair(run);
    const CommandResult first = pair.first().wait(), second = pair.second().wait();
    if (builtWithoutGloo(first)) return std::nullopt;
    INFO(first.errors + second.errors);
    REQUIRE(first.exitCode == 0);
    REQUIRE(second.exitCode == 0);
    CHECK(second.output.empty());  // the first one alone speaks
    CHECK(second.errors.empty());
    CHECK(linesOf(run / "log.txt", "epoch 1 of 2") == 1);  // and writes
    return first;
}

}  // namespace

TEST_CASE("distributed, two processes learn what one learns from the whole batch") {
    if (!test::engineIsBuilt()) return;
    const OneCore oneCore;
    const Simulated project;
    for (const std::string method : {"moco --queue-size 16", "simclr", "swav --queue-size 16", "byol", "vicreg"}) {
        INFO(method);
        const std::string words = "--method " + method + " --batch-size 8 --epochs 2 --learning-rate 3e-5 --clip-norm 1000";
        const auto alone = project.prepare(words), shared = project.prepare(words);
        const auto first = doneByTwo(shared);
        if (!first) return;
        REQUIRE(runCli(project.folder.path(), "run " + alone.string()).exitCode == 0);

        CHECK(curve(alone, "loss").size() == 6);
        CHECK(difference(curve(alone, "loss"), curve(shared, "loss")) < 1e-4);
        // From equal weights the gradients are equal; later, a kink of the loss between two roundings changes them more than the loss.
        const auto alonesNorms = curve(alone, "gradient norm"), sharedNorms = curve(shared, "gradient norm");
        CHECK(difference({alonesNorms.at(0)}, {sharedNorms.at(0)}) < 1e-4);
        CHECK(difference(alonesNorms, sharedNorms) < 2e-2);
        CHECK(difference(weights(alone), weights(shared)) < 1e-4);

        CHECK(first->json()["state"] == "done");
        CHECK(linesOf(shared / "metrics.csv", "epoch loss,") == 2);
    }
}

TEST_CASE("distributed, two processes fine-tune as one does") {
    if (!test::engineIsBuilt()) return;
    const OneCore oneCore;
    const Simulated project;
    const std::string words = "--batch-size 8 --epochs 2 --learning-rate 1e-5 --encoder rb3d-c";
    const auto alone = project.prepare(words, "finetune"), shared = project.prepare(words, "finetune");
    const auto first = doneByTwo(shared);
    if (!first) return;
    const CommandResult byItself = runCli(project.folder.path(), "run " + alone.string() + " --json");
    REQUIRE(byItself.exitCode == 0);

    CHECK(curve(alone, "loss").size() >= 4);
    CHECK(difference(curve(alone, "loss"), curve(shared, "loss")) < 1e-4);
    CHECK(difference(curve(alone, "validation loss"), curve(shared, "validation loss")) < 1e-4);
    CHECK(difference(weights(alone), weights(shared)) < 1e-4);
    CHECK(first->json()["test_accuracy"] == byItself.json()["test_accuracy"]);
}

TEST_CASE("distributed, a cancelled first process ends both and a killed second one the first") {
    if (!test::engineIsBuilt()) return;
    const Simulated project;
    const std::string words = "--batch-size 8 --queue-size 16 --epochs 100000 --checkpoint-seconds 1";
    {
        const auto run = project.prepare(words);
        Pair pair(run);
        const bool started = pair.first().waitUntil([&] { return std::filesystem::exists(run / "trainer.safetensors"); });
        if (!started && builtWithoutGloo(pair.first().wait())) return;
        REQUIRE(started);
        pair.first().send(SIGINT);   // finish
        pair.first().send(SIGTERM);  // and, before the next step looks, cancel; two of one kind could become one
        CHECK(pair.first().wait().exitCode == 130);
        CHECK(pair.second().wait().exitCode == 130);
        CHECK(Run(run).state() == RunState::Cancelled);
    }
    const auto run = project.prepare(words);
    Pair pair(run);
    REQUIRE(pair.first().waitUntil([&] { return std::filesystem::exists(run / "trainer.safetensors"); }));
    pair.second().send(SIGKILL);
    const CommandResult first = pair.first().wait();
    CHECK(first.exitCode == 1);
    CHECK_THAT(first.errors, contains("lost another one") && contains("The last checkpoint is kept"));
    CHECK(Run(run).state() == RunState::Failed);
}

TEST_CASE("distributed, what several processes cannot do is said") {
    if (!test::engineIsBuilt()) return;
    const Simulated project;
    const auto runs = project.folder / "d.tomoloupe/runs";
    Pair simulating(runs / "0001-simulate-demo");
    CHECK_THAT(simulating.first().wait().errors, contains("the work of one"));
    CHECK_THAT(simulating.second().wait().errors, contains("the work of one"));
    CHECK(Run(runs / "0001-simulate-demo").state() == RunState::Done);

    Pair uneven(project.prepare("--batch-size 7 --queue-size 14"));
    const CommandResult first = uneven.first().wait(), second = uneven.second().wait();
    if (builtWithoutGloo(first)) return;
    CHECK_THAT(first.errors, contains("batch-size (7) must be a multiple of the number of processes (2)"));
    CHECK_THAT(second.errors, contains("process 2 of 2"));
}
