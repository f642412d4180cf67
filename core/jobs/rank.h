#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tomoloupe {

/// This process among those that do one run together, as its launcher says. By itself unless the launcher speaks of more.
struct Rank {
    int rank = 0, size = 1;
    int local = 0;  ///< among those on this machine
    std::string masterAddress = {};  ///< the machine of rank 0; empty for a process by itself
    std::uint16_t masterPort = 0;
    bool launcherServes = false;  ///< the launcher listens at the master's port, so that rank 0 must not
    std::string attempt = "0";  ///< how often the launcher has started all of them anew
    std::chrono::seconds timeout{300};  ///< how long one waits for another

    /// "process 2 of 4"
    [[nodiscard]] std::string text() const;
};

/// From RANK and WORLD_SIZE (torchrun, or by hand), else OMPI_COMM_WORLD_RANK and _SIZE (mpirun), else SLURM_PROCID and SLURM_NTASKS
/// within a step of srun; with MASTER_ADDR, MASTER_PORT and TOMOLOUPE_RANK_TIMEOUT (seconds). `variable` gives an environment
/// variable's value or a null pointer. Throws InvalidOptions where they make no sense together.
[[nodiscard]] Rank rankFrom(const std::function<const char*(const char*)>& variable);
[[nodiscard]] Rank rankFromEnvironment();

/// Throws InvalidOptions when several processes were started for a kind of run that one does alone.
void checkCanBeShared(std::string_view runKind, const Rank& rank);

}  // namespace tomoloupe
