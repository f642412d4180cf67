#include "ui/models/judged_result.h"

#include <cmath>
#include <fstream>
#include <functional>

#include "tests/support/support.h"
#include "tests/ui/judged_project.h"
#include "tests/ui/ui_support.h"
#include "ui/models/explain_wish.h"
#include "ui/models/prediction_list.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

struct Judged {
    Judged() : project(Project::open(test::makeProject(folder / "made.tomoloupe"))) {}
    [[nodiscard]] JudgedResult judged(const std::string& run, JudgedPart part) const {
        return judge(*project, project->run(run), part, *set(), set()->labels);
    }
    [[nodiscard]] std::shared_ptr<const SetContents> set() const { return readSet(*project, "made"); }
    test::TemporaryFolder folder;
    std::unique_ptr<Project> project;
};

}  // namespace

TEST_CASE("judged result, of the predictions that a fine-tuning stored") {
    const Judged made;
    const JudgedResult result = made.judged(test::addFinetuning(*made.project), JudgedPart::Test);
    CHECK(result.trouble == JudgedResult::Trouble::None);
    CHECK(result.classNames == std::vector<std::string>{"alpha", "beta"});
    CHECK(result.judgedCount() == 6);
    CHECK(result.accuracy == Approx(4.0 / 6));
    CHECK(result.matrix.at(0, 1) == 1);
    CHECK(result.cell(0, 1) == std::vector<std::int64_t>{4});
    CHECK(result.cell(1, 0) == std::vector<std::int64_t>{1});
    CHECK(result.accuracyInterval.low < result.accuracy);
    CHECK(result.accuracyInterval.high > result.accuracy);
    CHECK(made.judged("0001", JudgedPart::Validation).trouble == JudgedResult::Trouble::NotStored);
}

TEST_CASE("judged result, of a prediction beside the labels, with and without what was learnt from") {
    const Judged made;
    const std::string tuned = test::addFinetuning(*made.project);
    const std::string run = test::addPrediction(*made.project, tuned);
    // 0-5 are labelled alpha, odd ones are called beta.
    CHECK(made.judged(run, JudgedPart::AllLabelled).judgedCount() == 6);
    CHECK(made.judged(run, JudgedPart::AllLabelled).accuracy == Approx(0.5));
    const auto ids = made.project->particleIds(made.set()->record.id);
    std::ofstream(made.project->run(tuned).folder() / "split.json")
        << nlohmann::json{{"train", {ids[0], ids[2]}}, {"validation", {ids[4]}}, {"test", nlohmann::json::array()}};
    const JudgedResult held = made.judged(run, JudgedPart::HeldOut);
    CHECK(held.judgedCount() == 3);
    CHECK(held.accuracy == 0);
    CHECK(held.particles.size() == 12);  // all can be listed and labelled
}

TEST_CASE("judged result, labels from predictions name what would change") {
    const Judged made;
    const JudgedResult result = made.judged(test::addPrediction(*made.project, "0001"), JudgedPart::AllLabelled);
    const auto labels = made.set()->labels;
    CHECK(labelsFrom(result, labels, 0.0, true).size() == 6);   // 6-11
    CHECK(labelsFrom(result, labels, 0.0, false).size() == 9);  // and 1, 3, 5, which are called otherwise
    const auto sure = labelsFrom(result, labels, 0.84, true);   // 10 and 11
    REQUIRE(sure.size() == 2);
    CHECK(sure[0].index == 10);
    CHECK(sure[1].classId == result.classIds[1]);
}

TEST_CASE("prediction list, wrong and sure first, and filters") {
    const Judged made;
    const JudgedResult result = made.judged(test::addFinetuning(*made.project), JudgedPart::Test);
    const auto set = made.set();
    PredictionFilter filter;
    CHECK(listPredictions(result, *set, filter) == std::vector<std::int32_t>{4, 1, 3, 5, 0, 2});
    filter.agreement = PredictionFilter::Agreement::Wrong;
    CHECK(listPredictions(result, *set, filter) == std::vector<std::int32_t>{4, 1});
    filter.from = 0.7;
    CHECK(listPredictions(result, *set, filter) == std::vector<std::int32_t>{4});
    filter = {};
    filter.order = PredictionFilter::Order::Number;
    filter.predicted = 0;
    CHECK(listPredictions(result, *set, filter) == std::vector<std::int32_t>{0, 1, 2});
    filter.tomogram = "another";
    CHECK(listPredictions(result, *set, filter).empty());
}

TEST_CASE("label fractions, runs with one start are one line with its spread") {
    const Judged made;
    for (const double accuracy : {0.5, 0.7}) static_cast<void>(test::addFinetuning(*made.project, {}, 0.25, accuracy));
    static_cast<void>(test::addFinetuning(*made.project, {}, 0.05, 0.4));
    static_cast<void>(test::addFinetuning(*made.project, {"0001"}, 1, 0.9));
    const auto series = fractionSeries(readContents(*made.project), "made");
    REQUIRE(series.size() == 2);
    CHECK(series[0].start == "random");
    REQUIRE(series[0].points.size() == 2);
    CHECK(series[0].points[0].fraction == 0.05);
    CHECK(series[0].points[1].mean() == Approx(0.6));
    CHECK(series[0].points[1].spread() == Approx(std::sqrt(0.02)));
    CHECK(series[1].start == "0001 finetune");
    CHECK(fractionSeries(readContents(*made.project), "other").empty());
}

TEST_CASE("explain wish, finds the run that answers it") {
    const Judged made;
    const std::string model = test::addFinetuning(*made.project);
    const std::string map = test::addExplanation(*made.project, model, 2);
    const ProjectContents contents = readContents(*made.project);
    ExplainWish wish;
    wish.set = "made";
    wish.model = model;
    wish.particle = 2;
    REQUIRE(explained(contents, wish));
    CHECK(explained(contents, wish)->run.id() == map);
    const auto answered = [&](const std::function<void(ExplainWish&)>& change) {
        ExplainWish changed = wish;
        change(changed);
        return explained(contents, changed) != nullptr;
    };
    CHECK(answered([](ExplainWish& other) { other.targetClass = "alpha"; }));  // found to be the most probable
    CHECK_FALSE(answered([](ExplainWish& other) { other.targetClass = "beta"; }));
    CHECK_FALSE(answered([](ExplainWish& other) { other.particle = 3; }));
    CHECK_FALSE(answered([](ExplainWish& other) { other.sanityCheck = true; }));
    CHECK_FALSE(answered([](ExplainWish& other) { other.layer = "block1"; }));
    CHECK(layersOf(contents, model) == std::vector<std::string>{"block1", "block2"});
    wish.particles = 5;
    wish.ofClass = "beta";
    const RunConfig config = explainConfig(wish, "t");
    CHECK(config.options["particles"] == 5);
    CHECK(config.options["of-class"] == "beta");
}
