#include "core/project/project.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>

#include "core/base/error.h"
#include "tests/core/project/example_project.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::ExampleProject;

TEST_CASE("project, is made once and opens again") {
    const test::TemporaryFolder folder;
    const auto path = folder / "cells.tomoloupe";
    CHECK(Project::create(path)->name() == "cells");
    CHECK_THROWS_WITH(Project::create(path), contains("exists already"));
    CHECK(Project::open(path)->folder() == std::filesystem::canonical(path));
    CHECK(Project::open(path.string() + "/")->name() == "cells");
}

TEST_CASE("project, what is none is told in a sentence") {
    const test::TemporaryFolder folder;
    CHECK_THROWS_WITH(Project::open(folder / "nothing"), contains("no project folder"));
    CHECK_THROWS_WITH(Project::open(folder.path()), contains("is not a project"));
    std::ofstream(folder / "project.db") << "this is not a database, but long enough to look like one of them, nearly";
    CHECK_THROWS_WITH(Project::open(folder.path()), contains("is not a project"));
    std::filesystem::remove(folder / "project.db");
    SQLite::Database((folder / "project.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE t (i)");
    CHECK_THROWS_WITH(Project::open(folder.path()), contains("another program"));
}

TEST_CASE("project, a newer one is refused") {
    const ExampleProject example(1);
    SQLite::Database((example.path / "project.db").string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 1000");
    CHECK_THROWS_WITH(Project::open(example.path), contains("newer version") && contains("Update"));
}

TEST_CASE("project, particles come back as they went in") {
    ExampleProject example(3);
    example.reopen();
    const ParticleSetRecord set = example.project->particleSet("p");
    CHECK(set.count == 3);
    CHECK(set.origin == "test");
    const ParticleTable table = example.project->particles(set.id);
    CHECK(table.columnNames == std::vector<std::string>{"rlnMagic", "rlnNote"});
    CHECK(table.format == "relion4");
    REQUIRE(table.particles.size() == 3);
    CHECK(table.particles[2].positionVoxels == Vec3{2, 2.5, 3});
    CHECK(table.particles[2].columns == std::vector<std::string>{"2", ""});
    CHECK(table.particles[2].id == example.ids[2]);
    CHECK_THROWS_WITH(example.project->particleSet("q"), contains("\"q\"") && contains("there are: p"));
    CHECK_THROWS_WITH(example.project->addParticleSet("p", {}, "test"), contains("already"));
    CHECK_THROWS_WITH(example.project->subtomograms(set), contains("not been extracted"));
}

TEST_CASE("project, ids of a second set follow those of the first") {
    ExampleProject example(3);
    ParticleTable table;
    table.particles.resize(2);
    const auto second = example.project->addParticleSet("q", table, "test");
    CHECK(example.project->particleIds(second.id) == std::vector<std::int64_t>{example.ids[2] + 1, example.ids[2] + 2});
    CHECK(example.project->labels(second.id).size() == 2);
}

TEST_CASE("project, classes get the colours in order and background its own") {
    ExampleProject example(0);
    CHECK(example.project->addClass("background").colour == "#8A93A0");
    CHECK(example.project->addClass("third").colour == "#228833");
    CHECK(example.project->addClass("ribosome").colour == "#4477AA");
    CHECK(example.project->addClass("ribosome", "#000000").colour == "#000000");
    CHECK(example.project->classes().size() == 4);
}

TEST_CASE("project, tomograms are kept by relative path and can be relinked") {
    ExampleProject example(0);
    const auto first = example.folder / "one.mrc", moved = example.folder / "moved.mrc",
               other = example.folder / "other.mrc";
    std::ofstream(first) << std::string(5000, 'a');
    std::ofstream(moved) << std::string(5000, 'a');
    std::ofstream(other) << std::string(5000, 'b');
    TomogramRecord tomogram;
    tomogram.name = "one";
    tomogram.path = first;
    tomogram.shape = {10, 20, 30};
    tomogram.voxelSizeAngstrom = 13.48;
    const TomogramRecord added = example.project->addTomogram(tomogram);
    CHECK(added.fileBytes == 5000);
    CHECK_THROWS_WITH(example.project->addTomogram(tomogram), contains("already"));
    CHECK_THROWS_WITH(example.project->relinkTomogram("one", other, false), contains("header differs"));
    CHECK_THROWS_WITH(example.project->relinkTomogram("two", other, false), contains("no tomogram named two"));
    example.project->relinkTomogram("one", moved, false);
    CHECK(example.project->tomograms()[0].path == std::filesystem::canonical(moved));
    example.project->relinkTomogram("one", other, true);
    // The whole folder goes elsewhere, the project with it.
    const test::TemporaryFolder elsewhere;
    example.project.reset();
    std::filesystem::copy(example.folder.path(), elsewhere.path(), std::filesystem::copy_options::recursive);
    const auto there = Project::open(elsewhere / "example.tomoloupe")->tomograms();
    REQUIRE(there.size() == 1);
    CHECK(there[0].path == std::filesystem::canonical(elsewhere / "other.mrc"));
    CHECK(there[0].shape == Index3{10, 20, 30});
    CHECK(there[0].voxelSizeAngstrom == 13.48);
}

TEST_CASE("project, predictions replace those of the same run") {
    ExampleProject example(3);
    const std::vector<Prediction> stored{{example.ids[0], example.ribosome, {0.75f, 0.25f}},
                                         {example.ids[2], example.proteasome, {0.f, 1.f}}};
    example.project->storePredictions("0001", example.set.id, stored);
    example.project->storePredictions("0001", example.set.id, stored);
    example.project->storePredictions("0002", example.set.id, {stored.data(), 1});
    const auto found = example.project->predictions("0001", example.set.id);
    REQUIRE(found.size() == 2);
    CHECK(found[1].particleId == example.ids[2]);
    CHECK(found[0].probabilities == std::vector<float>{0.75f, 0.25f});
    CHECK(example.project->predictions("0003", example.set.id).empty());
    const PredictionColumns columns = example.project->predictionColumns("0001", example.set.id);
    CHECK(columns.best == std::vector<std::int64_t>{example.ribosome, 0, example.proteasome});
    CHECK(columns.probabilities == std::vector<float>{0.75f, 0.25f, 0, 0, 0, 1});
    CHECK(example.project->predictionColumns("0003", example.set.id).best.empty());
    using Classes = std::vector<std::pair<std::int64_t, std::int64_t>>;
    CHECK(example.project->predictedIn("0001", example.set.id, "tomo") ==
          Classes{{example.ids[0], example.ribosome}, {example.ids[2], example.proteasome}});
    CHECK(example.project->predictedIn("0001", example.set.id, "other").empty());
}
