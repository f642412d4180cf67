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
