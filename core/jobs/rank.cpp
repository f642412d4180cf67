#include "core/jobs/rank.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <limits>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

constexpr int kDefaultPort = 29500;  // torchrun's
constexpr int kLargest = std::numeric_limits<int>::max();

class Environment {
  public:
    explicit Environment(const std::function<const char*(const char*)>& variable) : variable_(variable) {}

    [[nodiscard]] std::string text(const char* name) const {
        const char* value = variable_(name);
        return value ? value : "";
    }
    [[nodiscard]] bool has(const char* name) const { return !text(name).empty(); }
    [[nodiscard]] int number(const char* name, int least, int most) const {
        const std::string value = text(name);
        int result = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
        if (error != std::errc() || end != value.data() + value.size() || result < least || result > most)
            throw InvalidOptions(fmt::format("The environment variable {} is \"{}\"; it must be a whole number{}", name, value,
                                             most == kLargest ? fmt::format(" of at least {}", least)
                                                              : fmt::format(" from {} to {}", least, most)));
        return result;
    }
    [[nodiscard]] int number(const char* name, int least, int most, int otherwise) const {
        return has(name) ? number(name, least, most) : otherwise;
    }

  private:
    const std::function<const char*(const char*)>& variable_;
};

struct Names {
    const char *rank, *size, *local;
};

/// Rank and size by the names; false when there are none.
bool read(const Environment& environment, const Names& names, Rank& result) {
    if (!environment.has(names.rank) || !environment.has(names.size)) return false;
    result.size = environment.number(names.size, 1, kLargest);
    result.rank = environment.number(names.rank, 0, result.size - 1);
    result.local = environment.number(names.local, 0, kLargest, result.rank);
    return true;
}

[[noreturn]] void failWithoutMaster(const Rank& rank, std::string_view advice) {
    throw InvalidOptions(fmt::format("This is {}, but the environment variable MASTER_ADDR does not say on which machine the first of "
                                     "them runs: {}", rank.text(), advice));
}

void readMaster(const Environment& environment, Rank& result, int defaultPort, std::string_view adviceWithout) {
    result.masterAddress = environment.text("MASTER_ADDR");
    if (result.masterAddress.empty()) failWithoutMaster(result, adviceWithout);
    result.masterPort = std::uint16_t(environment.number("MASTER_PORT", 1, 65535, defaultPort));
}

}  // namespace

std::string Rank::text() const { return fmt::format("process {} of {}", rank + 1, size); }

Rank rankFrom(const std::function<const char*(const char*)>& variable) {
    const Environment environment(variable);
    Rank result;
    result.timeout = std::chrono::seconds(environment.number("TOMOLOUPE_RANK_TIMEOUT", 1, kLargest, int(result.timeout.count())));
    if (read(environment, {"RANK", "WORLD_SIZE", "LOCAL_RANK"}, result)) {
        if (result.size == 1) return {};
        readMaster(environment, result, kDefaultPort, "set it, or start the processes with torchrun");
        result.launcherServes = environment.text("TORCHELASTIC_USE_AGENT_STORE") == "True";
        if (environment.has("TORCHELASTIC_RESTART_COUNT")) result.attempt = environment.text("TORCHELASTIC_RESTART_COUNT");
        return result;
    }
    if (read(environment, {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK"}, result)) {
        if (result.size == 1) return {};
        const bool oneMachine = environment.number("OMPI_COMM_WORLD_LOCAL_SIZE", 1, kLargest, 0) == result.size;
        if (oneMachine && !environment.has("MASTER_ADDR")) {
            result.masterAddress = "127.0.0.1";
            result.masterPort = std::uint16_t(environment.number("MASTER_PORT", 1, 65535, kDefaultPort));
            return result;
        }
        readMaster(environment, result, kDefaultPort, "export it and start with mpirun -x MASTER_ADDR");
        return result;
    }
    // A batch script has these variables too; only a step of srun has processes for all of them.
    if ((environment.has("SLURM_STEP_ID") || environment.has("MASTER_ADDR")) &&
        read(environment, {"SLURM_PROCID", environment.has("SLURM_STEP_NUM_TASKS") ? "SLURM_STEP_NUM_TASKS" : "SLURM_NTASKS", "SLURM_LOCALID"},
             result)) {
        if (result.size == 1) return {};
        // Jobs that share a machine must not meet.
        readMaster(environment, result, 20000 + environment.number("SLURM_JOB_ID", 0, kLargest, 0) % 10000,
                   "write export MASTER_ADDR=$(scontrol show hostnames \"$SLURM_JOB_NODELIST\" | head -n 1) before srun");
        return result;
    }
    return {};
}

Rank rankFromEnvironment() {
    return rankFrom([](const char* name) { return std::getenv(name); });
}

void checkCanBeShared(std::string_view runKind, const Rank& rank) {
    if (rank.size > 1 && runKind != "pretrain" && runKind != "finetune")
        throw InvalidOptions(fmt::format("{} processes were started together, but a run of kind {} is the work of one: several can share "
                                         "pretrain and finetune runs alone; start a single process", rank.size, runKind));
}

}  // namespace tomoloupe
