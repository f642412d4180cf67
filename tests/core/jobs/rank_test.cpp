#include "core/jobs/rank.h"

#include <map>

#include "core/base/error.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;

namespace {

Rank from(const std::map<std::string, std::string>& variables) {
    return rankFrom([&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
}

}  // namespace

TEST_CASE("rank, of a process by itself") {
    CHECK(from({}).size == 1);
    CHECK(from({{"RANK", "3"}}).size == 1);
    CHECK(from({{"RANK", "0"}, {"WORLD_SIZE", "1"}}).masterAddress.empty());
    // A batch script has Slurm's numbers of tasks without being one of them.
    CHECK(from({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}).size == 1);
}

TEST_CASE("rank, from torchrun") {
    const Rank rank = from({{"RANK", "5"}, {"WORLD_SIZE", "8"}, {"LOCAL_RANK", "1"}, {"MASTER_ADDR", "node7"}, {"MASTER_PORT", "1234"},
                            {"TORCHELASTIC_USE_AGENT_STORE", "True"}, {"TORCHELASTIC_RESTART_COUNT", "2"}, {"TOMOLOUPE_RANK_TIMEOUT", "9"},
                            {"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "2"}, {"SLURM_STEP_ID", "0"}});
    CHECK(rank.rank == 5);
    CHECK(rank.size == 8);
    CHECK(rank.local == 1);
    CHECK(rank.masterAddress == "node7");
    CHECK(rank.masterPort == 1234);
    CHECK(rank.launcherServes);
    CHECK(rank.attempt == "2");
    CHECK(rank.timeout == std::chrono::seconds(9));
    CHECK(rank.text() == "process 6 of 8");
}

TEST_CASE("rank, from mpirun") {
    std::map<std::string, std::string> mpi{{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "4"},
                                           {"OMPI_COMM_WORLD_LOCAL_RANK", "1"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "4"}};
    CHECK(from(mpi).masterAddress == "127.0.0.1");
    CHECK(from(mpi).local == 1);
    CHECK_FALSE(from(mpi).launcherServes);
    mpi["OMPI_COMM_WORLD_LOCAL_SIZE"] = "2";
    CHECK_THROWS_WITH(from(mpi), contains("mpirun -x MASTER_ADDR"));
    mpi["MASTER_ADDR"] = "node1";
    CHECK(from(mpi).masterAddress == "node1");
}

TEST_CASE("rank, from srun") {
    std::map<std::string, std::string> slurm{{"SLURM_PROCID", "2"}, {"SLURM_NTASKS", "4"}, {"SLURM_LOCALID", "0"}, {"SLURM_STEP_ID", "0"},
                                             {"SLURM_JOB_ID", "54321"}};
    CHECK_THROWS_WITH(from(slurm), contains("process 3 of 4") && contains("MASTER_ADDR") && contains("before srun"));
    slurm["MASTER_ADDR"] = "node1";
    CHECK(from(slurm).rank == 2);
    CHECK(from(slurm).local == 0);
    CHECK(from(slurm).masterPort == 24321);
    slurm["SLURM_STEP_NUM_TASKS"] = "3";
    CHECK(from(slurm).size == 3);
}

TEST_CASE("rank, nonsense in the environment is named") {
    CHECK_THROWS_WITH(from({{"RANK", "2"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}}),
                      "The environment variable RANK is \"2\"; it must be a whole number from 0 to 1");
    CHECK_THROWS_WITH(from({{"RANK", "0"}, {"WORLD_SIZE", "many"}}), contains("WORLD_SIZE is \"many\"") && contains("at least 1"));
    CHECK_THROWS_WITH(from({{"RANK", "0"}, {"WORLD_SIZE", "2"}}), contains("MASTER_ADDR"));
    CHECK_THROWS_WITH(from({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "70000"}}), contains("from 1 to 65535"));
    Rank two;
    two.size = 2;
    CHECK_NOTHROW(checkCanBeShared("pretrain", two));
    CHECK_NOTHROW(checkCanBeShared("finetune", two));
    CHECK_NOTHROW(checkCanBeShared("simulate", Rank()));
    CHECK_THROWS_WITH(checkCanBeShared("simulate", two), contains("a run of kind simulate is the work of one"));
}
