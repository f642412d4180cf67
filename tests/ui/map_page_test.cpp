// The Map page through the real window: making an embedding, click, lasso, keys, undo, groups, neighbours, hover.
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>
#include <QTreeWidget>
#include <QWheelEvent>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/seed.h"
#include "core/project/embedding.h"
#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/find_named.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/map_page.h"
#include "ui/panels/map_side.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr int kParticles = 60;

/// Three clouds far apart: particle i belongs to cloud i % 3, whose middle is at 120 degrees from the others.
Embedding madeEmbedding(const std::vector<std::int64_t>& ids) {
    Random random(4);
    Embedding embedding;
    embedding.particles = ids;
    embedding.components = 3;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const double angle = double(i % 3) * 2 * M_PI / 3;
        for (const double middle : {std::cos(angle), std::sin(angle), 0.0}) embedding.reduced.push_back(static_cast<float>(middle + 0.08 * random.normal()));
    }
    embedding.variances = {0.6f, 0.3f, 0.1f};
    embedding.metadata = {{"model", "random"}};
    return embedding;
}

/// Does what an embed run does, without a network.
class MadeEmbedJob : public Job {
  public:
    explicit MadeEmbedJob(std::filesystem::path folder) : run_(std::move(folder)) {}
    void run(JobContext&) override { make(); }
    void make() {
        const auto project = Project::open(run_.projectFolder());
        const Embedding embedding = madeEmbedding(project->particleIds(project->particleSet(run_.config().particleSet).id));
        writeEmbedding(run_.folder(), embedding, embedding.reduced);
        run_.writeResult(RunState::Done, {});
    }

  private:
    Run run_;
};

struct Opened {
    explicit Opened(const std::filesystem::path& folder)
        : window(test::makeParts([](const std::filesystem::path& run) { return std::make_unique<MadeEmbedJob>(run); })) {
        window.resize(1280, 800);
        window.show();
        window.activateWindow();
        REQUIRE(QTest::qWaitForWindowActive(&window));
        window.openProject(folder);
        REQUIRE(QTest::qWaitFor([this] { return window.project().set() != nullptr; }));
        window.showPage(MainWindow::Map);
        page = window.map();
    }
    template <typename Widget>
    Widget* find(const char* name) {
        return test::findNamed<Widget>(window, name);
    }
    void click(const char* name) { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }
    void waitForMap() {
        REQUIRE(QTest::qWaitFor([this] { return page->model().data() && page->idle() && window.idle(); }, 20000));
    }
    MapView* view() { return page->view(); }
    QPoint at(std::int64_t particle) { return view()->positionOf(particle).toPoint(); }
    void drag(const std::vector<QPointF>& line, Qt::KeyboardModifiers keys = {}) {
        QTest::mousePress(view(), Qt::LeftButton, keys, line.front().toPoint());
        for (const QPointF& point : line) QTest::mouseMove(view(), point.toPoint());
        QTest::mouseRelease(view(), Qt::LeftButton, keys, line.back().toPoint());
    }
    /// Around a cloud.
    void lasso(int cloud, Qt::KeyboardModifiers keys = {}) {
        QRectF box;
        for (int i = cloud; i < kParticles; i += 3) box |= QRectF(view()->positionOf(i) - QPointF(6, 6), QSizeF(12, 12));
        drag({box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft(), box.topLeft() + QPointF(0, 2)}, keys);
    }
    ProjectModel& project() { return window.project(); }
    MainWindow window;
    MapPage* page = nullptr;
};

/// With an embedding that is there already, shown as PCA.
struct WithMap : Opened {
    explicit WithMap(const std::filesystem::path& folder) : Opened(prepared(folder)) {
        waitForMap();
        click("mapPca");
        waitForMap();
    }
    static std::filesystem::path prepared(const std::filesystem::path& folder) {
        test::makeProject(folder, kParticles);
        const auto project = Project::open(folder);
        RunConfig config;
        config.kind = "embed";
        config.particleSet = "made";
        config.options = nlohmann::json::object();
        MadeEmbedJob(project->createRun(config).folder()).make();
        return folder;
    }
};

}  // namespace

TEST_CASE("map page, makes an embedding, shows PCA at once, then UMAP, and keeps it over a restart") {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = test::makeProject(folder / "p.tomoloupe", kParticles);
    {
        Opened opened(path);
        CHECK(opened.find<QLabel>("mapEmpty")->isVisible());
        CHECK(opened.find<QPushButton>("mapMake")->text().contains(QStringLiteral("random weights")));
        opened.click("mapMake");
        REQUIRE(QTest::qWaitFor([&] { return opened.page->model().data() != nullptr; }, 20000));
        CHECK(opened.view()->count() == kParticles);
        opened.waitForMap();
        REQUIRE(QTest::qWaitFor([&] { return opened.page->model().showsUmap(); }, 20000));
        CHECK(opened.view()->bottomCaption().contains(QStringLiteral("trustworthiness")));
        CHECK(opened.find<QComboBox>("mapEmbedding")->count() == 1);
    }
    Opened again(path);
    again.waitForMap();
    CHECK(again.page->model().showsUmap());
    CHECK_FALSE(again.page->model().mapping());
}

TEST_CASE("map page, a click chooses, a line selects, a key labels all of it and one undo takes it back") {
    const test::TemporaryFolder folder;
    WithMap map(folder / "p.tomoloupe");
    ProjectModel& project = map.project();
    QTest::mouseClick(map.view(), Qt::LeftButton, {}, map.at(40));
    CHECK(project.currentParticle() == 40);
    CHECK(project.selection().empty());

    map.lasso(1);
    REQUIRE(project.selection().size() == kParticles / 3);
    CHECK(project.selection().front() == 1);
    CHECK(project.selection()[1] == 4);
    map.lasso(2, Qt::ShiftModifier);
    CHECK(project.selection().size() == 2 * kParticles / 3);
    map.lasso(1, Qt::ControlModifier);
    CHECK(project.selection().size() == kParticles / 3);
    CHECK(project.selection().front() == 2);

    const std::int64_t before = project.labelled(), beta = project.contents().classes[1].id;
    QTest::keyClick(map.view(), Qt::Key_2);
    CHECK(project.labelsOf(beta) == kParticles / 3);
    CHECK(project.selection().empty());
    QTest::keyClick(map.view(), Qt::Key_Z, Qt::ControlModifier);
    CHECK(project.labelsOf(beta) == 0);
    CHECK(project.labelled() == before);
}

TEST_CASE("map page, the rectangle selects, the middle button and the tool Move pan, the wheel zooms, a double click centres") {
    const test::TemporaryFolder folder;
    WithMap map(folder / "p.tomoloupe");
    map.click("mapRectangle");
    map.drag({{1, 1}, {double(map.view()->width()) - 2, double(map.view()->height()) - 2}});
    CHECK(map.project().selection().size() == kParticles);
    const QPointF before = map.view()->positionOf(0);
    map.click("mapMove");
    map.drag({{200, 200}, {220, 230}, {250, 240}});
    CHECK((map.view()->positionOf(0) - before - QPointF(50, 40)).manhattanLength() < 1.5);
    CHECK(map.project().selection().size() == kParticles);
    const double scale = map.view()->transform().scale;
    const QPointF fixed(120, 90), place = map.view()->transform().toMap(fixed, map.view()->size());
    QWheelEvent wheel(fixed, map.view()->mapToGlobal(fixed), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(map.view(), &wheel);
    CHECK(map.view()->transform().scale > 1.1 * scale);
    CHECK((map.view()->transform().toScreen(place.x(), place.y(), map.view()->size()) - fixed).manhattanLength() < 0.5);
    map.click("mapFit");
    CHECK(map.view()->transform().scale == Approx(scale));
    REQUIRE(QTest::qWaitFor([&] { return map.view()->drawn(); }));
}

TEST_CASE("map page, what is chosen elsewhere is shown on the map") {
    const test::TemporaryFolder folder;
    WithMap map(folder / "p.tomoloupe");
    const QImage before = test::pixelsOf(*map.view());
    map.project().setSelection({3, 6, 9});
    REQUIRE(QTest::qWaitFor([&] { return map.view()->drawn(); }));
    const QImage selected = test::pixelsOf(*map.view());
    CHECK(selected != before);
    map.project().setCurrentParticle(17);
    CHECK(test::pixelsOf(*map.view()) != selected);
    map.window.showPage(MainWindow::Gallery);
    CHECK(map.project().selection() == std::vector<std::int64_t>{3, 6, 9});
    map.project().setSelection({});
    map.project().label(std::vector<std::int64_t>{30, 31, 32}, map.project().contents().classes[1].id);
    map.window.showPage(MainWindow::Map);
    REQUIRE(QTest::qWaitFor([&] { return map.view()->drawn(); }));
    CHECK(map.find<QTreeWidget>("mapLegend")->topLevelItemCount() == 3);  // alpha, beta, no label
}

TEST_CASE("map page, colours by class, tomogram and score, and a row of the legend selects") {
    const test::TemporaryFolder folder;
    WithMap map(folder / "p.tomoloupe");
    auto* legend = map.find<QTreeWidget>("mapLegend");
    REQUIRE(legend->topLevelItemCount() == 2);  // alpha, no label
    CHECK(legend->topLevelItem(0)->text(0) == QStringLiteral("alpha"));
    CHECK(legend->topLevelItem(0)->text(1) == QStringLiteral("30"));
    QTest::mouseClick(legend->viewport(), Qt::LeftButton, {}, legend->visualItemRect(legend->topLevelItem(1)).center());
    CHECK(map.project().selection().size() == kParticles / 2);
    CHECK(map.project().selection().front() == kParticles / 2);

    auto* colour = map.find<QComboBox>("mapColour");
    const auto choose = [&](const char* text) {
        colour->setCurrentText(QString::fromLatin1(text));
        Q_EMIT colour->activated(colour->currentIndex());
        CHECK(QTest::qWaitFor([&] { return map.window.idle(); }));
    };
    choose("Tomogram");
    REQUIRE(legend->topLevelItemCount() == 1);
    CHECK(legend->topLevelItem(0)->text(0) == QStringLiteral("made"));
    choose("Score");
    CHECK(map.find<QWidget>("mapColourBar")->isVisible());
    choose("Prediction");
    CHECK(map.find<QLabel>("mapColourNote")->text().contains(QStringLiteral("Nothing was predicted")));
}

TEST_CASE("map page, groups become classes in one step") {
    const test::TemporaryFolder folder;
    WithMap map(folder / "p.tomoloupe");
    ProjectModel& project = map.project();
    map.find<QSpinBox>("mapGroupNumber")->setValue(3);
    map.click("mapGroupFind");
    REQUIRE(QTest::qWaitFor([&] { return map.page->groups().count() == 3; }, 20000));
    auto* legend = map.find<QTreeWidget>("mapLegend");
    REQUIRE(legend->topLevelItemCount() == 3);
    QTest::mouseClick(legend->viewport(), Qt::LeftButton, {}, legend->visualItemRect(legend->topLevelItem(1)).center());
    CHECK(project.selection().size() == kParticles / 3);
    const std::int64_t cloud = project.selection().front() % 3;
    for (const std::int64_t particle : project.selection()) CHECK(particle % 3 == cloud);

    const std::size_t classes = project.contents().classes.size();
    auto* name = map.find<QLineEdit>("mapGroupName");
    QTest::mouseClick(name, Qt::LeftButton);
    QTest::keyClicks(name, QStringLiteral("gamma"));
    QTest::keyClick(name, Qt::Key_Return);
    REQUIRE(project.contents().classes.size() == classes + 1);
    const ClassRecord gamma = project.contents().classes.back();
    CHECK(gamma.name == "gamma");
    CHECK(project.labelsOf(gamma.id) == kParticles / 6);  // the other half has labels of a person
    CHECK(project.labelled() == kParticles / 2 + kParticles / 6);
    QTest::keyClick(map.view(), Qt::Key_Z, Qt::ControlModifier);
    CHECK(project.contents().classes.size() == classes);
    CHECK(project.labelled() == kParticles / 2);

    map.click("mapGroupLabelAll");
    CHECK(project.labelled() == kParticles);
    CHECK(project.contents().classes.size() == classes + 3);
    QTest::keyClick(map.view(), Qt::Key_Z, Qt::ControlModifier);
    CHECK(project.labelled() == kParticles / 2);
    CHECK(project.contents().classes.size() == classes);
}

TEST_CASE("map page, HDBSCAN finds the clouds too") {
    const test::TemporaryFolder folder;
    WithMap map(folder / "p.tomoloupe");
    auto* method = map.find<QComboBox>("mapGroupMethod");
    method->setCurrentIndex(1);
    Q_EMIT method->activated(1);
    map.find<QSpinBox>("mapGroupMinimum")->setValue(10);
    map.click("mapGroupFind");
    REQUIRE(QTest::qWaitFor([&] { return map.page->groups().groups() != nullptr; }, 20000));
    CHECK(map.page->groups().count() == 3);
}

TEST_CASE("map page, neighbours of a particle are selected, and what the pointer rests on is shown") {
    const test::TemporaryFolder folder;
    WithMap map(folder / "p.tomoloupe");
    map.project().setCurrentParticle(5);
    map.find<QSpinBox>("mapNeighbourCount")->setValue(8);
    QTest::keyClick(map.view(), Qt::Key_N);
    REQUIRE(QTest::qWaitFor([&] { return map.project().selection().size() == 9; }));
    for (const std::int64_t particle : map.project().selection()) CHECK(particle % 3 == 5 % 3);

    QTest::mouseMove(map.view(), map.at(7) + QPoint(60, 60));
    QTest::mouseMove(map.view(), map.at(7));
    CHECK(QTest::qWaitFor([&] {
        const auto* hover = map.window.findChild<QWidget*>(QStringLiteral("tileHover"));
        return hover && hover->isVisible();
    }));
    map.window.showPage(MainWindow::Gallery);
    CHECK_FALSE(map.window.findChild<QWidget*>(QStringLiteral("tileHover"))->isVisible());
}
