#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/jobs/engine_loader.h"
#include "core/project/run.h"
#include "tests/core/jobs/recording_sink.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

std::filesystem::path preparedRun(const test::TemporaryFolder& folder) {
    const auto path = folder / "0003-pretrain-moco";
    std::filesystem::create_directory(path);
    RunConfig config;
    config.kind = "pretrain";
    std::ofstream(path / "run.json") << toJson(config).dump();
    return path;
}

JobOutcome runFolder(const std::filesystem::path& folder) {
    test::RecordingSink sink;
    return runJob(*makeRunJob(folder), {}, sink);
}

}  // namespace

TEST_CASE("run job, without the engine the run has failed with the reason and can go on") {
    ::setenv("TOMOLOUPE_ENGINE", "/no/such/engine.so", 1);
    const test::TemporaryFolder folder;
    const Run run(preparedRun(folder));
    CHECK(run.state() == RunState::Prepared);
    const JobOutcome outcome = runFolder(run.folder());
    CHECK(outcome.end == JobEnd::Failed);
    CHECK_THAT(outcome.message, test::contains("/no/such/engine.so"));
    CHECK(run.state() == RunState::Failed);
    CHECK_THAT(run.result()["message"].get<std::string>(), test::contains("/no/such/engine.so"));
    CHECK_THAT(readTextFile(run.logPath()), test::contains("/no/such/engine.so"));
    CHECK_THAT(runFolder(run.folder()).message, test::contains("has ended before"));
    run.reopen();
    CHECK(run.state() == RunState::Interrupted);
}

TEST_CASE("run job, a run that another works on is left alone") {
    const test::TemporaryFolder folder;
    const Run run(preparedRun(folder));
    const auto lock = RunLock::tryAcquire(run.folder());
    REQUIRE(lock);
    CHECK(run.state() == RunState::Running);
    CHECK_THAT(runFolder(run.folder()).message, test::contains("already running"));
    CHECK(run.result().is_null());
}

TEST_CASE("run job, a cancel before its start is kept in the run") {
    const test::TemporaryFolder folder;
    const Run run(preparedRun(folder));
    StopSource stop;
    stop.request(StopWish::Cancel);
    test::RecordingSink sink;
    CHECK(runJob(*makeRunJob(run.folder()), stop.token(), sink).end == JobEnd::Cancelled);
    CHECK(run.state() == RunState::Cancelled);
}

TEST_CASE("run job, a folder that is no run is told as such") {
    const test::TemporaryFolder folder;
    CHECK_THROWS_WITH(makeRunJob(folder.path()), test::contains("run.json"));
}
