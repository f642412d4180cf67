#include <SQLiteCpp/SQLiteCpp.h>

#include "core/base/error.h"
#include "core/project/label_agreement.h"
#include "tests/core/project/example_project.h"

#include "tests/support/catch.h"

using namespace tomoloupe;
using test::contains;
using test::ExampleProject;
using Labels = std::vector<std::int64_t>;

namespace {

const ClassRecord& named(const std::vector<ClassRecord>& classes, const std::string& name) {
    for (const ClassRecord& record : classes)
        if (record.name == name) return record;
    throw Error("no class " + name);
}

ClassRecord newClass(const std::string& name, const std::string& key = {}) {
    ClassRecord record;
    record.name = name;
    record.key = key;
    return record;
}

/// Takes a project back to layout 1, as the first versions of the program wrote it.
void makeLayout1(const std::filesystem::path& file) {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    database.exec(R"sql(
        DROP TABLE set_changes; ALTER TABLE particle_sets DROP COLUMN removed;
        DROP INDEX particles_place; DROP TABLE class_changes; DROP TABLE pick_changes; DROP TABLE hand_picks;
        CREATE TABLE old_labels (particle_id INTEGER PRIMARY KEY REFERENCES particles(id),
                                 class_id INTEGER NOT NULL REFERENCES classes(id));
        INSERT INTO old_labels SELECT particle_id, class_id FROM labels;
        DROP TABLE labels; ALTER TABLE old_labels RENAME TO labels; DROP TABLE label_sets;
        CREATE TABLE old_changes (action_id INTEGER NOT NULL REFERENCES label_actions(id),
            particle_id INTEGER NOT NULL, old_class INTEGER, new_class INTEGER, PRIMARY KEY (action_id, particle_id))
            WITHOUT ROWID;
        INSERT INTO old_changes SELECT action_id, particle_id, old_class, new_class FROM label_changes;
        DROP TABLE label_changes; ALTER TABLE old_changes RENAME TO label_changes;
        CREATE INDEX label_changes_particle ON label_changes(particle_id);
        CREATE TABLE old_classes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, colour TEXT NOT NULL);
        INSERT INTO old_classes SELECT id, name, colour FROM classes;
        PRAGMA foreign_keys = OFF;
        DROP TABLE classes; ALTER TABLE old_classes RENAME TO classes;
        PRAGMA user_version = 1;)sql");
}

}  // namespace

TEST_CASE("classes, are made, changed and removed, and undo takes each back") {
    ExampleProject example(3);
    Project& project = *example.project;
    const ClassRecord made = project.storeClass(newClass("filament", "f"), "test");
    CHECK(made.colour == "#228833");
    CHECK(project.classes().size() == 3);
    ClassRecord changed = made;
    changed.name = "microtubule";
    changed.colour = "#123456";
    project.storeClass(changed, "test");
    example.label(0, made.id);
    example.label(1, example.ribosome);
    project.removeClass(made.id, "test");
    CHECK(project.classes().size() == 2);
    CHECK(project.labels(example.set.id) == Labels{0, example.ribosome, 0});
    const auto back = project.undoLabels("test");
    REQUIRE(back);
    CHECK(back->classesChanged);
    REQUIRE(back->edits.size() == 1);
    CHECK(back->edits[0].particleId == example.ids[0]);
    CHECK(back->edits[0].classId == made.id);
    CHECK(named(project.classes(), "microtubule").colour == "#123456");
    CHECK(project.labels(example.set.id) == Labels{made.id, example.ribosome, 0});
    for (int i = 0; i < 2; ++i) CHECK(project.undoLabels("test"));  // the two labels
    CHECK(project.undoLabels("test"));
    CHECK(named(project.classes(), "filament").key == "f");
    CHECK(project.undoLabels("test"));
    CHECK(project.classes().size() == 2);
    CHECK_FALSE(project.undoLabels("test"));
    for (int i = 0; i < 5; ++i) CHECK(project.redoLabels("test"));
    CHECK_FALSE(project.redoLabels("test"));
    CHECK(project.classes().size() == 2);
    CHECK(project.labels(example.set.id) == Labels{0, example.ribosome, 0});
}

TEST_CASE("classes, taken names and keys are refused in a sentence") {
    ExampleProject example(1);
    Project& project = *example.project;
    CHECK_THROWS_WITH(project.storeClass(newClass("ribosome"), "test"), contains("class named ribosome already"));
    CHECK_THROWS_WITH(project.storeClass(newClass(""), "test"), contains("needs a name"));
    project.storeClass(newClass("filament", "f"), "test");
    CHECK_THROWS_WITH(project.storeClass(newClass("fibre", "f"), "test"), contains("belongs to the class filament"));
    ClassRecord unknown = newClass("none");
    unknown.id = 99;
    CHECK_THROWS_WITH(project.storeClass(unknown, "test"), contains("no class number 99"));
    CHECK_THROWS_WITH(project.removeClass(99, "test"), contains("no class number 99"));
    CHECK(project.classes().size() == 3);
}

TEST_CASE("classes, one that was removed comes back under its number when its name is given again") {
    ExampleProject example(1);
    Project& project = *example.project;
    project.removeClass(example.ribosome, "test");
    CHECK(project.storeClass(newClass("ribosome"), "test").id == example.ribosome);
    project.removeClass(example.ribosome, "test");
    CHECK(project.addClass("ribosome").id == example.ribosome);
    CHECK(project.classes().size() == 2);
}

TEST_CASE("label sets, are kept apart, and undo goes back to the one in which it acts") {
    ExampleProject example(2);
    Project& project = *example.project;
    example.label(0, example.ribosome);
    project.useLabelSet("second look");
    CHECK(project.labels(example.set.id) == Labels{0, 0});
    example.label(0, example.proteasome);
    example.label(1, example.proteasome);
    CHECK(project.labelCount() == 2);
    CHECK(project.labelsIn("labels", example.set.id) == Labels{example.ribosome, 0});
    CHECK_THROWS_WITH(project.labelsIn("third", example.set.id), contains("no label set \"third\""));
    const auto other = Project::open(example.path);
    CHECK(other->labels(example.set.id) == Labels{example.proteasome, example.proteasome});
    project.useLabelSet("labels");
    CHECK(project.labelSets().size() == 2);
    const auto step = project.undoLabels("test");
    REQUIRE(step);
    CHECK(step->labelSetChanged);
    CHECK(project.labelSets()[1].current);
    CHECK(project.labels(example.set.id) == Labels{example.proteasome, 0});
    // A class is taken away from all label sets.
    project.useLabelSet("labels");
    example.label(1, example.proteasome);
    project.removeClass(example.proteasome, "test");
    CHECK(project.labelsIn("second look", example.set.id) == Labels{0, 0});
    CHECK(project.undoLabels("test"));
    CHECK(project.labelsIn("second look", example.set.id) == Labels{example.proteasome, 0});
    CHECK(project.labels(example.set.id) == Labels{example.ribosome, example.proteasome});
}

TEST_CASE("label sets, what is stored aside is passed over by undo and redo") {
    ExampleProject example(2);
    Project& project = *example.project;
    const LabelEdit edits[] = {{example.ids[0], example.ribosome}, {example.ids[1], example.proteasome}};
    CHECK(project.setLabelsIn("truth", edits, "simulation") > 0);
    CHECK(project.setLabelsIn("truth", edits, "simulation") == 0);
    CHECK(project.labelCount() == 0);
    CHECK_FALSE(project.undoLabels("test"));
    example.label(1, example.ribosome);
    project.setLabelsIn("truth", {edits, 1}, "simulation");
    CHECK(project.undoLabels("test"));
    CHECK_FALSE(project.undoLabels("test"));
    project.setLabelsIn("third", {edits, 1}, "simulation");
    CHECK(project.redoLabels("test"));
    CHECK(project.labels(example.set.id) == Labels{0, example.ribosome});
    CHECK(project.labelsIn("truth", example.set.id) == Labels{example.ribosome, example.proteasome});
    CHECK(project.setLabelsIn("labels", edits, "test") > 0);  // the current one: as if done in sight
    CHECK(project.undoLabels("test"));
    CHECK(project.labels(example.set.id) == Labels{0, example.ribosome});
}

TEST_CASE("label sets, a project of layout 1 keeps labels and history, and the file as it was") {
    ExampleProject example(3);
    example.label(0, example.ribosome);
    example.label(1, example.ribosome);
    example.label(1, example.proteasome);
    example.project.reset();
    makeLayout1(example.path / "project.db");
    example.project = Project::open(example.path);
    CHECK(example.project->labels(example.set.id) == Labels{example.ribosome, example.proteasome, 0});
    CHECK(example.project->labelHistory(example.ids[1]).size() == 2);
    CHECK(example.project->labelHistory(example.ids[1])[0].classId == example.proteasome);
    CHECK(example.project->undoLabels("test"));
    CHECK(example.project->labels(example.set.id) == Labels{example.ribosome, example.ribosome, 0});
    CHECK(example.project->redoLabels("test"));
    CHECK(example.project->storeClass(newClass("third", "t"), "test").key == "t");
    SQLite::Database kept((example.path / "project.layout-1.db").string());
    CHECK(kept.execAndGet("PRAGMA user_version").getInt() == 1);
    CHECK(kept.execAndGet("SELECT count(*) FROM labels").getInt() == 2);
    example.reopen();
    CHECK(example.project->classes().size() == 3);
}

TEST_CASE("particles, their columns are read one at a time and by tomogram") {
    ExampleProject example(3);
    Project& project = *example.project;
    CHECK(project.column(example.set.id, "rlnMagic") == std::vector<std::string>{"0", "1", "2"});
    CHECK(project.column(example.set.id, "rlnNote") == std::vector<std::string>{"", "", ""});
    CHECK_THROWS_WITH(project.column(example.set.id, "rlnNone"), contains("rlnMagic, rlnNote"));
    const ParticleTable table = project.particlesWithoutColumns(example.set.id);
    REQUIRE(table.particles.size() == 3);
    CHECK(table.particles[1].columns.empty());
    CHECK(table.columnNames.size() == 2);
    const auto places = project.particlesIn(example.set.id, "tomo");
    REQUIRE(places.size() == 3);
    CHECK(places[2].index == 2);
    CHECK(places[2].positionVoxels == Vec3{2, 2.5, 3});
    CHECK(places[2].tomogramFromParticle.w == Approx(table.particles[2].tomogramFromParticle.w));
    CHECK(places[2].tomogramFromParticle.z == Approx(table.particles[2].tomogramFromParticle.z));
    CHECK(project.particlesIn(example.set.id, "other").empty());
}

TEST_CASE("label agreement, counts, and kappa as by hand") {
    // Cohen's kappa of the table 20 5 / 10 15 is 0.4: observed 0.7, by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
    Labels first, second;
    const auto add = [&](std::int64_t a, std::int64_t b, int times) {
        first.insert(first.end(), std::size_t(times), a);
        second.insert(second.end(), std::size_t(times), b);
    };
    add(1, 1, 20);
    add(1, 2, 5);
    add(2, 1, 10);
    add(2, 2, 15);
    add(0, 1, 3);
    add(2, 0, 4);
    add(0, 0, 6);
    const LabelAgreement found = labelAgreement(first, second);
    CHECK(found.both == 50);
    CHECK(found.agreeing == 35);
    CHECK(found.onlyFirst == 4);
    CHECK(found.onlySecond == 3);
    CHECK(found.kappa == Approx(0.4));
    CHECK(found.pairs.at({2, 1}) == 10);
    CHECK(labelAgreement(Labels{1, 1}, Labels{1, 1}).kappa == 1);
    CHECK(labelAgreement(Labels{1, 0}, Labels{0, 1}).kappa == 0);
}

TEST_CASE("classes, labels by name make the classes that are missing, and one undo takes both back") {
    ExampleProject example(6);
    Project& project = *example.project;
    example.label(0, example.ribosome);
    const std::vector<Project::NamedLabels> groups{{"ribosome", {example.ids[1]}}, {"vault", {example.ids[2], example.ids[3]}}, {"spike", {example.ids[0]}}};
    CHECK(project.labelByName(groups, "test") != 0);
    REQUIRE(project.classes().size() == 4);
    const ClassRecord vault = named(project.classes(), "vault"), spike = named(project.classes(), "spike");
    CHECK(vault.colour != spike.colour);
    CHECK(project.labels(example.set.id) == Labels{spike.id, example.ribosome, vault.id, vault.id, 0, 0});
    REQUIRE(project.undoLabels("test"));
    CHECK(project.classes().size() == 2);
    CHECK(project.labels(example.set.id) == Labels{example.ribosome, 0, 0, 0, 0, 0});
    const auto again = project.redoLabels("test");
    REQUIRE(again);
    CHECK(again->classesChanged);
    CHECK(project.classes().size() == 4);
    CHECK(project.labels(example.set.id) == Labels{spike.id, example.ribosome, vault.id, vault.id, 0, 0});
    CHECK_THROWS_AS(project.labelByName(std::vector<Project::NamedLabels>{{"", {example.ids[0]}}}, "test"), Error);
}
