// Particles in three dimensions, the oblique slice and the filter of the Tomogram page, through the real window.
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

#include "core/io/mrc_writer.h"
#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/mark_filter_panel.h"
#include "ui/panels/oblique_pane.h"
#include "ui/panels/oblique_panel.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/particle_panel.h"
#include "ui/panels/placed_maps.h"
#include "ui/panels/scene_panel.h"
#include "ui/panels/tomogram_page.h"
#include "ui/views/surface_view.h"
#include "ui/views/vtk_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// The window on a made project with a second set of three particles, which have poses, scores and columns.
struct Opened {
    Opened() {
        test::makeProject(folder / "made.tomoloupe");
        {
            const auto project = Project::open(folder / "made.tomoloupe");
            ParticleTable table;
            table.format = "csv";
            table.columnNames = {"note", "magnification"};
            for (int i = 0; i < 3; ++i) {
                Particle particle;
                particle.tomogram = "made";
                particle.positionVoxels = {8.0 + 12 * i, 5, 10};
                particle.tomogramFromParticle = rotationFromRelion({40.0 * i, 70, 20});
                particle.score = i;
                particle.columns = {i == 1 ? "Near the membrane" : "cytosol", std::to_string(1000 * i)};
                table.particles.push_back(particle);
            }
            project->addParticleSet("second", table, "test");
        }
        window.resize(1280, 800);
        window.show();
        window.openProject(folder / "made.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return window.project().set() && window.idle(); }));
        window.showPage(MainWindow::Tomogram);
        REQUIRE(settle());
        page = window.findChild<TomogramPage*>();
        panel = page->findChild<ParticlePanel*>(QStringLiteral("particlePanel"));
        scene = page->findChild<ScenePanel*>(QStringLiteral("scenePanel"));
        REQUIRE(panel);
        REQUIRE(scene);
        surface = page->views()->surface();
    }
    bool settle() {
        return QTest::qWaitFor([this] { return window.idle(); });
    }
    template <typename Widget>
    Widget* in(QWidget* parent, const char* name) {
        auto* widget = parent->findChild<Widget*>(QString::fromLatin1(name));
        REQUIRE(widget);
        return widget;
    }
    void useSecondSet() {
        window.project().setCurrentSet(QStringLiteral("second"));
        REQUIRE(QTest::qWaitFor([this] {
            return window.idle() && window.project().set() && window.project().set()->record.name == "second";
        }));
    }
    void type(const char* field, const QString& text) {
        auto* edit = in<QLineEdit>(panel, field);
        edit->clear();
        QTest::keyClicks(edit, text);
        if (text.isEmpty()) Q_EMIT edit->textEdited(text);
    }
    bool shows(std::size_t count) {
        return QTest::qWaitFor([&] { return window.idle() && panel->shown().size() == count; }) &&
               QTest::qWaitFor([&] { return surface->particles().marks().size() == count; }) &&
               page->views()->marks().size() == count;
    }
    void clickAt(Vec3 voxel) {
        const auto at = surface->positionOf(voxel);
        REQUIRE(at);
        QTest::mouseClick(surface->findChild<VtkView*>(), Qt::LeftButton, {}, at->toPoint());
    }
    test::TemporaryFolder folder;
    MainWindow window{test::makeParts()};
    TomogramPage* page = nullptr;
    ParticlePanel* panel = nullptr;
    ScenePanel* scene = nullptr;
    SurfaceView* surface = nullptr;
};

void shiftDrag(QWidget* view, QPoint from, QPoint by) {
    const auto send = [&](QEvent::Type type, QPoint at, Qt::MouseButton button, Qt::MouseButtons buttons) {
        QMouseEvent event(type, QPointF(at), view->mapToGlobal(QPointF(at)), button, buttons, Qt::ShiftModifier);
        QApplication::sendEvent(view, &event);
    };
    send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    send(QEvent::MouseMove, from + by, Qt::NoButton, Qt::LeftButton);
    send(QEvent::MouseButtonRelease, from + by, Qt::LeftButton, Qt::NoButton);
}

double angleBetween(Vec3 a, Vec3 b) {
    return std::acos(std::clamp(a.x * b.x + a.y * b.y + a.z * b.z, -1.0, 1.0)) * 180 / 3.14159265358979;
}

}  // namespace

TEST_CASE("tomogram scene, particles are spheres in the colours of the circles, and a click chooses one") {
    if (!VtkView::available()) return;
    Opened opened;
    const auto& marks = opened.surface->particles().marks();
    REQUIRE(marks.size() == 15);
    CHECK(marks[0].position == Vec3{8, 15, 10});
    CHECK(marks[0].radius == 4);  // a quarter of the box
    const QColor circle = opened.page->views()->marks()[0].colour;
    CHECK(marks[0].colour[0] == Approx(circle.redF()).margin(0.01));
    CHECK(marks[0].colour[2] == Approx(circle.blueF()).margin(0.01));
    REQUIRE(opened.surface->marks().crosshair);
    CHECK(*opened.surface->marks().crosshair == opened.page->views()->position());

    // The first of a row of touching spheres is clicked at its free side.
    opened.clickAt({6, 15, 10});
    CHECK(opened.window.project().currentParticle() == 0);
    CHECK(opened.page->views()->position() == Vec3{8, 15, 10});
    CHECK(*opened.surface->marks().crosshair == Vec3{8, 15, 10});
    REQUIRE(opened.surface->marks().current);
    CHECK(opened.surface->marks().current->position == Vec3{8, 15, 10});
    // A particle of another set takes its set along.
    opened.clickAt({20, 5, 10});
    REQUIRE(QTest::qWaitFor(
        [&] { return opened.window.idle() && opened.window.project().set()->record.name == "second"; }));
    CHECK(opened.window.project().currentParticle() == 1);
    // A drag turns the scene and chooses nothing.
    const auto before = opened.surface->positionOf({0, 0, 0});
    auto* vtk = opened.surface->findChild<VtkView*>();
    const QPoint middle = vtk->rect().center();
    QTest::mousePress(vtk, Qt::LeftButton, {}, middle);
    QTest::mouseMove(vtk, middle + QPoint(40, 10));
    QTest::mouseRelease(vtk, Qt::LeftButton, {}, middle + QPoint(40, 10));
    CHECK(opened.surface->positionOf({0, 0, 0}) != before);
    CHECK(opened.window.project().currentParticle() == 1);
}

TEST_CASE("tomogram scene, spheres are as large as particles or boxes, or small, or not there") {
    Opened opened;
    auto* shape = opened.in<QComboBox>(opened.scene, "sceneShape");
    const auto& glyphs = opened.surface->particles();
    shape->setCurrentIndex(ScenePanel::Boxes);
    CHECK(glyphs.marks()[0].radius == 8);
    CHECK(glyphs.triangles() > 0);
    shape->setCurrentIndex(ScenePanel::Centres);
    CHECK(glyphs.marks()[0].radius == 4);
    shape->setCurrentIndex(ScenePanel::Nothing);
    CHECK(glyphs.triangles() == 0);
    CHECK(glyphs.marks().size() == 15);  // a click where one would be still finds it
    shape->setCurrentIndex(ScenePanel::Spheres);
    opened.in<QPushButton>(opened.page, "showParticles")->setChecked(false);
    CHECK(glyphs.marks().empty());
}

TEST_CASE("tomogram scene, arrows show the particle's own axes, in slices as short strokes") {
    Opened opened;
    opened.in<QCheckBox>(opened.panel, "particleAxis")->setChecked(true);
    CHECK(opened.page->views()->arrows().axis);
    const std::int64_t one = opened.surface->particles().triangles();
    opened.in<QCheckBox>(opened.panel, "particleSecondAxis")->setChecked(true);
    CHECK(opened.surface->particles().triangles() > one);
    const auto& marks = opened.surface->particles().marks();
    const Vec3 axis = marks[13].tomogramFromParticle * Vec3{0, 0, 1};
    const Vec3 truth = rotationFromRelion({40, 70, 20}) * Vec3{0, 0, 1};
    CHECK(angleBetween(axis, truth) < 1e-3);
    CHECK(opened.page->views()->marks()[13].tomogramFromParticle.w == marks[13].tomogramFromParticle.w);
}

TEST_CASE("tomogram scene, a filter by label, score or column holds for circles and spheres alike") {
    Opened opened;
    auto* filter = opened.panel->filter();
    CHECK(opened.shows(15));
    auto* classes = opened.in<QMenu>(opened.panel, "markFilterClassesMenu");
    REQUIRE(classes->actions().size() == 3);  // alpha, beta, no label
    classes->actions()[0]->trigger();
    CHECK(opened.shows(6));
    classes->actions()[2]->trigger();  // and those without
    CHECK(opened.shows(15));
    classes->actions()[0]->trigger();
    CHECK(opened.shows(9));
    opened.in<QPushButton>(opened.panel, "markFilterAll")->click();
    CHECK(opened.shows(15));
    CHECK(filter->filter().trivial());
    auto* predictions = opened.in<QMenu>(opened.panel, "markFilterPredictionsMenu");
    predictions->actions()[1]->trigger();  // beta, which nobody predicted
    CHECK(opened.shows(0));
    predictions->actions()[1]->trigger();
    opened.type("markFilterScoreFrom", QStringLiteral("0.5"));
    CHECK(opened.shows(2));
    opened.type("markFilterScoreTo", QStringLiteral("1.5"));
    CHECK(opened.shows(1));
    opened.in<QPushButton>(opened.panel, "markFilterAll")->click();
    CHECK(opened.shows(15));
    // Columns are those of the set that is open.
    CHECK(opened.in<QComboBox>(opened.panel, "markFilterColumn")->count() == 1);
    opened.useSecondSet();
    auto* column = opened.in<QComboBox>(opened.panel, "markFilterColumn");
    REQUIRE(column->findText(QStringLiteral("note")) > 0);
    column->setCurrentText(QStringLiteral("note"));
    opened.type("markFilterText", QStringLiteral("MEMBRANE"));
    CHECK(opened.shows(1));
    CHECK(opened.surface->particles().marks()[0].position == Vec3{20, 5, 10});
    column->setCurrentText(QStringLiteral("magnification"));
    opened.type("markFilterText", {});
    opened.type("markFilterFrom", QStringLiteral("500"));
    CHECK(opened.shows(2));
    bool told = false;
    for (const QLabel* label : opened.panel->findChildren<QLabel*>())
        told = told || label->text() == QStringLiteral("2 of 15 shown");
    CHECK(told);
}

TEST_CASE("tomogram scene, any column colours: numbers by a strip, words by a colour each") {
    Opened opened;
    opened.useSecondSet();
    auto* colouring = opened.in<QComboBox>(opened.panel, "particleColouring");
    REQUIRE(colouring->count() == 6);
    colouring->setCurrentText(QStringLiteral("Coloured by magnification"));
    REQUIRE(QTest::qWaitFor([&] { return opened.panel->legend().strip; }));
    CHECK(opened.panel->legend().entries.front().words == QStringLiteral("2000"));
    CHECK(opened.panel->legend().entries.back().words == QStringLiteral("0.000"));
    const auto& marks = opened.surface->particles().marks();
    CHECK(marks[12].colour != marks[14].colour);
    CHECK(marks[0].colour == marks[1].colour);  // of the other set, which has no such column
    colouring->setCurrentText(QStringLiteral("Coloured by note"));
    REQUIRE(QTest::qWaitFor([&] { return !opened.panel->legend().entries.empty() && !opened.panel->legend().strip; }));
    CHECK(opened.panel->legend().entries.front().words == QStringLiteral("cytosol"));  // the most frequent first
    CHECK(opened.surface->particles().marks()[12].colour == opened.surface->particles().marks()[14].colour);
    CHECK(opened.surface->particles().marks()[12].colour != opened.surface->particles().marks()[13].colour);
}

TEST_CASE("tomogram scene, the average of each class stands at its particles, or a map from a file at all") {
    Opened opened;
    opened.page->maps()->useClassAverages();
    REQUIRE(QTest::qWaitFor([&] { return opened.page->maps()->maps().size() == 1 && opened.window.idle(); }));
    const auto& marks = opened.surface->particles().marks();
    CHECK(marks[0].map == 0);    // alpha
    CHECK(marks[11].map == -1);  // no label
    CHECK(opened.page->maps()->words().startsWith(QStringLiteral("alpha: mean of 6, ")));
    CHECK(opened.in<QLabel>(opened.scene, "sceneMapWords")->text() == opened.page->maps()->words());
    const auto triangles = opened.page->maps()->maps()[0].mesh.triangles.size();
    CHECK(triangles > 20);
    CHECK(opened.page->maps()->maps()[0].scale == 1);
    // Another level, another surface.
    opened.page->maps()->setLevel(4);
    REQUIRE(QTest::qWaitFor([&] {
        return opened.window.idle() && opened.page->maps()->maps()[0].mesh.trianglesBefore != std::int64_t(triangles);
    }));
    writeMrc(opened.folder / "map.mrc", Volume({16, 16, 16}, std::vector<float>([] {
                                                   std::vector<float> voxels(4096, 0.0f);
                                                   for (std::size_t i = 1800; i < 2300; ++i) voxels[i] = 1;
                                                   return voxels;
                                               }()),
                                               5));
    opened.page->maps()->useFile(opened.folder / "map.mrc");
    REQUIRE(QTest::qWaitFor(
        [&] { return opened.window.idle() && opened.page->maps()->words().startsWith(QStringLiteral("map.mrc, ")); }));
    CHECK(opened.page->maps()->maps()[0].scale == Approx(0.5));  // 5 Å a voxel in a tomogram of 10 Å
    for (const PoseMark& mark : opened.surface->particles().marks()) CHECK(mark.map == 0);
    opened.page->maps()->useFile(opened.folder / "nothing.mrc");
    REQUIRE(QTest::qWaitFor(
        [&] { return opened.page->maps()->words().contains(QStringLiteral("nothing.mrc")) && opened.window.idle(); }));
    CHECK(opened.page->maps()->maps().empty());
    opened.page->maps()->useNone();
    CHECK(opened.surface->particles().marks()[0].map == -1);
}

TEST_CASE("tomogram scene, an oblique slice takes the place of YZ, is turned by Shift and drag and by its sliders") {
    Opened opened;
    auto* panel = opened.page->findChild<ObliquePanel*>(QStringLiteral("obliquePanel"));
    ObliquePane* pane = opened.page->oblique();
    OrthogonalViews* views = opened.page->views();
    opened.in<QCheckBox>(panel, "obliqueOn")->setChecked(true);
    CHECK(opened.settle());
    CHECK(pane->isVisible());
    CHECK_FALSE(views->view(Plane::YZ)->isVisible());
    CHECK(pane->grid().shape == Index3{40, 30, 1});  // not turned yet
    CHECK(opened.surface->marks().trace.size() == 4);
    views->setPosition({20, 15, 10});
    shiftDrag(pane->view(), {60, 60}, {0, 100});  // 40 degrees about the axis to the right
    CHECK(opened.settle());
    CHECK(panel->angles().tilt == Approx(40).margin(0.1));
    CHECK(angleBetween(pane->plane().normal(), {0, 0, 1}) == Approx(40).margin(0.1));
    CHECK(views->position() == Vec3{20, 15, 10});  // turning does not move it
    CHECK(pane->view()->caption().startsWith(QStringLiteral("Oblique · tilt 40°")));
    CHECK(pane->grid().distance({20, 15, 10}) == Approx(0).margin(1e-9));
    // The value under the pointer is that of the ramp there.
    const PlanePoint middle = pane->grid().projected({20, 15, 10});
    const QPointF sample(std::round(middle.u) + 3, std::round(middle.v) + 4);
    const QPointF at = pane->view()->positionOf(sample);
    QMouseEvent move(QEvent::MouseMove, at, pane->view()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(pane->view(), &move);
    const Vec3 there = pane->grid().voxelAt({sample.x(), sample.y()});
    CHECK(pane->view()->note().startsWith(
        QStringLiteral("x %1, y %2, z %3 · ").arg(there.x, 0, 'f', 1).arg(there.y, 0, 'f', 1).arg(there.z, 0, 'f', 1)));
    const double value = pane->view()->note().section(QStringLiteral("value "), 1).toDouble();
    CHECK(value == Approx(there.x + 100 * there.y + 10000 * there.z).margin(1));
    // A click moves the crosshair within the plane; the wheel along its normal.
    QTest::mouseClick(pane->view(), Qt::LeftButton, {}, at.toPoint());
    CHECK(std::abs(views->position().x - there.x) <= 1);
    CHECK(std::abs(views->position().z - there.z) <= 1);
    const Vec3 before = pane->plane().through;
    QWheelEvent wheel(at, pane->view()->mapToGlobal(at), {}, QPoint(0, 120), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(pane->view(), &wheel);
    const Vec3 step = pane->plane().through - before;
    CHECK(angleBetween(step, pane->plane().normal()) < 0.01);
    opened.in<QCheckBox>(panel, "obliqueOn")->setChecked(false);
    CHECK(opened.settle());
    CHECK(views->view(Plane::YZ)->isVisible());
    CHECK(opened.surface->marks().trace.empty());
}

TEST_CASE("tomogram scene, the oblique slice lies in the frame of the current particle, and follows it") {
    Opened opened;
    opened.useSecondSet();
    auto* panel = opened.page->findChild<ObliquePanel*>(QStringLiteral("obliquePanel"));
    ObliquePane* pane = opened.page->oblique();
    opened.window.project().setCurrentParticle(1);
    opened.in<QPushButton>(panel, "obliqueAcross")->click();
    CHECK(opened.settle());
    const Rotation pose = rotationFromRelion({40, 70, 20});
    CHECK(pane->isOn());
    CHECK(angleBetween(pane->plane().normal(), pose * Vec3{0, 0, 1}) < 1e-3);
    CHECK(angleBetween(pane->plane().right(), pose * Vec3{1, 0, 0}) < 1e-3);
    CHECK(opened.page->views()->position() == Vec3{20, 5, 10});
    opened.in<QPushButton>(panel, "obliqueAlong")->click();
    CHECK(angleBetween(pane->plane().up(), pose * Vec3{0, 0, 1}) < 1e-3);
    CHECK(angleBetween(pane->plane().right(), pose * Vec3{1, 0, 0}) < 1e-3);
    opened.in<QCheckBox>(panel, "obliqueFollow")->setChecked(true);
    opened.window.project().setCurrentParticle(2);
    CHECK(opened.settle());
    CHECK(angleBetween(pane->plane().up(), rotationFromRelion({80, 70, 20}) * Vec3{0, 0, 1}) < 1e-3);
}

TEST_CASE("tomogram scene, tells Å in the file's own frame beside those from the first voxel") {
    const test::TemporaryFolder folder;
    writeMrc(folder / "shifted.mrc", test::ramp({40, 30, 20}).withGeometry(10, {-200, 1000, 50}));
    MainWindow window(test::makeParts());
    window.resize(1280, 800);
    window.show();
    window.openTomogram(folder / "shifted.mrc");
    REQUIRE(QTest::qWaitFor([&] { return window.idle(); }));
    auto* views = window.findChild<TomogramPage*>()->views();
    views->setPosition({20, 15, 10});
    REQUIRE(QTest::qWaitFor([&] { return window.idle(); }));
    CHECK(views->view(Plane::XY)->note() ==
          QStringLiteral("x 20, y 15, z 10 · 200, 150, 100 Å · with the file's origin 0, 1150, 150 Å · value 101520"));
}

TEST_CASE("tomogram scene, the saved 3D picture has a scale bar, as long as it says") {
    if (!VtkView::available()) return;
    Opened opened;
    const QImage plain = opened.surface->picture(1000, {.scaleBar = false}), barred = opened.surface->picture(1000, {});
    REQUIRE(plain.size() == barred.size());
    CHECK(plain.width() == 1000);
    // The row of the bar: the longest run that differs.
    int longest = 0;
    for (int y = barred.height() / 2; y < barred.height(); ++y) {
        int run = 0;
        for (int x = 0; x < barred.width(); ++x) {
            run = plain.pixel(x, y) != barred.pixel(x, y) ? run + 1 : 0;
            longest = std::max(longest, run);
        }
    }
    const auto from = opened.surface->positionOf({0, 0, 0});
    REQUIRE(from);
    const double pixelsAVoxel = [&] {  // along the picture's horizontal, which no axis is: from three axes
        double sum = 0;
        for (const Vec3 axis : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}}) {
            const QPointF step = *opened.surface->positionOf(axis) - *from;
            sum += step.x() * step.x();
        }
        return std::sqrt(sum);
    }();
    const double voxels = (longest / (1000.0 / opened.surface->width()) - 2) / pixelsAVoxel;  // an edge at either end
    const double nanometres = voxels;                                                         // of 10 Å
    CHECK(std::abs(nanometres - std::round(nanometres)) < 0.25);
    CHECK((std::llround(nanometres) == 5 || std::llround(nanometres) == 10 || std::llround(nanometres) == 20));
    const QImage empty = opened.surface->picture(1000, {.particles = false});
    CHECK(empty != barred);
    CHECK(opened.surface->particles().marks().size() == 15);
    opened.in<QCheckBox>(opened.scene, "scenePerspective")->setChecked(true);
    CHECK(opened.surface->picture(500, {}).width() == 500);
}
