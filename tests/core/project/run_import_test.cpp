#include <fstream>

#include "core/base/error.h"
#include "tests/core/project/example_project.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::ExampleProject;

namespace {

RunConfig configOf(const std::string& kind, const std::string& title) {
    RunConfig config;
    config.kind = kind;
    config.title = title;
    return config;
}

/// A run as a cluster leaves it, in a project of its own.
struct Elsewhere {
    explicit Elsewhere(const std::string& kind, std::vector<std::string> inputs = {}) : project(Project::create(folder / "there.tomoloupe")) {
        RunConfig config;
        config.kind = kind;
        config.title = "moco";
        config.particleSet = "p";
        config.inputs = std::move(inputs);
        config.seed = 7;
        run = std::make_unique<Run>(project->createRun(config));
        std::ofstream(run->metricsPath()) << "name,step,value\nloss,0,1.5\n";
        std::ofstream(run->folder() / "secret.txt") << "not of a run";
    }
    void end(RunState state) {
        std::ofstream(run->modelPath()) << "weights";
        run->writeResult(state, {{"loss", 1.5}});
    }
    test::TemporaryFolder folder;
    std::unique_ptr<Project> project;
    std::unique_ptr<Run> run;
};

std::size_t entriesOf(const std::filesystem::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) count += entry.path().empty() ? 0 : 1;
    return count;
}

}  // namespace

TEST_CASE("run import, copies a run's own files under a new number and drops what means other runs") {
    const ExampleProject here(0);
    (void)here.project->createRun(configOf("pretrain", "own"));
    Elsewhere there("finetune", {"0003"});
    there.end(RunState::Done);
    const Run run = here.project->importRun(there.run->folder());
    CHECK(run.id() == "0002");
    CHECK(run.state() == RunState::Done);
    CHECK(run.config().seed == 7);
    CHECK(run.config().inputs.empty());
    CHECK(run.config().versions["imported-inputs"] == nlohmann::json({"0003"}));
    CHECK(run.config().versions["imported-from"] == there.run->folder().filename().string());
    CHECK(readMetrics(run.metricsPath()).size() == 1);
    CHECK(std::filesystem::exists(run.modelPath()));
    CHECK_FALSE(std::filesystem::exists(run.folder() / "secret.txt"));
    CHECK(here.project->runs().size() == 2);
    CHECK(std::filesystem::exists(there.run->modelPath()));
}

TEST_CASE("run import, an interrupted run can go on here") {
    const ExampleProject here(0);
    const Elsewhere there("pretrain");
    std::ofstream(there.run->trainerPath()) << "state";
    const Run run = here.project->importRun(there.run->folder());
    CHECK(run.state() == RunState::Interrupted);
    CHECK(run.hasCheckpoint());
}

TEST_CASE("run import, refuses what it cannot take and leaves nothing behind") {
    const ExampleProject here(0);
    (void)here.project->createRun(configOf("pretrain", "own"));
    const auto refused = [&](const std::filesystem::path& folder, const std::string& reason) {
        CHECK_THROWS_WITH(here.project->importRun(folder), contains(reason));
        CHECK(entriesOf(here.path / "runs") == 1);
    };
    refused(here.path, "no run.json");
    refused(here.project->run("1").folder(), "of this project already");
    Elsewhere atWork("pretrain");
    const auto lock = RunLock::tryAcquire(atWork.run->folder());
    refused(atWork.run->folder(), "at work");
    const Elsewhere unfinished("finetune", {"0001"});
    refused(unfinished.run->folder(), "has not ended");
    const Elsewhere bare("pretrain");
    bare.run->writeResult(RunState::Done, {});
    refused(bare.run->folder(), "model.safetensors");
}

TEST_CASE("run, its note and star are kept beside it, and a torn one is none") {
    const ExampleProject example(0);
    const Run run = example.project->createRun(configOf("pretrain", "moco"));
    CHECK_FALSE(run.note().star);
    run.setNote({true, "the one for Figure 3 \xe2\x98\x85\nsecond line"});
    CHECK(Run(run.folder()).note().star);
    CHECK(Run(run.folder()).note().text == "the one for Figure 3 \xe2\x98\x85\nsecond line");
    std::ofstream(run.folder() / "note.json") << "{\"star\": tr";
    CHECK_FALSE(run.note().star);
}
