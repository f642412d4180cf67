#include "core/jobs/job_events.h"

#include <cmath>
#include <limits>
#include <sstream>

#include "tests/core/jobs/recording_sink.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

TEST_CASE("job events, come back from their lines as they were") {
    std::ostringstream out;
    JsonLinesSink written(out);
    Progress progress;
    progress.stageName = "Ångström \"quoted\"";
    progress.stage = 1;
    progress.stages = 3;
    progress.fraction = 0.25;
    progress.remainingSeconds = 12.5;
    written.onProgress(progress);
    written.onMetric({"loss", 3, std::numeric_limits<double>::quiet_NaN()});
    written.onLog(LogLevel::Warning, "not UTF-8: \xff");
    written.onEnd({JobEnd::FinishedEarly, "why"});
    test::RecordingSink read;
    std::istringstream in(out.str());
    for (std::string line; std::getline(in, line);) CHECK(dispatchEvent(line, read));
    REQUIRE(read.progress().size() == 1);
    CHECK(read.progress()[0].stageName == progress.stageName);
    CHECK(read.progress()[0].remainingSeconds == progress.remainingSeconds);
    REQUIRE(read.metrics().size() == 1);
    CHECK(std::isnan(read.metrics()[0].value));
    CHECK(read.lines().size() == 1);
    REQUIRE(read.ends().size() == 1);
    CHECK(read.ends()[0].end == JobEnd::FinishedEarly);
    CHECK(read.ends()[0].message == "why");
}

TEST_CASE("job events, what is none is refused without harm") {
    test::RecordingSink sink;
    for (const char* line :
         {"", "hello", "{", "7", "{}", "{\"metric\": 7}", "{\"end\": {}}", "{\"progress\": {\"name\": 1}}"})
        CHECK_FALSE(dispatchEvent(line, sink));
    CHECK(sink.ends().empty());
}
