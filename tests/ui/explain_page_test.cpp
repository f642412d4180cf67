#include "ui/panels/explain_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

#include "core/jobs/lane_runner.h"
#include "tests/support/support.h"
#include "tests/ui/find_named.h"
#include "tests/ui/judged_project.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/explain_pane.h"
#include "ui/panels/explain_panel.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/views/surface_view.h"
#include "ui/views/vtk_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// The real window on explanations of a made project: two models, the first one's map of particle 2 is there.
struct Explained {
    explicit Explained(RunLauncher::MakeJob makeJob = {}) : window(test::makeParts(std::move(makeJob))) {
        test::makeProject(folder / "made.tomoloupe");
        const auto project = Project::open(folder / "made.tomoloupe");
        first = test::addFinetuning(*project);
        second = test::addFinetuning(*project, {first});
        map = test::addExplanation(*project, first, 2);
        window.resize(1280, 800);
        window.choosePage(MainWindow::Explain);
        window.show();
        window.openProject(folder / "made.tomoloupe");
        settle([this] { return window.project().set() != nullptr; });
        page = window.findChild<ExplainPage*>();
        REQUIRE(page);
        window.project().setCurrentParticle(2);
        settle();
    }
    void settle(const std::function<bool()>& reached = [] { return true; }) {
        REQUIRE(QTest::qWaitFor([&] { return reached() && window.idle(); }, 20000));
    }
    template <typename Widget>
    Widget* find(const char* name) {
        return test::findNamed<Widget>(window, name);
    }
    test::TemporaryFolder folder;
    std::string first, second, map;
    MainWindow window;
    ExplainPage* page = nullptr;
};

}  // namespace

TEST_CASE("explain, a map that is there is shown with its figures at once") {
    Explained opened;
    CHECK(opened.find<QComboBox>("explainModel")->currentData().toString().toStdString() == opened.first);
    CHECK(opened.find<QLabel>("explainFirstFigures")->toolTip().contains(QStringLiteral("on target 0.63")));
    CHECK(opened.page->pane(0)->heat().shape() == Index3{16, 16, 16});
    CHECK_FALSE(opened.find<QPushButton>("explainStart")->isEnabled());
    opened.find<QSpinBox>("explainParticle")->setValue(3);
    opened.settle();
    CHECK(opened.window.project().currentParticle() == 3);
    CHECK(opened.page->pane(0)->heat().empty());
    CHECK(opened.find<QPushButton>("explainStart")->isEnabled());
}

TEST_CASE("explain, two models beside each other have one crosshair, one scale and one camera") {
    Explained opened;
    CHECK_FALSE(opened.page->pane(1)->isVisible());
    opened.find<QCheckBox>("explainCompare")->click();
    opened.settle();
    REQUIRE(opened.page->pane(1)->isVisible());
    // The other model begins as the one of another start.
    CHECK(opened.find<QComboBox>("explainSecondModel")->currentData().toString().toStdString() == opened.second);
    OrthogonalViews *left = opened.page->pane(0)->views(), *right = opened.page->pane(1)->views();
    SliceView* xy = left->view(Plane::XY);
    QTest::mouseClick(xy, Qt::LeftButton, {}, xy->positionOf({4, 9}).toPoint());
    CHECK(left->position() == Vec3{4, 9, 8});
    CHECK(right->position() == left->position());
    right->setPosition({1, 2, 3});
    CHECK(left->position() == Vec3{1, 2, 3});
    Q_EMIT right->view(Plane::XZ)->zoomed(2.0, QPointF(8, 8));
    CHECK(left->look() == right->look());
    auto* turned = left->surface()->findChild<VtkView*>();
    REQUIRE(turned);
    const QImage before = test::pixelsOf(*right->surface());
    QTest::mousePress(turned, Qt::LeftButton, {}, turned->rect().center());
    QTest::mouseMove(turned, turned->rect().center() + QPoint(60, 25));
    QTest::mouseRelease(turned, Qt::LeftButton, {}, turned->rect().center() + QPoint(60, 25));
    CHECK(test::pixelsOf(*right->surface()) != before);
}

TEST_CASE("explain, one button makes the maps of both models that are missing") {
    Explained opened;
    opened.find<QCheckBox>("explainCompare")->click();
    opened.window.project().setCurrentParticle(5);
    opened.settle();
    auto* start = opened.find<QPushButton>("explainStart");
    CHECK(start->text() == QStringLiteral("Explain with both models"));
    QTest::mouseClick(start, Qt::LeftButton);
    opened.settle([&] { return opened.window.jobs().active().empty(); });
    const auto project = Project::open(opened.folder / "made.tomoloupe");
    std::vector<std::string> models;
    for (const Run& run : project->runs()) {
        if (run.config().kind == "explain" && run.config().options["particle"] == 5)
            models.push_back(run.config().inputs.front());
    }
    CHECK(models == std::vector<std::string>{opened.first, opened.second});
}

TEST_CASE("explain, the mean of a class asks for many particles") {
    Explained opened;
    opened.find<QComboBox>("explainWhat")->setCurrentIndex(1);
    opened.settle();
    CHECK(opened.find<QSpinBox>("explainCount")->isVisible());
    CHECK_FALSE(opened.find<QSpinBox>("explainParticle")->isVisible());
    opened.find<QSpinBox>("explainCount")->setValue(7);
    QTest::mouseClick(opened.find<QPushButton>("explainStart"), Qt::LeftButton);
    opened.settle([&] { return opened.window.jobs().active().empty(); });
    const Run run = Project::open(opened.folder / "made.tomoloupe")->runs().back();
    CHECK(run.config().options["particles"] == 7);
    CHECK(run.config().options["of-class"] == "alpha");
}

TEST_CASE("explain, does not wait for a training") {
    MainWindow::Parts parts = test::makeParts([](const std::filesystem::path& folder) {
        return std::make_unique<test::BusyJob>(Run(folder).config().kind == "explain" ? 1 : -1);
    });
    parts.computeRunner = makeLaneRunner(makeThreadRunner(19), makeThreadRunner(5), isExplanation);
    const test::TemporaryFolder folder;
    test::makeProject(folder / "made.tomoloupe");
    const std::string model = test::addFinetuning(*Project::open(folder / "made.tomoloupe"));
    MainWindow window(std::move(parts));
    window.choosePage(MainWindow::Explain);
    window.show();
    window.openProject(folder / "made.tomoloupe");
    REQUIRE(QTest::qWaitFor([&] { return window.project().set() && window.idle(); }, 20000));
    RunConfig training;
    training.kind = "pretrain";
    training.particleSet = "made";
    training.options = nlohmann::json::object();
    window.launcher().start(training);
    REQUIRE(window.jobs().active().size() == 1);
    QTest::mouseClick(window.findChild<QPushButton*>(QStringLiteral("explainStart")), Qt::LeftButton);
    REQUIRE(window.jobs().active().size() == 2);
    CHECK(QTest::qWaitFor([&] { return window.jobs().active().size() == 1; }, 20000));  // the training goes on
}
