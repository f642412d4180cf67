#include <QSignalSpy>
#include <QTest>
#include <nlohmann/json.hpp>

#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
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
    const std::int64_t beta = *opened.project.classForKey('2');
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
    CHECK(opened.project.className(*opened.project.classForKey('1')) == QStringLiteral("alpha"));
    CHECK(opened.project.className(*opened.project.classForKey('0')) == QStringLiteral("background"));
    CHECK_FALSE(opened.project.classForKey('3'));
    CHECK(opened.project.classKey(*opened.project.classForKey('2')) == '2');
}

TEST_CASE("particle model, lists the set, follows labels, and filters") {
    Opened opened;
    ParticleModel model(opened.project);
    CHECK(model.rowCount() == 12);
    CHECK(model.data(model.index(0, ParticleModel::Label), Qt::DisplayRole).toString() == QStringLiteral("alpha"));
    CHECK(model.data(model.index(3, ParticleModel::Position), Qt::DisplayRole).toString() ==
          QStringLiteral("14.0, 15.0, 10.0"));
    model.setFilter(ParticleFilter::Unlabelled);
    CHECK(model.rowCount() == 6);
    CHECK(model.particleAt(0) == 6);
    CHECK(model.rowOf(8) == 2);
    CHECK(model.rowOf(1) == -1);
    opened.project.label(6, opened.project.classForKey('2'));
    CHECK(model.rowCount() == 6);  // stays in sight until the filter is chosen anew
    CHECK(model.data(model.index(0, ParticleModel::Label), Qt::DisplayRole).toString() == QStringLiteral("beta"));
    model.setFilter(ParticleFilter::Unlabelled);
    CHECK(model.rowCount() == 5);
}

TEST_CASE("predictions, columns find their classes and the newest run counts") {
    Opened opened;
    const std::int64_t alpha = *opened.project.classForKey('1'), beta = *opened.project.classForKey('2');
    const auto project = opened.project.project();
    RunConfig config;
    config.kind = "predict";
    config.particleSet = "made";
    config.options = nlohmann::json::object();
    const Run run = project->createRun(config);
    std::vector<Prediction> predictions;
    for (const Particle& particle : opened.project.set()->table.particles) {
        // The model's columns stand in another order than the project's classes: beta first.
        predictions.push_back({particle.id, particle.id % 2 == 0 ? beta : alpha,
                               particle.id % 2 == 0 ? std::vector{0.9f, 0.1f} : std::vector{0.2f, 0.8f}});
    }
    project->storePredictions(run.id(), opened.project.set()->record.id, predictions);
    const auto set = readSet(*project, "made");
    CHECK(set->predictions.runId == run.id());
    CHECK(set->predictions.classIds == std::vector{beta, alpha});
    REQUIRE(set->predictions.byParticle[0]);
    CHECK(set->predictions.byParticle[0]->particleId == set->table.particles[0].id);
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
    CHECK(
        runs.data(runs.index(row, RunsModel::State), Qt::DisplayRole).toString().startsWith(QStringLiteral("running")));
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
    QObject::connect(&tomogram, &TomogramModel::surfaceArrived, &tomogram, [&](const Volume& v, int) { surface = v; });
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
