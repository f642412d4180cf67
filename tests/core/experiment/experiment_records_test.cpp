#include <fstream>

#include "core/base/error.h"
#include "core/experiment/cell_record.h"
#include "core/project/stored_predictions.h"
#include "tests/core/experiment/small_experiment.h"
#include "tests/support/support.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;

namespace {

/// A run's folder of a fine-tuning that named three of four held-out particles rightly.
struct EndedRun {
    EndedRun() {
        std::filesystem::create_directories(folder / "runs/0001-finetune");
        std::ofstream(folder / "runs/0001-finetune/run.json") << toJson(RunConfig{.kind = "finetune",
                                                                                  .title = "t",
                                                                                  .options = {{"epochs", 2}},
                                                                                  .particleSet = "tiny",
                                                                                  .inputs = {},
                                                                                  .seed = 1,
                                                                                  .versions = {}})
                                                                     .dump();
        const Run run(folder / "runs/0001-finetune");
        writePredictions(
            run, RunPart::Test,
            {{"a", "b"}, {0, 1, 2, 3}, {1, 2, 3, 4}, {0, 0, 1, 1}, {0.9f, 0.1f, 0.4f, 0.6f, 0.2f, 0.8f, 0.3f, 0.7f}});
        run.writeResult(RunState::Done, {{"validation_accuracy", 0.5}, {"train_count", 6}});
    }
    [[nodiscard]] CellRecord record() const {
        const ExperimentRecipe recipe = experimentRecipe("x", test::smallExperiment(), false);
        return recordOf(recipe,
                        {.kind = CellKind::Finetune,
                         .set = 0,
                         .start = 1,
                         .fraction = 0.5,
                         .seed = 2,
                         .title = "tiny, moco, 50 %, seed 2"},
                        Run(folder / "runs/0001-finetune"));
    }
    test::TemporaryFolder folder;
};

}  // namespace

TEST_CASE("cell record, judges what a run said of held-out particles") {
    const CellRecord record = EndedRun().record();
    CHECK(record.start == "moco");
    CHECK(record.testAccuracy == 0.75);
    CHECK(record.right == "1011");
    CHECK(record.confusion == std::vector<std::int64_t>{1, 1, 0, 2});
    CHECK(record.validationAccuracy == 0.5);
    CHECK(record.trainCount == 6);
    CHECK(record.negativeLogLikelihood ==
          Approx(-(std::log(0.9) + std::log(0.4) + std::log(0.8) + std::log(0.7)) / 4).epsilon(1e-6));
    CHECK(record.brier == Approx(2 * (0.01 + 0.36 + 0.04 + 0.09) / 4).epsilon(1e-6));
    CHECK(record.macroF1 == Approx((2.0 / 3 + 4.0 / 5) / 2));
}

TEST_CASE("cell records, titles that differ in signs alone have files of their own") {
    CHECK(cellFile("a-b, c") != cellFile("a, b-c"));
    CHECK(cellFile("SNR 0.05, moco").starts_with("SNR-0.05-moco-"));
}

TEST_CASE("cell records, come back from their files, and a broken one is named") {
    const EndedRun run;
    const CellRecord record = run.record();
    CHECK(readRecords(run.folder.path()).empty());
    writeRecord(run.folder.path(), record);
    const auto all = readRecords(run.folder.path());
    REQUIRE(all.size() == 1);
    const CellRecord& back = all.at(record.title);
    CHECK(back.right == record.right);
    CHECK(back.confusion == record.confusion);
    CHECK(back.options == record.options);
    CHECK(back.brier == record.brier);
    std::ofstream(cellsFolder(run.folder.path()) / "broken.json") << "{\"title\": 3";
    CHECK_THROWS_WITH(readRecords(run.folder.path()), contains("broken.json"));
}
