#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>

#include "core/io/mrc_writer.h"
#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/gallery_page.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/shell/screenshot.h"
#include "ui/views/tile_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

RunConfig configOf(const std::string& kind, const std::string& title) {
    RunConfig config;
    config.kind = kind;
    config.title = title;
    return config;
}

/// The real window on a made project.
struct Window {
    explicit Window(RunLauncher::MakeJob makeJob = {}) : window(test::makeParts(std::move(makeJob))) {
        test::makeProject(folder / "made.tomoloupe");
        window.resize(1280, 800);
        window.show();
        window.openProject(folder / "made.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return window.project().set() != nullptr && window.io().idle(); }));
    }
    template <typename Widget>
    Widget* find(const char* name) {
        auto* widget = window.findChild<Widget*>(QString::fromLatin1(name));
        REQUIRE(widget);
        return widget;
    }
    test::TemporaryFolder folder;
    MainWindow window;
};

}  // namespace

TEST_CASE("window, starts empty with the ways in") {
    MainWindow window(test::makeParts());
    window.show();
    CHECK(window.findChild<QPushButton*>(QStringLiteral("startDemo")));
    CHECK(QTest::qWaitForWindowExposed(&window));
    window.openProject("/nowhere/at/all.tomoloupe");
    auto* message = window.findChild<QLabel*>(QStringLiteral("startMessage"));
    CHECK(QTest::qWaitFor(
        [&] { return window.io().idle() && !message->text().isEmpty() && !message->text().startsWith("Opening"); }));
}

TEST_CASE("window, opens a project and shows every page") {
    Window opened;
    CHECK(opened.find<QLabel>("projectName")->text() == QStringLiteral("made.tomoloupe"));
    for (const auto page : {MainWindow::Tomogram, MainWindow::Gallery, MainWindow::Train, MainWindow::Explain}) {
        opened.window.showPage(page);
        CHECK(QTest::qWaitFor([&] { return opened.window.io().idle(); }));
        CHECK(test::pixelsOf(opened.window).size() == QSize(1280, 800));
    }
    CHECK(opened.find<QLabel>("storedText")->text() == QStringLiteral("All changes stored · 6 labels"));
}

TEST_CASE("window, a key labels the particle, stores it and goes on; ctrl z takes it back") {
    Window opened;
    opened.window.showPage(MainWindow::Gallery);
    opened.window.activateWindow();
    TileView* tiles = opened.window.gallery()->tiles();
    tiles->setFocus();
    opened.window.project().setCurrentParticle(8);
    const std::int64_t set = opened.window.project().set()->record.id;
    const auto other = Project::open(opened.folder / "made.tomoloupe");
    QTest::keyClick(tiles, Qt::Key_2);
    const auto labels = other->labels(set);
    CHECK(opened.window.project().className(labels[8]) == QStringLiteral("beta"));
    CHECK(opened.window.project().currentParticle() == 9);
    QTest::keyClick(tiles, Qt::Key_1);
    CHECK(opened.window.project().className(other->labels(set)[9]) == QStringLiteral("alpha"));
    opened.find<QAction>("actionUndo")->trigger();
    CHECK(other->labels(set)[9] == 0);
    CHECK(opened.window.project().className(other->labels(set)[8]) == QStringLiteral("beta"));
    opened.find<QAction>("actionRedo")->trigger();
    CHECK(opened.window.project().className(other->labels(set)[9]) == QStringLiteral("alpha"));
    QTest::keyClick(tiles, Qt::Key_7);  // no such class
    CHECK(opened.window.project().currentParticle() == 9);
}

TEST_CASE("window, a click in a slice moves the crosshair and the other slices follow") {
    Window opened;
    opened.window.showPage(MainWindow::Tomogram);
    auto* views = opened.find<OrthogonalViews>("tomogramViews");
    CHECK(QTest::qWaitFor([&] { return opened.window.io().idle(); }));
    SliceView* xy = views->view(Plane::XY);
    views->setPosition({20, 15, 4});
    QTest::mouseClick(xy, Qt::LeftButton, {}, xy->positionOf({25, 9}).toPoint());
    CHECK(views->position() == Vec3{25, 9, 4});
    CHECK(QTest::qWaitFor([&] { return opened.window.io().idle(); }));
    views->setPosition({-5, 100, 300});
    CHECK(views->position() == Vec3{0, 29, 19});
}

TEST_CASE("window, a run is started from the form and stopped from the job bar") {
    Window opened([](const std::filesystem::path&) { return std::make_unique<test::BusyJob>(-1); });
    opened.window.showPage(MainWindow::Train);
    opened.find<QPushButton>("pretrainButton")->click();
    auto* epochs = opened.find<QLineEdit>("pretrainSchedule.epochs");
    auto* start = opened.find<QPushButton>("startPretrain");
    opened.find<QPushButton>("pretrainStep4")->click();
    REQUIRE(QTest::qWaitFor([&] { return opened.window.findChild<QPushButton*>(QStringLiteral("pretrainScheduleFindings.fix.batch-size")) != nullptr; }));
    CHECK_FALSE(start->isEnabled());  // 12 particles, and a batch of 16
    opened.find<QPushButton>("pretrainScheduleFindings.fix.batch-size")->click();
    CHECK(QTest::qWaitFor([&] { return start->isEnabled(); }));
    epochs->setFocus();
    epochs->selectAll();
    QTest::keyClicks(epochs, QStringLiteral("0"));
    CHECK_FALSE(start->isEnabled());
    epochs->selectAll();
    QTest::keyClicks(epochs, QStringLiteral("5"));
    REQUIRE(QTest::qWaitFor([&] { return start->isEnabled(); }));
    start->click();
    REQUIRE(opened.window.jobs().active().size() == 1);
    auto* table = opened.find<QTableView>("runsTable");
    CHECK(QTest::qWaitFor([&] { return table->model()->rowCount() == 1; }));
    const auto project = Project::open(opened.folder / "made.tomoloupe");
    const RunConfig config = project->runs().front().config();
    CHECK(config.kind == "pretrain");
    CHECK(config.particleSet == "made");
    CHECK(config.options["epochs"] == 5);
    auto* finish = opened.find<QPushButton>("jobFinish");
    CHECK(finish->isVisible());
    finish->click();
    CHECK(QTest::qWaitFor([&] { return opened.window.jobs().active().empty(); }));
    CHECK_FALSE(finish->isVisible());
}

TEST_CASE("window, fine-tuning wants labels of two classes") {
    Window opened;
    opened.window.showPage(MainWindow::Train);
    opened.find<QPushButton>("finetuneButton")->click();
    auto* start = opened.find<QPushButton>("startFinetune");
    CHECK(QTest::qWaitFor([&] { return opened.window.idle(); }));
    CHECK_FALSE(start->isEnabled());
    std::vector<IndexedLabel> labels;
    for (const int particle : {7, 8, 9}) labels.push_back({particle, opened.window.project().classForKey(QChar('2'))});
    opened.window.project().label(labels);
    CHECK(QTest::qWaitFor([&] { return start->isEnabled(); }));
}

TEST_CASE("window, saves a picture of its size") {
    Window opened;
    const QString path = QString::fromStdString((opened.folder / "window.png").string());
    QString problem = QStringLiteral("not yet");
    saveScreenshot(opened.window, path, [&](const QString& sentence) { problem = sentence; });
    CHECK(QTest::qWaitFor([&] { return problem != QStringLiteral("not yet"); }, 20000));
    CHECK(problem.isEmpty());
    CHECK(QImage(path).size() == QSize(1280, 800));
}

TEST_CASE("window, a folder of subtomograms becomes a set in the background") {
    test::TemporaryFolder folder;
    for (const char* name : {"one", "two"}) {
        std::filesystem::create_directories(folder / "crops" / name);
        for (const char* file : {"a.mrc", "b.mrc"}) writeMrc(folder / "crops" / name / file, test::ramp({8, 8, 8}));
    }
    static_cast<void>(Project::create(folder / "p.tomoloupe"));
    MainWindow window(test::makeParts());
    window.show();
    window.openProject(folder / "p.tomoloupe");
    REQUIRE(QTest::qWaitFor([&] { return window.project().isOpen() && window.io().idle(); }));
    CHECK(window.findChild<QPushButton*>(QStringLiteral("importButton"))->isVisible());
    window.importFolder(folder / "crops");
    REQUIRE(QTest::qWaitFor([&] { return window.project().set() != nullptr; }));
    CHECK(window.project().set()->record.name == "crops");
    CHECK(window.project().set()->record.count == 4);
    CHECK(window.project().className(window.project().labelOf(3)) == QStringLiteral("two"));
}

TEST_CASE("window, can be closed while a job runs") {
    Window opened([](const std::filesystem::path&) { return std::make_unique<test::BusyJob>(-1); });
    opened.window.showPage(MainWindow::Train);
    opened.window.launcher().start(configOf("pretrain", "moco"));
    CHECK(opened.window.jobs().active().size() == 1);
    opened.window.close();
    CHECK(opened.window.isVisible());  // until what runs has finished
    CHECK(QTest::qWaitFor([&] { return !opened.window.isVisible(); }));
    CHECK(opened.window.jobs().active().empty());
}
