#include <QSignalSpy>
#include <QTest>
#include <stdexcept>

#include "core/base/error.h"
#include "core/recipe/learning.h"
#include "tests/ui/ui_support.h"
#include "ui/bridge/io_queue.h"
#include "ui/bridge/job_controller.h"
#include "ui/bridge/option_model.h"
#include "ui/shell/latency_meter.h"

#include <iostream>

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Seen {
    int metrics = 0;
    double fraction = 0;
    std::vector<JobOutcome> outcomes;
    QString titleAtEnd;
};

void watch(JobController& controller, Seen& seen) {
    QObject::connect(&controller, &JobController::progressed, &controller,
                     [&](int, const Progress& p) { seen.fraction = p.fraction; });
    QObject::connect(
        &controller, &JobController::metricsArrived, &controller,
        [&](int, const std::vector<Metric>& metrics) { seen.metrics += static_cast<int>(metrics.size()); });
    QObject::connect(&controller, &JobController::ended, &controller, [&](int job, const JobOutcome& outcome) {
        seen.outcomes.push_back(outcome);
        seen.titleAtEnd = controller.title(job);
    });
}

JobRequest busy(int turns, int threads = 0) {
    return {.title = "busy", .make = [=] { return std::make_unique<test::BusyJob>(turns, threads); }, .runFolder = {}};
}

class FailingJob : public Job {
    void run(JobContext&) override { throw Error("the file x.mrc is gone"); }
};

}  // namespace

TEST_CASE("job controller, tells everything a job said, over the inline and the thread runner") {
    const bool threaded = GENERATE(false, true);
    JobController controller(threaded ? makeThreadRunner() : makeInlineRunner());
    Seen seen;
    watch(controller, seen);
    const int job = controller.start(busy(500));
    CHECK(controller.title(job) == QStringLiteral("busy"));
    CHECK(QTest::qWaitFor([&] { return !seen.outcomes.empty(); }));
    CHECK(seen.metrics == 500);
    CHECK(seen.fraction == Approx(1));
    CHECK(seen.outcomes[0].end == JobEnd::Done);
    CHECK(controller.active().empty());
}

TEST_CASE("job controller, passes on the wish to finish and to cancel") {
    const StopWish wish = GENERATE(StopWish::Finish, StopWish::Cancel);
    JobController controller(makeThreadRunner());
    Seen seen;
    watch(controller, seen);
    const int job = controller.start(busy(-1));
    CHECK(QTest::qWaitFor([&] { return seen.metrics > 0; }));
    controller.request(job, wish);
    CHECK(QTest::qWaitFor([&] { return !seen.outcomes.empty(); }));
    CHECK(seen.outcomes[0].end == (wish == StopWish::Finish ? JobEnd::FinishedEarly : JobEnd::Cancelled));
}

TEST_CASE("job controller, tells why a job failed") {
    JobController controller(makeThreadRunner());
    Seen seen;
    watch(controller, seen);
    controller.start({.title = "fails", .make = [] { return std::make_unique<FailingJob>(); }, .runFolder = {}});
    CHECK(QTest::qWaitFor([&] { return !seen.outcomes.empty(); }));
    CHECK(seen.outcomes[0].end == JobEnd::Failed);
    CHECK(seen.outcomes[0].message.find("x.mrc") != std::string::npos);
    CHECK(seen.titleAtEnd == QStringLiteral("fails"));
}

TEST_CASE("io queue, answers in order, drops what was overtaken, and tells failures") {
    IoQueue queue(makeThreadRunner());
    QObject receiver;
    std::vector<int> answers;
    QString failure;
    const Latest latest = makeLatest();
    for (int i = 0; i < 50; ++i) {
        queue.post(
            &receiver, [i] { return i; }, [&](int answer) { answers.push_back(answer); }, {}, latest);
    }
    queue.post(
        &receiver, []() -> int { throw Error("no such voxel"); }, [&](int) { answers.push_back(-1); },
        [&](const QString& sentence) { failure = sentence; });
    CHECK(QTest::qWaitFor([&] { return queue.idle(); }));
    REQUIRE(answers.size() == 1);  // the newest alone
    CHECK(answers.back() == 49);
    CHECK(failure.contains(QStringLiteral("no such voxel")));
}

TEST_CASE("io queue, says nothing to a receiver that is gone") {
    IoQueue queue(makeThreadRunner());
    bool told = false;
    {
        QObject receiver;
        queue.post(
            &receiver, [] { return 1; }, [&](int) { told = true; });
    }
    CHECK(QTest::qWaitFor([&] { return queue.idle(); }));
    CHECK_FALSE(told);
}

TEST_CASE("option model, describes fields and refuses wrong values with a sentence") {
    PretrainOptions options;
    OptionModel model(options.describe());
    const auto field = [&](const QString& name) {
        for (int i = 0; i < model.count(); ++i) {
            if (model.name(i) == name) return i;
        }
        return -1;
    };
    const int epochs = field(QStringLiteral("epochs"));
    REQUIRE(epochs >= 0);
    CHECK(model.label(field(QStringLiteral("batch-size"))) == QStringLiteral("Batch size"));
    CHECK(model.setText(epochs, QStringLiteral(" 12 ")).isEmpty());
    CHECK(options.epochs == 12);
    CHECK(model.setText(epochs, QStringLiteral("0")).contains(QStringLiteral("epochs")));
    CHECK(model.setText(epochs, QStringLiteral("many")).contains(QStringLiteral("epochs")));
    CHECK(options.epochs == 12);
    CHECK(model.kind(field(QStringLiteral("method"))) == OptionModel::Kind::Choice);
}

TEST_CASE("event loop, its latency while two niced threads compute is printed") {
    JobController controller(makeThreadRunner(19));
    const int job = controller.start(busy(-1, 2));
    LatencyMeter meter;
    meter.start();
    QTest::qWait(1500);
    controller.request(job, StopWish::Finish);
    std::cout << meter.report().toStdString() << '\n';
    CHECK(QTest::qWaitFor([&] { return controller.active().empty(); }));
    CHECK(meter.percentile(0.5) >= 0);
}
