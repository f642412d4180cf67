#include "core/base/error.h"
#include "tests/core/project/example_project.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::ExampleProject;

namespace {

HandPick pickAt(double x, const std::string& tomogram = "tomo") {
    return {0, tomogram, {x, 2, 3}, 0};
}

}  // namespace

TEST_CASE("picks, are added, moved and removed, one undo each, among labels and over restarts") {
    ExampleProject example(2);
    const HandPick two[] = {pickAt(1), pickAt(5, "other")};
    const auto ids = example.project->storePicks(two, "test");
    REQUIRE(ids.size() == 2);
    HandPick moved = example.project->handPicksIn("tomo").at(0);
    moved.positionVoxels.x = 1.75;
    example.project->storePicks({&moved, 1}, "test");
    example.label(0, example.ribosome);
    example.project->removePicks({&ids[1], 1}, "test");
    example.reopen();
    CHECK(example.project->handPicks().size() == 1);
    CHECK(example.project->handPicks()[0].positionVoxels == Vec3{1.75, 2, 3});
    CHECK(example.project->undoLabels("test")->tomogram == "other");
    CHECK(example.project->handPicksIn("other").size() == 1);
    CHECK_FALSE(example.project->undoLabels("test")->picksChanged);  // the label
    CHECK(example.project->undoLabels("test")->picksChanged);
    CHECK(example.project->handPicks()[0].positionVoxels == Vec3{1, 2, 3});
    CHECK(example.project->undoLabels("test"));
    CHECK(example.project->handPicks().empty());
    for (int i = 0; i < 4; ++i) CHECK(example.project->redoLabels("test"));
    CHECK(example.project->handPicks().size() == 1);
    CHECK_THROWS_WITH(example.project->removePicks({&ids[1], 1}, "test"), contains("no pick number"));
}

TEST_CASE("picks, become a set; those that were copied keep orientation, score and label") {
    ExampleProject example(3);
    CHECK_THROWS_WITH(example.project->makeSetOfPicks("mine", "test"), contains("Nothing is picked"));
    example.label(1, example.proteasome);
    example.project->pickAgain(example.set.id, "test");
    auto picks = example.project->handPicks();
    REQUIRE(picks.size() == 3);
    example.project->removePicks({&picks[0].id, 1}, "test");
    picks[1].positionVoxels.y = 9;
    const HandPick changes[] = {picks[1], pickAt(7)};
    example.project->storePicks(changes, "test");
    CHECK_THROWS_WITH(example.project->makeSetOfPicks("p", "test"), contains("already"));
    const ParticleSetRecord set = example.project->makeSetOfPicks("mine", "test");
    CHECK(set.count == 3);
    CHECK(example.project->handPicks().empty());
    const auto particles = example.project->particles(set.id).particles;
    CHECK(particles[0].positionVoxels == Vec3{1, 9, 3});
    CHECK(particles[0].score == 0.5);
    CHECK(particles[2].positionVoxels == Vec3{7, 2, 3});
    CHECK(example.project->labels(set.id) == std::vector<std::int64_t>{example.proteasome, 0, 0});
    CHECK(example.project->undoLabels("test"));
    CHECK(example.project->handPicks().size() == 3);
    CHECK(example.project->labels(set.id) == std::vector<std::int64_t>{0, 0, 0});
}

TEST_CASE("picks, undo takes the set that was made of them back, redo brings it again") {
    ExampleProject example(3);
    example.label(1, example.proteasome);
    example.project->pickAgain(example.set.id, "test");
    CHECK_THROWS_WITH(example.project->pickAgain(example.set.id, "test"), contains("picks already"));
    const ParticleSetRecord set = example.project->makeSetOfPicks("mine", "test");
    auto step = example.project->undoLabels("test");
    REQUIRE(step);
    CHECK(step->setsChanged);
    CHECK(step->set.empty());
    CHECK(example.project->particleSets().size() == 1);
    CHECK_THROWS_WITH(example.project->particleSet("mine"), contains("no particle set"));
    CHECK(example.project->handPicks().size() == 3);
    example.reopen();
    step = example.project->redoLabels("test");
    REQUIRE(step);
    CHECK(step->set == "mine");
    CHECK(example.project->particleSet("mine").id == set.id);
    CHECK(example.project->particles(set.id).particles.size() == 3);
    CHECK(example.project->labels(set.id) == std::vector<std::int64_t>{0, example.proteasome, 0});
    CHECK(example.project->handPicks().empty());
}

TEST_CASE("picks, a set that undo took back leaves its name to another") {
    ExampleProject example(1);
    const HandPick pick = pickAt(1);
    example.project->storePicks({&pick, 1}, "test");
    static_cast<void>(example.project->makeSetOfPicks("mine", "test"));
    example.project->undoLabels("test");
    ParticleTable table;
    table.particles.resize(5);
    CHECK(example.project->addParticleSet("mine", table, "test").count == 5);
    CHECK(example.project->redoLabels("test"));
    CHECK(example.project->particleSets().size() == 3);
    CHECK(example.project->particleSet("mine").count == 5);
}

TEST_CASE("picks, the set stays where something else needs it") {
    ExampleProject example(1);
    const HandPick pick = pickAt(1);
    example.project->storePicks({&pick, 1}, "test");
    const ParticleSetRecord set = example.project->makeSetOfPicks("mine", "test");
    const std::int64_t particle = example.project->particleIds(set.id).front();
    SECTION("labels in another label set") {
        const LabelEdit edit{particle, example.ribosome};
        example.project->setLabelsIn("second look", {&edit, 1}, "test");
    }
    SECTION("predictions") {
        const Prediction prediction{particle, example.ribosome, {1}};
        example.project->storePredictions("0001", set.id, {&prediction, 1});
    }
    SECTION("a run") {
        RunConfig config;
        config.kind = "pick";
        config.particleSet = "mine";
        static_cast<void>(example.project->createRun(config));
    }
    SECTION("subtomograms") { example.project->setStack(set.id, example.path / "mine.h5", 32, 10); }
    REQUIRE(example.project->undoLabels("test"));
    CHECK(example.project->handPicks().size() == 1);
    CHECK(example.project->particleSet("mine").id == set.id);
    CHECK(example.project->redoLabels("test"));
    CHECK(example.project->particleSets().size() == 2);
}
