#include "core/project/run.h"

#include <fstream>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "tests/core/project/example_project.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::ExampleProject;

namespace {

RunConfig config(const std::string& kind, const std::string& title) {
    RunConfig made;
    made.kind = kind;
    made.title = title;
    made.options = {{"epochs", 3}};
    made.particleSet = "p";
    made.inputs = {"0001"};
    made.seed = 18446744073709551615u;
    return made;
}

}  // namespace

TEST_CASE("run, is made with its settings and found again") {
    const ExampleProject example(0);
    const Run first = example.project->createRun(config("pretrain", "moco"));
    CHECK(first.folder().filename() == "0001-pretrain-moco");
    const Run second = example.project->createRun(config("finetune", "25 % labels from 0001"));
    CHECK(second.folder().filename() == "0002-finetune-25-labels-from-0001");
    CHECK(second.id() == "0002");
    CHECK(second.projectFolder() == example.project->folder());
    CHECK(example.project->runs().size() == 2);
    for (const std::string reference : {"2", "0002", "0002-finetune-25-labels-from-0001"})
        CHECK(example.project->run(reference).id() == "0002");
    const Run read = example.project->run(second.folder().string());
    CHECK(read.config().seed == 18446744073709551615u);
    CHECK(read.config().options["epochs"] == 3);
    CHECK(read.config().inputs == std::vector<std::string>{"0001"});
    CHECK(read.config().versions.contains("tomoloupe"));
    CHECK_FALSE(read.config().created.empty());
    CHECK_THROWS_WITH(example.project->run("9"), contains("0001-pretrain-moco"));
}

TEST_CASE("run, numbers are never shared") {
    const ExampleProject example(0);
    const auto make = [&](const std::string& title) {
        const auto project = Project::open(example.path);
        for (int i = 0; i < 20; ++i) (void)project->createRun(config("pretrain", title));
    };
    std::thread other(make, "a");
    make("b");
    other.join();
    std::set<std::string> ids;
    for (const Run& run : example.project->runs()) ids.insert(run.id());
    CHECK(ids.size() == 40);
    CHECK(*ids.rbegin() == "0040");
}

TEST_CASE("run, its state is told from its files") {
    const ExampleProject example(0);
    const Run run = example.project->createRun(config("pretrain", "moco"));
    CHECK(run.state() == RunState::Prepared);
    {
        const auto lock = RunLock::tryAcquire(run.folder());
        REQUIRE(lock);
        CHECK_FALSE(RunLock::tryAcquire(run.folder()));
        CHECK(run.state() == RunState::Running);
    }
    CHECK(RunLock::tryAcquire(run.folder()));
    std::ofstream(run.metricsPath()) << "name,step,value\n";
    CHECK(run.state() == RunState::Interrupted);
    CHECK(run.result().is_null());
    run.writeResult(RunState::FinishedEarly, {{"accuracy", 0.5}});
    CHECK(run.state() == RunState::FinishedEarly);
    CHECK(run.result()["accuracy"] == 0.5);
    run.reopen();
    CHECK(run.state() == RunState::Interrupted);
}

TEST_CASE("run, broken settings are told with the file") {
    const ExampleProject example(0);
    const Run run = example.project->createRun(config("pretrain", "moco"));
    std::ofstream(run.folder() / "run.json") << "{\"kind\": 7}";
    CHECK_THROWS_WITH(Run(run.folder()), contains("run.json"));
    CHECK(example.project->runs().empty());
}

TEST_CASE("metrics, the last value of a name and step holds and a cut line is left out") {
    const test::TemporaryFolder folder;
    const auto path = folder / "metrics.csv";
    CHECK(readMetrics(path).empty());
    std::ofstream(path)
        << "name,step,value\nloss,1,0.5\nloss, of both,1,0.25\nloss,2,nan\nloss,2,0.4\nbroken\nloss,3,0.3";
    const auto points = readMetrics(path);
    REQUIRE(points.size() == 3);
    CHECK(points[1].name == "loss, of both");
    CHECK(points[2].step == 2);
    CHECK(points[2].value == 0.4);
}

TEST_CASE("run, that looks at labels is bound to the label set in use when it was made") {
    ExampleProject example(1);
    const Run run = example.project->createRun(config("finetune", "first"));
    const std::string started = example.project->labelSets()[0].name;
    example.project->useLabelSet("second");
    CHECK(example.project->run(run.id()).config().labelSet == started);
    CHECK(example.project->createRun(config("finetune", "again")).config().labelSet == "second");
    CHECK(example.project->createRun(config("pretrain", "none")).config().labelSet.empty());
    RunConfig told = config("predict", "told");
    told.labelSet = started;
    CHECK(example.project->createRun(told).config().labelSet == started);
}
