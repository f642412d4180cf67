#include <cmath>
#include <fstream>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/experiment/experiment_job.h"
#include "core/experiment/experiment_report.h"
#include "core/experiment/report_pictures.h"
#include "tests/core/experiment/small_experiment.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;

namespace {

constexpr int kHeld = 200;

/// A record as a run of this accuracy leaves it: the first particles are named rightly.
CellRecord made(const ExperimentRecipe& recipe, const ExperimentCell& cell, double accuracy, double validation) {
    CellRecord record{.title = cell.title,
                      .kind = toText(cell.kind),
                      .set = recipe.sets[0].name,
                      .start = recipe.starts[std::size_t(cell.start)].name,
                      .fraction = cell.fraction,
                      .seed = cell.seed,
                      .rate = cell.rate,
                      .run = "runs/0001",
                      .machine = {{"device", "cpu"}},
                      .options = {{"learning-rate", cell.rate}}};
    const auto right = std::size_t(std::lround(accuracy * kHeld));
    record.right = std::string(right, '1') + std::string(kHeld - right, '0');
    record.testAccuracy = double(right) / kHeld;
    record.validationAccuracy = validation;
    record.classes = {"a", "b<c>"};
    record.confusion = {std::int64_t(right), kHeld - std::int64_t(right), 0, 0};
    record.seconds = 1;
    return record;
}

/// Every fine-tuning of the small experiment: random at 0.5 and 0.6 (seeds 1 and 2), moco 0.3 and 0.31 above.
struct Done {
    explicit Done(nlohmann::json json = test::smallExperiment()) : recipe(experimentRecipe("small", json, false)) {
        for (const ExperimentUnit& unit : planExperiment(recipe))
            for (const ExperimentCell& cell : unit)
                if (cell.kind == CellKind::Finetune)
                    records[cell.title] = made(
                        recipe, cell, 0.4 + 0.1 * cell.seed + (cell.start == 1 ? 0.29 + 0.01 * cell.seed : 0), 0.5);
    }
    ExperimentRecipe recipe;
    std::map<std::string, CellRecord> records;
};

}  // namespace

TEST_CASE("experiment table, mean and spread over seeds, against the first start with the same seeds") {
    const Done done;
    const ExperimentTable table = tableOf(done.recipe, done.records);
    CHECK(table.done == 8);
    CHECK(table.cells > table.done);  // pre-trainings and explanations are not there
    const TableEntry &random = table.entries[0][0][0], &moco = table.entries[0][1][0];
    CHECK(random.accuracy.mean == Approx(0.55));
    CHECK(random.accuracy.sd == Approx(0.1 / std::sqrt(2)));
    CHECK_FALSE(random.test);
    REQUIRE(moco.test);
    CHECK(moco.test->meanDifference == Approx(0.305));
    CHECK(moco.adjustedP == Approx(std::min(1.0, 2 * moco.test->p)));  // two fractions
    CHECK(*moco.published == Approx(0.9));
    CHECK_FALSE(random.published);
    // Over particles alone: those named rightly once or twice; both seeds name 100 of 200, one 20 more.
    const double variance = (100.0 / kHeld * 1 + 20.0 / kHeld * 0.25) - 0.55 * 0.55;
    CHECK(random.interval.high - random.interval.low == Approx(2 * 1.96 * std::sqrt(variance / kHeld)).epsilon(0.1));
    CHECK(percentText(moco) == "85.5 ± 7.8");
    CHECK_THAT(tableAsMarkdown(table), contains("| moco, published | 90.0 | 80.0 |"));
    CHECK(tableAsJson(table)["table"].size() == 4);
}

TEST_CASE("experiment table, where all seeds differ by the same there is no test") {
    Done done;
    for (auto& [title, record] : done.records) record.testAccuracy = record.start == "random" ? 0.5 : 0.8;
    const ExperimentTable table = tableOf(done.recipe, done.records);
    CHECK_FALSE(table.entries[0][1][0].test);
    CHECK_THAT(tableAsMarkdown(table), contains("| moco over random | +30.0 | +30.0 |"));
}

TEST_CASE("experiment table, a rate is chosen by what validation says, not by the test") {
    nlohmann::json json = test::smallExperiment();
    json["experiment"]["starts"][0]["rates"] = {0.01, 0.1};
    Done done(json);
    for (auto& [title, record] : done.records)
        if (record.rate > 0) {
            record.validationAccuracy = record.rate == 0.1 ? 0.6 : 0.5;
            if (record.rate == 0.1) record.testAccuracy = 0.1;
        }
    const ExperimentTable table = tableOf(done.recipe, done.records);
    CHECK(table.entries[0][0][0].rate == 0.1);
    CHECK(table.entries[0][0][0].accuracy.mean == Approx(0.1));
    const std::string csv = recordsAsCsv(table, done.records);
    CHECK_THAT(csv, contains("tiny,random,1,0,0.1,1,0.100000"));
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 8 + 4);
}

TEST_CASE("experiment report, is one page that needs nothing from outside, and holds names as they are") {
    test::TemporaryFolder folder;
    const Done done;
    openExperiment({folder / "x"}, "small", test::smallExperiment(), false, false);
    for (const auto& [title, record] : done.records) writeRecord(folder / "x", record);
    const ExperimentReport report = writeReport(folder / "x");
    const std::string page = readTextFile(report.html);
    CHECK_THAT(page, contains("85.5 ± 7.8"));
    CHECK_THAT(page, contains("published 90.0"));
    CHECK_THAT(page, contains("b&lt;c&gt;"));
    CHECK(page.find("b<c>") == std::string::npos);
    CHECK(page.find("http") == std::string::npos);
    CHECK(page.find("src=") == std::string::npos);
    CHECK(page.find("<script") == std::string::npos);
    CHECK(std::filesystem::exists(report.csv));
    CHECK(readTextFile(report.html) == readTextFile(writeReport(folder / "x").html));
}

TEST_CASE("experiment folder, goes on only where that is asked for, and holds one experiment") {
    test::TemporaryFolder folder;
    const ExperimentPlace place{folder / "x"};
    openExperiment(place, "small", test::smallExperiment(), false, false);
    CHECK_THROWS_WITH(openExperiment(place, "small", test::smallExperiment(), false, false), contains("--resume"));
    CHECK_NOTHROW(openExperiment(place, "small", test::smallExperiment(), false, true));
    nlohmann::json other = test::smallExperiment();
    other["experiment"]["seeds"] = 3;
    CHECK_THROWS_WITH(openExperiment(place, "small", other, false, true), contains("another experiment"));
    CHECK_THROWS_WITH(recipeOf(folder / "y"), contains("no experiment"));
    std::ofstream(folder / "file") << "x";
    CHECK_THROWS_AS(openExperiment({folder.path()}, "small", test::smallExperiment(), false, false), Error);
    CHECK((ExperimentPlace{"a", 2, 4}).project() == "a/shard-2-of-4.tomoloupe");
}
