#include <QApplication>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>
#include <cmath>

#include "core/io/mrc_writer.h"
#include "core/project/project.h"
#include "tests/support/support.h"
#include "tests/ui/ui_support.h"
#include "ui/panels/orthogonal_views.h"
#include "ui/panels/pick_page.h"
#include "ui/panels/slice_pane.h"
#include "ui/panels/tomogram_page.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// The real window on the Tomogram page of a made project: "made" has 40 x 30 x 20 voxels of 10 Å and twelve particles
/// at (8 + 2 i, 15, 10).
struct Hand {
    Hand() {
        test::makeProject(folder / "made.tomoloupe");
        open();
    }
    void open() {
        window = std::make_unique<MainWindow>(test::makeParts());
        window->resize(1280, 800);
        window->show();
        window->openProject(folder / "made.tomoloupe");
        REQUIRE(QTest::qWaitFor([this] { return window->project().set() && window->idle(); }));
        window->showPage(MainWindow::Tomogram);
        window->activateWindow();
        REQUIRE(QTest::qWaitForWindowActive(window.get()));
        REQUIRE(settle());
    }
    template <typename Widget>
    Widget* find(const char* name) {
        auto* widget = window->findChild<Widget*>(QString::fromLatin1(name));
        REQUIRE(widget);
        return widget;
    }
    bool settle() {
        return QTest::qWaitFor([this] { return window->idle(); });
    }
    OrthogonalViews* views() { return find<OrthogonalViews>("tomogramViews"); }
    SliceView* view(Plane plane) { return views()->view(plane); }
    const std::vector<HandPick>& picks() { return window->project().picks(); }
    QString words() { return find<QLabel>("handPickWords")->text(); }
    void mode(const char* button) { QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton); }
    /// Where a press at that voxel arrives, in whole pixels.
    QPointF pressed(Plane plane, QPointF voxel) {
        return view(plane)->voxelAt(view(plane)->positionOf(voxel).toPoint());
    }
    void click(Plane plane, QPointF voxel) {
        QTest::mouseClick(view(plane), Qt::LeftButton, {}, view(plane)->positionOf(voxel).toPoint());
    }
    void drag(Plane plane, QPointF from, const std::vector<QPointF>& over) {
        QTest::mousePress(view(plane), Qt::LeftButton, {}, view(plane)->positionOf(from).toPoint());
        for (const QPointF& voxel : over) move(plane, voxel);
    }
    void move(Plane plane, QPointF voxel) {
        SliceView* slices = view(plane);
        const QPointF at = slices->positionOf(voxel).toPoint();
        QMouseEvent event(QEvent::MouseMove, at, slices->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(slices, &event);
    }
    void drop(Plane plane, QPointF voxel) {
        QTest::mouseRelease(view(plane), Qt::LeftButton, {}, view(plane)->positionOf(voxel).toPoint());
    }
    void undo() { QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier); }
    void redo() { QTest::keyClick(window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier); }
    test::TemporaryFolder folder;
    std::unique_ptr<MainWindow> window;
};

bool near(const Vec3& a, const Vec3& b) {
    return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z) < 1e-6;
}

/// Pixels of a view that another picture of it has not.
int differing(const QImage& a, const QImage& b, const QRect& area) {
    int count = 0;
    for (int y = area.top(); y <= area.bottom(); ++y)
        for (int x = area.left(); x <= area.right(); ++x) count += a.pixel(x, y) != b.pixel(x, y);
    return count;
}

}  // namespace

TEST_CASE("hand picking, a click in any slice puts a pick there and the crosshair with it") {
    Hand hand;
    CHECK_FALSE(hand.find<QWidget>("handPickStrip")->isVisible());
    hand.click(Plane::XY, {30, 22});  // Navigate: looks alone
    CHECK(hand.picks().empty());
    hand.mode("modePick");
    CHECK(hand.find<QWidget>("handPickStrip")->isVisible());
    hand.views()->setPosition({20, 15, 7});
    QPointF at = hand.pressed(Plane::XY, {12.3, 21.6});
    hand.click(Plane::XY, {12.3, 21.6});
    REQUIRE(hand.picks().size() == 1);
    CHECK(near(hand.picks()[0].positionVoxels, {at.x(), at.y(), 7}));
    CHECK(near(hand.views()->position(), {std::round(at.x()), std::round(at.y()), 7}));
    hand.views()->setPosition({20, 9, 7});
    at = hand.pressed(Plane::XZ, {25.2, 13.1});
    hand.click(Plane::XZ, {25.2, 13.1});
    REQUIRE(hand.picks().size() == 2);
    CHECK(near(hand.picks()[1].positionVoxels, {at.x(), 9, at.y()}));
    hand.views()->setPosition({33, 9, 7});
    at = hand.pressed(Plane::YZ, {4.4, 19.7});
    hand.click(Plane::YZ, {4.4, 19.7});
    REQUIRE(hand.picks().size() == 3);
    CHECK(near(hand.picks()[2].positionVoxels, {33, at.y(), at.x()}));
    CHECK(hand.find<QLabel>("handPickCounts")->text() == QStringLiteral("3 picks here, 3 in all"));
    // Outside of the volume, where a slice does not fill its view.
    Q_EMIT hand.view(Plane::XZ)->zoomed(0.5, {20, 10});
    REQUIRE(hand.view(Plane::XZ)->voxelAt({5, 5}).x() < -1);
    QTest::mouseClick(hand.view(Plane::XZ), Qt::LeftButton, {}, QPoint(5, 5));
    CHECK(hand.picks().size() == 3);
    CHECK(hand.words().contains(QStringLiteral("outside of the tomogram")));
}

TEST_CASE("hand picking, keys choose what a click does, none of them changes a pick") {
    Hand hand;
    QTest::keyClick(hand.window.get(), Qt::Key_P);
    CHECK(hand.find<QPushButton>("modePick")->isChecked());
    CHECK_FALSE(hand.find<QPushButton>("modeNavigate")->isChecked());
    hand.click(Plane::XY, {12, 20});
    for (const Qt::Key key : {Qt::Key_Delete, Qt::Key_Backspace, Qt::Key_E, Qt::Key_G, Qt::Key_Escape})
        QTest::keyClick(hand.window.get(), key);
    CHECK(hand.picks().size() == 1);
    CHECK(hand.find<QPushButton>("modeMove")->isChecked());
    QTest::keyClick(hand.window.get(), Qt::Key_N);
    CHECK(hand.find<QPushButton>("modeNavigate")->isChecked());
    hand.click(Plane::XY, {25, 5});
    CHECK(hand.picks().size() == 1);
    CHECK(hand.find<QWidget>("handPickStrip")->isVisible());  // picks wait
    auto* name = hand.find<QLineEdit>("handPickName");
    name->setFocus();
    name->clear();
    QTest::keyClicks(name, QStringLiteral("pen"));  // letters are typed there
    CHECK(name->text() == QStringLiteral("pen"));
    CHECK(hand.find<QPushButton>("modeNavigate")->isChecked());
}

TEST_CASE("hand picking, a drag moves a pick within the plane, live, and is one step for undo") {
    Hand hand;
    hand.mode("modePick");
    hand.views()->setPosition({20, 15, 7});
    hand.click(Plane::XY, {12, 22});
    const Vec3 before = hand.picks()[0].positionVoxels;
    hand.mode("modeMove");
    const auto stored = [&] { return Project::open(hand.folder / "made.tomoloupe")->handPicks().at(0).positionVoxels; };
    const QPoint there = hand.view(Plane::XY)->positionOf({26, 8}).toPoint();
    const QRect around(there - QPoint(14, 14), QSize(29, 29));
    REQUIRE(hand.settle());
    const QImage empty = test::pixelsOf(*hand.view(Plane::XY));
    const QPointF grip = hand.pressed(Plane::XY, {before.x + 1, before.y});
    hand.drag(Plane::XY, {before.x + 1, before.y}, {{15, 20}, {27, 8}});
    CHECK(differing(test::pixelsOf(*hand.view(Plane::XY)), empty, around) > 8);
    CHECK(near(stored(), before));
    hand.drop(Plane::XY, {27, 8});
    const QPointF at = hand.pressed(Plane::XY, {27, 8});
    const Vec3 after{at.x() + before.x - grip.x(), at.y() + before.y - grip.y(), before.z};
    CHECK(near(hand.picks()[0].positionVoxels, after));
    CHECK(near(stored(), hand.picks()[0].positionVoxels));
    // The depth moves in another plane.
    hand.views()->setPosition({after.x, after.y, after.z});
    hand.drag(Plane::XZ, {after.x, after.z}, {{after.x, 13}});
    hand.drop(Plane::XZ, {after.x, 13});
    CHECK(hand.picks()[0].positionVoxels.z == Approx(13).margin(0.2));
    CHECK(hand.picks()[0].positionVoxels.y == Approx(after.y));
    hand.undo();
    CHECK(near(hand.picks()[0].positionVoxels, after));
    hand.undo();
    CHECK(near(hand.picks()[0].positionVoxels, before));
    hand.redo();
    CHECK(near(hand.picks()[0].positionVoxels, after));
    // A press without a drag is no step.
    hand.views()->setPosition(after);
    hand.click(Plane::XY, {after.x, after.y});
    hand.undo();
    CHECK(near(hand.picks()[0].positionVoxels, before));
}

TEST_CASE("hand picking, erase removes the pick under the click alone, and undo brings it back") {
    Hand hand;
    hand.mode("modePick");
    hand.views()->setPosition({20, 15, 7});
    hand.find<QDoubleSpinBox>("handPickDiameter")->setValue(40);  // four voxels: they do not touch
    for (const QPointF& voxel : {QPointF(8, 5), QPointF(20, 5), QPointF(32, 5)}) hand.click(Plane::XY, voxel);
    const std::int64_t middle = hand.picks()[1].id;
    hand.mode("modeErase");
    hand.click(Plane::XY, {26, 25});
    CHECK(hand.picks().size() == 3);
    hand.views()->setPosition({20, 15, 12});  // no pick is cut by this slice
    hand.click(Plane::XY, {20, 5});
    CHECK(hand.picks().size() == 3);
    hand.views()->setPosition({20, 15, 8});
    hand.click(Plane::XY, {20.5, 5});
    REQUIRE(hand.picks().size() == 2);
    CHECK(hand.picks()[1].id != middle);
    hand.undo();
    REQUIRE(hand.picks().size() == 3);
    hand.undo();
    CHECK(hand.picks().size() == 2);
    hand.redo();
    CHECK(hand.picks().size() == 3);
}

TEST_CASE("hand picking, circles follow the size and the distance, and a box is drawn around them") {
    Hand hand;
    hand.find<QPushButton>("showParticles")->setChecked(false);
    hand.mode("modePick");
    hand.views()->setPosition({20, 15, 7});
    REQUIRE(hand.settle());
    const QImage none = test::pixelsOf(*hand.view(Plane::XY));
    hand.click(Plane::XY, {20, 15});  // where the crosshair is
    const Vec3 pick = hand.picks()[0].positionVoxels;
    auto* diameter = hand.find<QDoubleSpinBox>("handPickDiameter");
    diameter->setValue(100);
    SliceView* xy = hand.view(Plane::XY);
    const double pixels = xy->viewport().pixelsPerVoxel;
    const auto drawnAt = [&](double voxelsAside) {  // on a diagonal, off the crosshair
        const QPoint at = (xy->positionOf({pick.x, pick.y}) + QPointF(voxelsAside, -voxelsAside) * pixels).toPoint();
        return differing(test::pixelsOf(*xy), none, QRect(at - QPoint(4, 4), QSize(9, 9)));
    };
    const double half = std::sqrt(0.5);
    CHECK(drawnAt(5 * half) > 5);
    CHECK(drawnAt(3 * half) == 0);
    hand.views()->setPosition({20, 15, 11});
    REQUIRE(hand.settle());
    hand.views()->setPosition({20, 15, 10});  // three voxels away the radius is four
    REQUIRE(hand.settle());
    hand.window->project().undoLabels();
    const QImage above = test::pixelsOf(*xy);
    hand.window->project().redoLabels();
    const auto drawnAbove = [&](double voxelsAside) {
        const QPoint at = (xy->positionOf({pick.x, pick.y}) + QPointF(voxelsAside, -voxelsAside) * pixels).toPoint();
        return differing(test::pixelsOf(*xy), above, QRect(at - QPoint(4, 4), QSize(9, 9)));
    };
    CHECK(drawnAbove(4 * half) > 5);
    CHECK(drawnAbove(5 * half) == 0);
    CHECK(drawnAbove(8) == 0);
    hand.find<QSpinBox>("handPickBox")->setValue(16);
    CHECK(drawnAbove(8) > 5);  // its corner
    hand.mode("modeNavigate");
    hand.mode("modePick");
    CHECK(diameter->value() == 100);  // remembered
}

TEST_CASE("hand picking, picks become a set whose name is checked in place") {
    Hand hand;
    hand.mode("modePick");
    auto* make = hand.find<QPushButton>("handPickMakeSet");
    CHECK_FALSE(make->isEnabled());
    hand.click(Plane::XY, {12, 22});
    hand.click(Plane::XY, {24, 6});
    REQUIRE(make->isEnabled());
    auto* name = hand.find<QLineEdit>("handPickName");
    CHECK(name->text() == QStringLiteral("picked-by-hand"));
    name->selectAll();
    QTest::keyClicks(name, QStringLiteral("made"));
    CHECK(hand.words().contains(QStringLiteral("has a set \"made\" already")));
    QTest::mouseClick(make, Qt::LeftButton);
    CHECK(hand.picks().size() == 2);
    name->clear();
    CHECK(hand.words().contains(QStringLiteral("Give the set a name")));
    QTest::keyClicks(name, QStringLiteral("two"));
    QTest::mouseClick(make, Qt::LeftButton);
    CHECK(hand.picks().empty());
    CHECK(hand.words().contains(QStringLiteral("\"two\" is made of 2 picks")));
    CHECK(hand.words().contains(QStringLiteral("on the Pick page")));
    REQUIRE(QTest::qWaitFor([&] { return hand.window->project().set()->record.name == "two" && hand.window->idle(); }));
    CHECK(hand.words().contains(QStringLiteral("on the Pick page")));  // still
    CHECK(hand.window->project().set()->record.count == 2);
    CHECK_FALSE(hand.find<QPushButton>("handPickMakeSet")->isEnabled());
    hand.mode("modeNavigate");
    CHECK_FALSE(hand.find<QWidget>("handPickStrip")->isVisible());
    hand.undo();
    CHECK(hand.picks().size() == 2);
    CHECK(hand.find<QWidget>("handPickStrip")->isVisible());
    // The set goes with the step that made it, and comes with it again.
    REQUIRE(QTest::qWaitFor([&] { return hand.window->project().set()->record.name == "made" && hand.window->idle(); }));
    CHECK(hand.window->project().contents().sets.size() == 1);
    CHECK(name->text() == QStringLiteral("picked-by-hand"));
    QTest::keyClick(hand.window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    REQUIRE(QTest::qWaitFor([&] { return hand.window->project().set()->record.name == "two" && hand.window->idle(); }));
    CHECK(hand.picks().empty());
}

TEST_CASE("hand picking, particles of a set are told how they are moved, then moved") {
    Hand hand;
    hand.mode("modeMove");
    hand.views()->setPosition({20, 15, 10});
    hand.drag(Plane::XY, {8, 15}, {{8, 20}});
    hand.drop(Plane::XY, {8, 20});
    CHECK(hand.words().contains(QStringLiteral("a particle of the set \"made\"")));
    CHECK(hand.picks().empty());
    auto* again = hand.find<QPushButton>("handPickAgain");
    QTest::mouseClick(again, Qt::LeftButton);
    REQUIRE(hand.picks().size() == 12);
    CHECK_FALSE(again->isEnabled());  // once is enough
    CHECK(hand.words().contains(QStringLiteral("are picks now")));
    hand.drag(Plane::XY, {8, 15}, {{8, 20}, {8, 22}});
    hand.drop(Plane::XY, {8, 22});
    CHECK(hand.picks()[0].positionVoxels.y == Approx(22).margin(0.2));
    hand.undo();
    hand.undo();
    CHECK(hand.picks().empty());
    CHECK(again->isEnabled());
}

TEST_CASE("hand picking, picks are there after a restart, and undo goes on from there") {
    Hand hand;
    hand.mode("modePick");
    hand.click(Plane::XY, {12, 22});
    hand.click(Plane::XY, {24, 6});
    const Vec3 first = hand.picks()[0].positionVoxels;
    hand.window.reset();
    hand.open();
    REQUIRE(hand.picks().size() == 2);
    CHECK(near(hand.picks()[0].positionVoxels, first));
    CHECK(hand.find<QWidget>("handPickStrip")->isVisible());
    CHECK(hand.find<QPushButton>("modeNavigate")->isChecked());
    hand.undo();
    CHECK(hand.picks().size() == 1);
    hand.undo();
    CHECK(hand.picks().empty());
    CHECK_FALSE(hand.find<QWidget>("handPickStrip")->isVisible());
}

TEST_CASE("hand picking, a tomogram without a project can be looked at alone") {
    test::TemporaryFolder folder;
    writeMrc(folder / "ramp.mrc", test::ramp({40, 30, 20}));
    MainWindow window(test::makeParts());
    window.show();
    window.openTomogram(folder / "ramp.mrc");
    REQUIRE(QTest::qWaitFor([&] { return window.idle(); }));
    CHECK_FALSE(window.findChild<QPushButton*>(QStringLiteral("modePick"))->isEnabled());
    CHECK(window.findChild<QPushButton*>(QStringLiteral("modeNavigate"))->isChecked());
}

TEST_CASE("pages, one that is not in sight opens the current tomogram when it is shown, not before") {
    Hand hand;
    writeMrc(hand.folder / "second.mrc", test::ramp({24, 20, 16}));
    {
        const auto project = Project::open(hand.folder / "made.tomoloupe");
        TomogramRecord second = project->tomograms().front();
        second.name = "second";
        second.path = hand.folder / "second.mrc";
        second.shape = {24, 20, 16};
        project->addTomogram(second);
    }
    hand.window->project().refresh();
    REQUIRE(hand.settle());
    hand.window->showPage(MainWindow::Pick);
    REQUIRE(hand.settle());
    auto* page = hand.find<TomogramPage>("tomogramPage");
    const auto picked = [&] { return hand.find<PickPage>("pickPage")->pane()->view()->picture(64).slice.shape(); };
    REQUIRE(page->tomogram().info().shape == Index3{40, 30, 20});
    REQUIRE(picked() == Index3{40, 30, 1});
    hand.window->showPage(MainWindow::Gallery);
    REQUIRE(hand.settle());
    hand.window->project().setCurrentTomogram(QStringLiteral("second"));
    REQUIRE(hand.settle());
    CHECK(page->tomogram().path().filename() == "made.mrc");
    CHECK(picked() == Index3{40, 30, 1});
    hand.window->project().setCurrentParticle(5);  // back in "made", while nothing is in sight
    REQUIRE(hand.settle());
    const Vec3 before = hand.views()->position();
    hand.window->project().setCurrentParticle(9);
    CHECK(hand.views()->position() == before);
    hand.window->showPage(MainWindow::Tomogram);
    CHECK(hand.views()->position() == Vec3{26, 15, 10});
    hand.window->showPage(MainWindow::Gallery);
    hand.window->project().setCurrentTomogram(QStringLiteral("second"));
    hand.window->showPage(MainWindow::Tomogram);
    REQUIRE(hand.settle());
    CHECK(page->tomogram().info().shape == Index3{24, 20, 16});
    CHECK(picked() == Index3{40, 30, 1});
    hand.window->showPage(MainWindow::Pick);
    REQUIRE(hand.settle());
    CHECK(picked() == Index3{24, 20, 1});
}
