#include <QSignalSpy>
#include <QTest>
#include <nlohmann/json.hpp>

#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/models/class_keys.h"
#include "ui/models/particle_model.h"
#include "ui/models/runs_model.h"
#include "ui/models/tomogram_model.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// A project model with everything it needs, open on a made project.
struct Opened {
    explicit Opened(int count = 12) {
        test::makeProject(folder / "made.tomoloupe", count);
        project.open(folder / "made.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return project.set() != nullptr; }));
    }
    test::TemporaryFolder folder;
    IoQueue io{makeThreadRunner()};
    ProjectModel project{io};
};

}  // namespace

TEST_CASE("project model, opens a project and chooses its first set, particle and tomogram") {
    Opened opened;
    CHECK(opened.project.contents().sets.size() == 1);
    CHECK(opened.project.set()->record.count == 12);
    CHECK(opened.project.currentParticle() == 0);
    REQUIRE(opened.project.currentTomogram());
    CHECK(opened.project.currentTomogram()->name == "made");
    CHECK(opened.project.contents().labelCount == 6);
}

TEST_CASE("project model, says why a folder is no project") {
    test::TemporaryFolder folder;
    IoQueue io(makeThreadRunner());
    ProjectModel project(io);
    QSignalSpy failed(&project, &ProjectModel::failed);
    project.open(folder / "nothing.tomoloupe");
    CHECK(QTest::qWaitFor([&] { return failed.count() > 0; }));
    CHECK_FALSE(failed[0][0].toString().isEmpty());
    CHECK_FALSE(project.isOpen());
}

TEST_CASE("project model, a label is in the project when the call returns, undo and redo walk back and forth") {
    Opened opened;
    const std::int64_t beta = *opened.project.classForKey(QChar('2'));
    const std::int64_t set = opened.project.set()->record.id;
    CHECK(opened.project.className(beta) == QStringLiteral("beta"));
    REQUIRE(opened.project.label(7, beta));
    const auto other = Project::open(opened.folder / "made.tomoloupe");
    CHECK(other->labels(set)[7] == beta);
    CHECK(opened.project.labelOf(7) == beta);
    REQUIRE(opened.project.undoLabels());
    CHECK(other->labels(set)[7] == 0);
    CHECK(opened.project.labelOf(7) == 0);
    REQUIRE(opened.project.redoLabels());
    CHECK(other->labels(set)[7] == beta);
}

TEST_CASE("project model, keys follow the classes and 0 is background") {
    Opened opened;
    opened.project.project()->addClass("background");
    QSignalSpy changed(&opened.project, &ProjectModel::contentsChanged);
    opened.project.refresh();
    REQUIRE(QTest::qWaitFor([&] { return changed.count() > 0; }));
    CHECK(opened.project.className(*opened.project.classForKey(QChar('1'))) == QStringLiteral("alpha"));
    CHECK(opened.project.className(*opened.project.classForKey(QChar('0'))) == QStringLiteral("background"));
    CHECK_FALSE(opened.project.classForKey(QChar('3')));
    CHECK(opened.project.classKey(*opened.project.classForKey(QChar('2'))) == QChar('2'));
}

TEST_CASE("project model, many labels are one step, counted as they come, and undo goes to the first") {
    Opened opened;
    ProjectModel& project = opened.project;
    const std::int64_t alpha = *project.classForKey(QChar('1')), beta = *project.classForKey(QChar('2'));
    CHECK(project.labelsOf(alpha) == 6);
    QSignalSpy labels(&project, &ProjectModel::labelsChanged);
    REQUIRE(project.label(std::vector<std::int64_t>{4, 8, 9}, beta));
    CHECK(labels[0][0].value<std::vector<std::int64_t>>() == std::vector<std::int64_t>{4, 8, 9});
    CHECK(project.labelsOf(alpha) == 5);
    CHECK(project.labelsOf(beta) == 3);
    CHECK(project.labelled() == 8);
    CHECK(project.contents().labelCount == 8);
    project.setCurrentParticle(11);
    REQUIRE(project.undoLabels());
    CHECK(project.currentParticle() == 4);
    CHECK(project.labelsOf(alpha) == 6);
    CHECK(project.labelled() == 6);
    CHECK_FALSE(project.label(std::vector<std::int64_t>{4, 99}, beta));
}

TEST_CASE("project model, junk and unsure are made at first use and taken back by undo") {
    Opened opened;
    ProjectModel& project = opened.project;
    CHECK_FALSE(project.classForKey(QChar('j')));
    const auto junk = project.markClass(ClassRole::Junk);
    REQUIRE(junk);
    CHECK(project.classForKey(QChar('J')) == junk);
    CHECK(project.markClass(ClassRole::Junk) == junk);
    const auto unsure = project.markClass(ClassRole::Unsure);
    CHECK(project.className(*unsure) == QStringLiteral("unsure"));
    REQUIRE(project.undoLabels());
    CHECK_FALSE(project.classForKey(QChar('u')));
    CHECK(project.contents().classes.size() == 3);
}

TEST_CASE("project model, a class can be removed with its labels, and a label set be changed") {
    Opened opened;
    ProjectModel& project = opened.project;
    const std::int64_t alpha = *project.classForKey(QChar('1'));
    REQUIRE(project.removeClass(alpha));
    CHECK(project.labelled() == 0);
    CHECK(project.className(alpha).isEmpty());
    REQUIRE(project.undoLabels());
    CHECK(project.labelsOf(alpha) == 6);
    REQUIRE(project.useLabelSet(QStringLiteral("again")));
    CHECK(project.labelled() == 0);
    CHECK(project.contents().labelSets.size() == 2);
    REQUIRE(project.label(3, alpha));
    REQUIRE(project.useLabelSet(QStringLiteral("labels")));
    CHECK(project.labelled() == 6);
    REQUIRE(project.undoLabels());
    CHECK(project.contents().labelSets[1].current);
    CHECK(project.labelled() == 0);
    QSignalSpy failed(&project, &ProjectModel::failed);
    ClassRecord taken = project.contents().classes.front();
    taken.name = "beta";
    CHECK_FALSE(project.storeClass(taken));
    CHECK(failed.count() == 1);
}

TEST_CASE("project model, what is labelled while the set is read again stays, and so does the current particle") {
    Opened opened;
    ProjectModel& project = opened.project;
    const std::int64_t beta = *project.classForKey(QChar('2'));
    QSignalSpy read(&project, &ProjectModel::setChanged);
    project.refresh();
    project.setCurrentParticle(9);
    project.setSelection({2, 3});
    REQUIRE(project.label(8, beta));
    REQUIRE(QTest::qWaitFor([&] { return read.count() > 0; }));
    CHECK(project.labelOf(8) == beta);
    CHECK(project.currentParticle() == 9);
    CHECK(project.selection().size() == 2);
}

TEST_CASE("project model, picks belong to the current tomogram and become a set; undo goes through picks and labels") {
    Opened opened;
    ProjectModel& project = opened.project;
    const auto first = project.addPick({1, 2, 3});
    REQUIRE(first);
    REQUIRE(project.addPick({4, 5, 6}));
    REQUIRE(project.movePick(*first, {1, 2, 9}));
    CHECK(project.picks()[0].positionVoxels == Vec3{1, 2, 9});
    REQUIRE(project.undoLabels());
    CHECK(project.picks()[0].positionVoxels == Vec3{1, 2, 3});
    REQUIRE(project.removePick(*first));
    CHECK(project.pickCount() == 1);
    CHECK_FALSE(project.movePick(*first, {0, 0, 0}));
    REQUIRE(project.makeSetOfPicks(QStringLiteral("mine")));
    CHECK(project.picks().empty());
    REQUIRE(QTest::qWaitFor([&] { return project.set()->record.name == "mine"; }));
    CHECK(project.set()->record.count == 1);
    CHECK_FALSE(project.makeSetOfPicks(QStringLiteral("more")));
    project.setCurrentSet(QStringLiteral("made"));
    REQUIRE(QTest::qWaitFor([&] { return project.set()->record.name == "made"; }));
    REQUIRE(project.pickAgain());
    CHECK(project.pickCount() == 12);
    REQUIRE(project.undoLabels());
    CHECK(project.pickCount() == 0);
}

TEST_CASE("class keys, own keys come first, then digits, then letters without j and u") {
    std::vector<ClassRecord> classes(14);
    for (std::size_t i = 0; i < classes.size(); ++i) {
        classes[i].id = static_cast<std::int64_t>(i) + 1;
        classes[i].name = "class " + std::to_string(i + 1);
    }
    classes[2].key = "1";
    classes[13].role = ClassRole::Junk;
    const auto keys = classKeys(classes);
    CHECK(keys.at(QChar('1')) == 3);
    CHECK(keys.at(QChar('2')) == 1);
    CHECK(keys.at(QChar('0')) == 10);
    CHECK(keys.at(QChar('a')) == 11);
    CHECK(keys.at(QChar('b')) == 12);
    CHECK(keys.at(QChar('j')) == 14);
    classes[5].name = "Background";
    CHECK(classKeys(classes).at(QChar('0')) == 6);
}

TEST_CASE("particle model, lists the set, follows labels, and asks anew when told") {
    Opened opened;
    ParticleModel model(opened.project, opened.io);
    CHECK(model.rowCount() == 12);
    CHECK(model.data(model.index(0, ParticleModel::Label), Qt::DisplayRole).toString() == QStringLiteral("alpha"));
    CHECK(model.data(model.index(3, ParticleModel::Position), Qt::DisplayRole).toString() ==
          QStringLiteral("14.0, 15.0, 10.0"));
    ParticleQuery unlabelled;
    unlabelled.state = LabelState::Unlabelled;
    unlabelled.descending = true;
    const auto asked = [&](const ParticleQuery& query) {
        model.ask(query);
        return QTest::qWaitFor([&] { return !model.busy(); });
    };
    REQUIRE(asked(unlabelled));
    CHECK(model.rowCount() == 6);
    CHECK(model.particleAt(0) == 11);
    CHECK(model.rowOf(8) == 3);
    CHECK(model.rowOf(1) == -1);
    CHECK_FALSE(model.stale());
    opened.project.label(11, opened.project.classForKey(QChar('2')));
    CHECK(model.rowCount() == 6);  // stays in sight until the list is asked for anew
    CHECK(model.stale());
    CHECK(model.data(model.index(0, ParticleModel::Label), Qt::DisplayRole).toString() == QStringLiteral("beta"));
    CHECK(model.nextToLabel(0) == 1);
    CHECK(model.nextToLabel(5) == 1);  // from the top again
    REQUIRE(asked(unlabelled));
    CHECK(model.rowCount() == 5);
    ParticleQuery column;
    column.sort = SortKey::Column;
    column.sortColumn = "none";
    QSignalSpy failed(&model, &ParticleModel::failed);
    REQUIRE(asked(column));
    CHECK(failed.count() == 1);
    CHECK(model.rowCount() == 5);
    REQUIRE(asked({}));
    CHECK(model.rowCount() == 12);
}

TEST_CASE("predictions, columns find their classes and the newest run counts") {
    Opened opened;
    const std::int64_t alpha = *opened.project.classForKey(QChar('1')), beta = *opened.project.classForKey(QChar('2'));
    const auto project = opened.project.project();
    RunConfig config;
    config.kind = "predict";
    config.particleSet = "made";
    config.options = nlohmann::json::object();
    const Run run = project->createRun(config);
    std::vector<Prediction> predictions;
    for (const Particle& particle : opened.project.set()->particles()) {
        // The model's columns stand in another order than the project's classes: beta first.
        predictions.push_back({particle.id, particle.id % 2 == 0 ? beta : alpha,
                               particle.id % 2 == 0 ? std::vector{0.9f, 0.1f} : std::vector{0.2f, 0.8f}});
    }
    project->storePredictions(run.id(), opened.project.set()->record.id, predictions);
    const auto set = readSet(*project, "made");
    CHECK(set->predictions.runId == run.id());
    CHECK(set->predictions.classIds == std::vector{beta, alpha});
    CHECK(set->predictions.best[0] == (set->particles()[0].id % 2 == 0 ? beta : alpha));
    CHECK(set->predictions.probabilities[0] == (set->particles()[0].id % 2 == 0 ? 0.9f : 0.2f));
}

TEST_CASE("run launcher, makes a run and its job, and the runs table follows") {
    Opened opened;
    JobController jobs(makeThreadRunner());
    std::filesystem::path asked;
    RunLauncher launcher(opened.project, jobs, [&](const std::filesystem::path& folder) {
        asked = folder;
        return std::make_unique<test::BusyJob>(-1);
    });
    RunsModel runs(opened.project, jobs);
    RunConfig config;
    config.kind = "pretrain";
    config.title = "moco";
    config.particleSet = "made";
    config.options = nlohmann::json::object();
    const QString id = launcher.start(config);
    REQUIRE_FALSE(id.isEmpty());
    CHECK(QTest::qWaitFor([&] { return runs.rowOf(id) >= 0; }));
    const int row = runs.rowOf(id);
    CHECK(runs.data(runs.index(row, RunsModel::What), Qt::DisplayRole).toString() ==
          QStringLiteral("Pre-train · moco"));
    CHECK(QTest::qWaitFor(
        [&] { return runs.data(runs.index(row, RunsModel::State), Qt::DisplayRole).toString().startsWith(QStringLiteral("running")); }));
    CHECK_FALSE(runs.resumable(row));
    jobs.request(jobs.active().front(), StopWish::Finish);
    CHECK(QTest::qWaitFor([&] { return jobs.active().empty(); }));
    CHECK(asked == runs.rowAt(row)->run.folder());
}

TEST_CASE("tomogram model, reads slices and a bounded surface") {
    Opened opened;
    TomogramModel tomogram(std::make_shared<const ReaderRegistry>(builtInReaders()), opened.io);
    QSignalSpy ready(&tomogram, &TomogramModel::opened), failed(&tomogram, &TomogramModel::failed);
    Volume slice, surface;
    QObject::connect(&tomogram, &TomogramModel::sliceArrived, &tomogram,
                     [&](Plane, std::int64_t, const Volume& v) { slice = v; });
    QObject::connect(&tomogram, &TomogramModel::surfaceArrived, &tomogram, [&](const Volume& v) { surface = v; });
    tomogram.open(opened.folder / "made.mrc");
    REQUIRE(QTest::qWaitFor([&] { return ready.count() > 0; }));
    CHECK(tomogram.info().shape == Index3{40, 30, 20});
    tomogram.requestSlice(Plane::XZ, 7);
    tomogram.requestSurface({20, 15, 10});
    REQUIRE(QTest::qWaitFor([&] { return !slice.empty() && !surface.empty(); }));
    CHECK(slice.shape() == Index3{40, 20, 1});
    CHECK(slice.at(3, 2, 0) == 20703);
    CHECK(surface.shape() == Index3{40, 30, 20});
    tomogram.open(opened.folder / "none.mrc");
    CHECK(QTest::qWaitFor([&] { return failed.count() > 0; }));
}
