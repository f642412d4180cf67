#include "core/base/progress.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("stages make up the whole, and the last one tells the remaining time") {
    ProgressMeter meter(2);
    const auto start = ProgressMeter::Clock::now();
    meter.beginStage("reading", 0);
    Progress progress = meter.update(50, 100, start + std::chrono::seconds(10));
    CHECK(progress.stageName == "reading");
    CHECK(progress.fraction == Approx(0.25));
    CHECK_FALSE(progress.remainingSeconds);
    meter.beginStage("training", 1);
    progress = meter.update(25, 100, start + std::chrono::seconds(10));
    CHECK(progress.fraction == Approx(0.625));
    REQUIRE(progress.remainingSeconds);
    CHECK(*progress.remainingSeconds == Approx(30).epsilon(0.01));
}

TEST_CASE("no remaining time before a second has passed; odd totals do no harm") {
    ProgressMeter meter;
    const auto now = ProgressMeter::Clock::now();
    meter.beginStage("x", 0);
    CHECK_FALSE(meter.update(50, 100, now).remainingSeconds);
    CHECK(meter.update(1, 0, now).stageFraction == 0);
    CHECK(meter.update(300, 100, now).fraction == 1);
    CHECK(meter.update(-5, 100, now).fraction == 0);
    meter.beginStage("beyond", 9);
    CHECK(meter.update(1, 1, now).fraction == 1);
}

TEST_CASE("durations are told as people say them") {
    CHECK(durationText(12.4) == "12 s");
    CHECK(durationText(200) == "3 min 20 s");
    CHECK(durationText(1800) == "30 min");
    CHECK(durationText(3900) == "1 h 5 min");
    CHECK(durationText(59.7) == "1 min 0 s");
    CHECK(durationText(3590) == "1 h 0 min");
    CHECK(durationText(-3) == "0 s");
}
