#include "core/jobs/runner.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>

#include "core/jobs/lane_runner.h"
#include "core/project/project.h"
#include "tests/core/jobs/recording_sink.h"
#include "tests/core/jobs/script_job.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::RecordingSink;

namespace {

RunConfig configOf(const std::string& kind, const std::string& title) {
    RunConfig config;
    config.kind = kind;
    config.title = title;
    return config;
}

std::filesystem::path helper() {
    const char* given = std::getenv("TOMOLOUPE_RUNNER_HELPER");
    return given ? given : "runner_helper";
}

enum class Kind { Inline, Thread, Process };

std::unique_ptr<JobRunner> makeRunner(Kind kind) {
    if (kind == Kind::Inline) return makeInlineRunner();
    return kind == Kind::Thread ? makeThreadRunner() : makeProcessRunner(helper());
}

/// A job of one word, for every runner.
struct Script {
    explicit Script(const std::string& word) { std::ofstream(folder / "script") << word; }
    [[nodiscard]] JobRequest request() const {
        const std::filesystem::path path = folder.path();
        return {"script", [path] { return std::make_unique<test::ScriptJob>(path); }, path};
    }
    test::TemporaryFolder folder;
};

void checkOneEnd(const RecordingSink& sink, const JobOutcome& outcome, JobEnd expected) {
    REQUIRE(sink.ends().size() == 1);
    CHECK(sink.ends()[0].end == expected);
    CHECK(outcome.end == expected);
    CHECK(sink.ends()[0].message == outcome.message);
}

}  // namespace

TEST_CASE("every runner, passes on what a job says and ends once") {
    for (const Kind kind : {Kind::Inline, Kind::Thread, Kind::Process}) {
        const Script script("say");
        const auto runner = makeRunner(kind);
        const auto sink = std::make_shared<RecordingSink>();
        const auto handle = runner->start(script.request(), sink);
        checkOneEnd(*sink, handle->wait(), JobEnd::Done);
        CHECK(handle->ended());
        CHECK(handle->title() == "script");
        REQUIRE(sink->metrics().size() == 1);
        CHECK(sink->metrics()[0].value == 0.5);
        CHECK(sink->lines() == std::vector<std::string>{"said"});
        REQUIRE(sink->progress().size() == 4);
        CHECK(sink->progress()[1].fraction == 0.5);
        CHECK(sink->progress()[2].stageName == "second");
        CHECK(sink->progress()[3].fraction == 1.0);
    }
}

TEST_CASE("every runner, a failure becomes an outcome with its reason") {
    for (const Kind kind : {Kind::Inline, Kind::Thread, Kind::Process}) {
        for (const auto& [word, reason] :
             {std::pair{"fail", "The disk is full"}, {"memory", "memory"}, {"strange", "reason"}}) {
            const Script script(word);
            const auto runner = makeRunner(kind);
            const auto sink = std::make_shared<RecordingSink>();
            const JobOutcome outcome = runner->start(script.request(), sink)->wait();
            checkOneEnd(*sink, outcome, JobEnd::Failed);
            CHECK_THAT(outcome.message, test::contains(reason));
        }
    }
}

TEST_CASE("runners in the background, heed Finish and Cancel") {
    for (const Kind kind : {Kind::Thread, Kind::Process}) {
        for (const auto& [wish, end] :
             {std::pair{StopWish::Finish, JobEnd::FinishedEarly}, {StopWish::Cancel, JobEnd::Cancelled}}) {
            const Script script("wait");
            const auto runner = makeRunner(kind);
            const auto sink = std::make_shared<RecordingSink>();
            const auto handle = runner->start(script.request(), sink);
            sink->waitForMetric("waiting");
            CHECK_FALSE(handle->ended());
            handle->request(wish);
            checkOneEnd(*sink, handle->wait(), end);
        }
    }
}

TEST_CASE("runners in the background, run one job after the other and drop what waits when they go") {
    for (const Kind kind : {Kind::Thread, Kind::Process}) {
        const Script waiting("wait"), quick("say");
        const auto first = std::make_shared<RecordingSink>(), second = std::make_shared<RecordingSink>(),
                   third = std::make_shared<RecordingSink>();
        auto runner = makeRunner(kind);
        runner->start(waiting.request(), first);
        const auto unwanted = runner->start(quick.request(), second);
        first->waitForMetric("waiting");
        unwanted->request(StopWish::Cancel);
        runner->start(quick.request(), third);
        CHECK(second->ends().empty());
        runner.reset();
        for (const auto& sink : {first, second, third}) {
            REQUIRE(sink->ends().size() == 1);
            CHECK(sink->ends()[0].end == JobEnd::Cancelled);
        }
        CHECK(second->metrics().empty());
    }
}

TEST_CASE("runners with a queue, let waiting jobs change places") {
    for (const Kind kind : {Kind::Thread, Kind::Process}) {
        const Script waiting("wait"), quick("say");
        const auto first = std::make_shared<RecordingSink>(), second = std::make_shared<RecordingSink>(), third = std::make_shared<RecordingSink>();
        const auto runner = makeRunner(kind);
        const auto running = runner->start(waiting.request(), first);
        first->waitForMetric("waiting");
        const auto one = runner->start(waiting.request(), second), other = runner->start(quick.request(), third);
        CHECK(running->begun());
        CHECK_FALSE(one->begun());
        CHECK(runner->move(*other, 1) == nullptr);   // is the last
        CHECK(runner->move(*running, 1) == nullptr);  // waits no longer
        CHECK(runner->move(*other, -1) == one.get());
        running->request(StopWish::Cancel);
        CHECK(other->wait().end == JobEnd::Done);
        CHECK(second->ends().empty());
        one->request(StopWish::Cancel);
        CHECK(one->wait().end == JobEnd::Cancelled);
    }
}

TEST_CASE("lane runner, what asks for a process of its own does not wait for the rest") {
    const Script waiting("wait"), quick("say");
    const auto runner = makeLaneRunner(makeThreadRunner(), makeProcessRunner(helper(), 5), wantsProcess);
    const auto slow = std::make_shared<RecordingSink>(), fast = std::make_shared<RecordingSink>();
    JobRequest own = waiting.request();
    own.ownProcess = true;
    const auto training = runner->start(own, slow);
    slow->waitForMetric("waiting");
    CHECK(runner->start(quick.request(), fast)->wait().end == JobEnd::Done);
    CHECK_FALSE(training->ended());
    training->request(StopWish::Cancel);
    CHECK(training->wait().end == JobEnd::Cancelled);
}

TEST_CASE("process runner, a run whose process is killed tells why in its folder, and can go on") {
    const test::TemporaryFolder folder;
    const auto project = Project::create(folder / "p.tomoloupe");
    const Run run = project->createRun(configOf("pretrain", "moco"));
    std::ofstream(run.folder() / "script") << "killed";
    std::ofstream(run.metricsPath()) << "name,step,value\nloss,0,1\n";
    const auto runner = makeProcessRunner(helper());
    const auto sink = std::make_shared<RecordingSink>();
    const JobOutcome outcome = runner->start({"run", {}, run.folder()}, sink)->wait();
    CHECK(outcome.end == JobEnd::Failed);
    CHECK(run.state() == RunState::Interrupted);
    CHECK_THAT(run.result()["message"].get<std::string>(), test::contains("signal 9") && test::contains("smaller batch size"));
    run.reopen();
    CHECK(run.state() == RunState::Interrupted);
    CHECK(run.result().is_null());
}

TEST_CASE("lane runner, what is brief does not wait for what runs") {
    const Script waiting("wait"), quick("say");
    const auto first = std::make_shared<RecordingSink>(), second = std::make_shared<RecordingSink>();
    const auto runner = makeLaneRunner(makeThreadRunner(), makeThreadRunner(), [](const JobRequest& request) { return request.title == "brief"; });
    const auto slow = runner->start(waiting.request(), first);
    first->waitForMetric("waiting");
    JobRequest request = quick.request();
    request.title = "brief";
    checkOneEnd(*second, runner->start(request, second)->wait(), JobEnd::Done);
    CHECK_FALSE(slow->ended());
    slow->request(StopWish::Finish);
    checkOneEnd(*first, slow->wait(), JobEnd::FinishedEarly);
}

TEST_CASE("process runner, a process that dies is a failure with its reason") {
    const auto runner = makeProcessRunner(helper());
    const Script killed("killed"), exits("exit"), chatter("chatter");
    const auto sink = std::make_shared<RecordingSink>();
    const JobOutcome outcome = runner->start(killed.request(), sink)->wait();
    checkOneEnd(*sink, outcome, JobEnd::Failed);
    CHECK_THAT(outcome.message, test::contains("signal 9") && test::contains("memory"));
    const JobOutcome stopped = runner->start(exits.request(), std::make_shared<RecordingSink>())->wait();
    CHECK(stopped.end == JobEnd::Failed);
    CHECK_THAT(stopped.message, test::contains("code 3") && test::contains("no such library"));
    CHECK(runner->start(chatter.request(), std::make_shared<RecordingSink>())->wait().end == JobEnd::Done);
    const JobOutcome missing =
        makeProcessRunner("/no/such/program")->start(killed.request(), std::make_shared<RecordingSink>())->wait();
    CHECK_THAT(missing.message, test::contains("/no/such/program"));
}

TEST_CASE("thread runner, only its own thread is nice") {
    int niceness = -1;
    struct NiceJob : Job {
        explicit NiceJob(int& seen) : seen_(seen) {}
        void run(JobContext&) override { seen_ = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())); }
        int& seen_;
    };
    const int own = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
    const auto runner = makeThreadRunner(19);
    runner->start({"nice", [&] { return std::make_unique<NiceJob>(niceness); }, {}}, std::make_shared<RecordingSink>())
        ->wait();
    CHECK(niceness == 19);
    CHECK(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())) == own);
}
