#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <fstream>

#include "core/jobs/runner.h"
#include "core/project/run.h"
#include "tests/app/command_line.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::BackgroundCli;
using test::contains;
using test::runCli;

namespace {

/// A project with 3 x 8 simulated subtomograms of 16 voxels.
struct Simulated {
    Simulated() {
        const auto made =
            runCli(folder.path(),
                   "simulate --recipe tiny --set demo --count 8 --out d.tomoloupe --seed 1 --json");
        INFO(made.errors);
        REQUIRE(made.exitCode == 0);
        REQUIRE(made.json()["state"] == "done");
    }
    [[nodiscard]] std::filesystem::path runFolder(const std::string& name) const {
        return folder / ("d.tomoloupe/runs/" + name);
    }
    test::TemporaryFolder folder;
};

bool hasMetrics(const std::filesystem::path& runFolder) {
    return readMetrics(runFolder / "metrics.csv").size() > 2;
}

class SilentSink : public JobSink {
  public:
    void onProgress(const Progress&) override {}
    void onMetric(const Metric&) override { metrics++; }
    void onLog(LogLevel, const std::string&) override {}
    void onEnd(const JobOutcome&) override {}
    std::atomic<int> metrics = 0;
};

}  // namespace

TEST_CASE("command line, from simulation to explanation") {
    if (!test::engineIsBuilt()) return;
    const Simulated project;
    const auto run = [&](const std::string& words) {
        const auto result = runCli(project.folder.path(), words + " --json");
        INFO(words + "\n" + result.errors);
        REQUIRE(result.exitCode == 0);
        return result.json();
    };
    const std::string where = " d.tomoloupe --set demo --seed 1 ";
    CHECK(run("pretrain" + where + "--epochs 1 --batch-size 8 --queue-size 16")["run"] == "0002");
    CHECK(run("finetune" + where + "--from 2 --epochs 1 --no-augment")["run"] == "0003");
    CHECK(run("finetune" + where + "--from random --epochs 1 --label-fraction 0.5")["start"] == "random");
    const auto predicted = run("predict" + where + "--model 3");
    CHECK(predicted["particles"] == 24);
    const auto explained = run("explain" + where + "--model 0003 --particle 0 --out cam.mrc");
    CHECK(std::filesystem::file_size(project.folder / "cam.mrc") == 1024 + 4 * 16 * 16 * 16);
    CHECK_THAT(explained["out"].get<std::string>(), contains("cam.mrc"));
    CHECK(explained["overlap"]["mask_fraction"].get<double>() > 0);
    const auto doubted = run("explain" + where + "--model 3 --method respondcam --class apoferritin --layer block2 --sanity-check");
    CHECK(doubted["class"] == "apoferritin");
    CHECK(doubted["layer"] == "block2");
    CHECK(doubted["sanity_check"]["cascade"].size() == 9);
    CHECK(doubted["sanity_check"]["rank_correlations"].size() == 5);
    CHECK_THAT(runCli(project.folder.path(), "explain" + where + "--model 3 --layer block9").errors, contains("its layers are stem1, stem2"));
    const auto many = run("explain" + where + "--model 3 --particles 6 --sanity-check");
    CHECK(many["count"] == 6);
    CHECK(many["held_out"] == 6);
    CHECK(many["mean"]["weighted_ioa"].get<double>() > 0);
    CHECK(many["random_weights"]["weighted_ioa"].get<double>() > 0);
    const auto mean = run("explain" + where + "--model 3 --particles 4 --of-class apoferritin --out mean.mrc");
    CHECK(mean["class"] == "apoferritin");
    CHECK(mean["aligned"] == true);
    CHECK(std::filesystem::file_size(project.folder / "mean.mrc") == 1024 + 4 * 16 * 16 * 16);
    CHECK_THAT(runCli(project.folder.path(), "explain" + where + "--model 3 --particles 4 --out mean.mrc").errors, contains("name one class with --of-class"));
    const auto embedded = run("embed" + where + "--model 2 --map-epochs 50");
    CHECK(embedded["particles"] == 24);
    CHECK(embedded["vector_size"] == 1024);
    CHECK(embedded["map"] == "umap");
    CHECK(std::filesystem::file_size(embedded["embedding"].get<std::string>()) > 24 * 1024 * 4);
    CHECK(run("embed" + where + "--model random --map pca")["model"] == "random");
    CHECK_THAT(runCli(project.folder.path(), "embed" + where + "--model 5").errors, contains("the model must come from pretrain or finetune"));
    CHECK(run("export d.tomoloupe --set demo --out d.star --predictions 5")["predicted"] == 24);
    CHECK(run("project info d.tomoloupe")["runs"].size() == 12);
    CHECK(runCli(project.folder.path(), "predict d.tomoloupe --set demo --model 2").errors ==
          "error: Run 0002 is a pretrain run; the model must come from finetune\n");
    CHECK_THAT(runCli(project.folder.path(), "resume " + project.runFolder("0002-pretrain-moco").string()).errors,
               contains("is done"));
}

TEST_CASE("command line, the first Ctrl-C finishes, two cancel and a killed run goes on") {
    if (!test::engineIsBuilt()) return;
    const Simulated project;
    const std::string words =
        "pretrain d.tomoloupe --set demo --epochs 100000 --batch-size 8 --queue-size 16 --checkpoint-seconds 1 --json";
    {
        BackgroundCli finished(project.folder.path(), words);
        REQUIRE(finished.waitUntil([&] { return hasMetrics(project.runFolder("0002-pretrain-moco")); }));
        CHECK(Run(project.runFolder("0002-pretrain-moco")).state() == RunState::Running);
        CHECK_THAT(runCli(project.runFolder("0002-pretrain-moco"), "resume .").errors, contains("already running"));
        finished.send(SIGINT);
        CHECK(finished.wait().exitCode == 0);
        CHECK(Run(project.runFolder("0002-pretrain-moco")).state() == RunState::FinishedEarly);
        CHECK(std::filesystem::exists(project.runFolder("0002-pretrain-moco") / "model.safetensors"));
    }
    {
        BackgroundCli killed(project.folder.path(), words);
        const auto folder = project.runFolder("0003-pretrain-moco");
        REQUIRE(killed.waitUntil([&] { return std::filesystem::exists(folder / "trainer.safetensors"); }));
        killed.send(SIGKILL);
        CHECK(killed.wait().exitCode == 128 + SIGKILL);
        CHECK(Run(folder).state() == RunState::Interrupted);
        const double reached = readMetrics(folder / "metrics.csv").back().step;
        BackgroundCli resumed(project.folder.path(), "resume " + folder.string() + " --json");
        REQUIRE(resumed.waitUntil([&] { return readMetrics(folder / "metrics.csv").back().step > reached + 1; }));
        // Two in one go may arrive as one, so the second is sent until it is heard.
        CHECK_FALSE(resumed.waitUntil([&] {
            resumed.send(SIGINT);
            return false;
        }));
        CHECK(resumed.wait().exitCode == 130);
        CHECK(Run(folder).state() == RunState::Cancelled);
    }
}

TEST_CASE("process runner, runs the program itself and finishes it") {
    if (!test::engineIsBuilt()) return;
    const Simulated project;
    std::filesystem::create_directory(project.runFolder("0002-pretrain-test"));
    RunConfig config;
    config.kind = "pretrain";
    config.particleSet = "demo";
    config.options = {{"epochs", 100000}, {"batch-size", 8}, {"queue-size", 16}};
    std::ofstream(project.runFolder("0002-pretrain-test") / "run.json") << toJson(config).dump();
    const auto runner = makeProcessRunner(test::cliProgram());
    const auto sink = std::make_shared<SilentSink>();
    const auto job = runner->start({"pretrain", {}, project.runFolder("0002-pretrain-test")}, sink);
    while (sink->metrics < 2 && !job->ended()) ::usleep(2000);
    job->request(StopWish::Finish);
    const JobOutcome outcome = job->wait();
    INFO(outcome.message);
    CHECK(outcome.end == JobEnd::FinishedEarly);
    CHECK(Run(project.runFolder("0002-pretrain-test")).state() == RunState::FinishedEarly);
}
