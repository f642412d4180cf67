#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

#include "tests/ui/ui_support.h"
#include "ui/views/curve_chart.h"
#include "ui/views/number_text.h"
#include "ui/views/palette_roles.h"
#include "ui/views/range_slider.h"
#include "ui/views/slice_view.h"
#include "ui/views/surface_view.h"
#include "ui/views/tile_view.h"
#include "ui/views/vtk_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

constexpr int kSide = 256;  // pixels of the view; the slice below has 16 voxels of 16 pixels

/// Left half 0, right half 1.
Volume halves() {
    std::vector<float> voxels;
    for (int i = 0; i < 256; ++i) voxels.push_back(i % 16 < 8 ? 0.0f : 1.0f);
    return Volume({16, 16, 1}, std::move(voxels), 10);
}

/// Heat 0.9 in the lower half (v < 8), 0.1 above.
Volume lowerHeat() {
    std::vector<float> voxels;
    for (int i = 0; i < 256; ++i) voxels.push_back(i / 16 < 8 ? 0.9f : 0.1f);
    return Volume({16, 16, 1}, std::move(voxels), 10);
}

std::unique_ptr<SliceView> shownView() {
    auto view = std::make_unique<SliceView>(QStringLiteral("view"));
    view->resize(kSide, kSide);
    view->setSlice(halves());
    view->setContrast(-0.5, 1.5);  // 0 becomes grey 64, 1 becomes 191
    view->setViewport({7.5, 7.5, kSide / 16.0});
    view->show();
    return view;
}

int distance(QRgb a, QRgb b) {
    return std::max({std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)), std::abs(qBlue(a) - qBlue(b))});
}

}  // namespace

TEST_CASE("slice view, draws the greys that the contrast says") {
    const auto view = shownView();
    const QImage picture = test::pixelsOf(*view);
    REQUIRE(picture.size() == QSize(kSide, kSide));
    CHECK(distance(picture.pixel(40, 100), qRgb(64, 64, 64)) <= 2);
    CHECK(distance(picture.pixel(200, 100), qRgb(191, 191, 191)) <= 2);
    view->setContrast(1.5, -0.5);
    CHECK(distance(test::pixelsOf(*view).pixel(40, 100), qRgb(191, 191, 191)) <= 2);
}

TEST_CASE("slice view, places voxels where it says, and the background beside them") {
    const auto view = shownView();
    view->setViewport({7.5, 7.5, 8});  // the slice covers the middle half
    const QImage picture = test::pixelsOf(*view);
    CHECK(distance(picture.pixel(20, 20), canvasColour(qApp->palette()).rgb()) <= 2);
    CHECK(distance(picture.pixel(66, 128), qRgb(64, 64, 64)) <= 3);
    CHECK(view->voxelAt(view->positionOf({3, 5})) == QPointF(3, 5));
    CHECK(view->positionOf({7.5, 7.5}) == QPointF(kSide / 2.0, kSide / 2.0));
    CHECK(view->positionOf({0, 0}).y() > view->positionOf({0, 10}).y());  // v upwards
}

TEST_CASE("slice view, crosshair has the accent's colour and lies on its voxel") {
    const auto view = shownView();
    view->setCrosshair(QPointF(4, 12));
    const QImage picture = test::pixelsOf(*view);
    const QPointF at = view->positionOf({4, 12});
    const QRgb line = picture.pixel(static_cast<int>(at.x()), 200);
    CHECK(qBlue(line) > qRed(line) + 60);  // accent over grey
    const QRgb across = picture.pixel(220, static_cast<int>(at.y()));
    CHECK(qBlue(across) > qRed(across) + 20);
    CHECK(distance(picture.pixel(static_cast<int>(at.x()) + 6, 200), qRgb(64, 64, 64)) <= 2);
}

TEST_CASE("slice view, heat lies over the density above the threshold only") {
    const auto view = shownView();
    view->setHeat(lowerHeat());
    view->setHeatStyle({.threshold = 0.5, .opacity = 0.75});
    const QImage picture = test::pixelsOf(*view);
    const Colour hot = heatColour(0.9);
    const QRgb expected = qRgb(int(0.75 * hot[0] * 255 + 0.25 * 64), int(0.75 * hot[1] * 255 + 0.25 * 64),
                               int(0.75 * hot[2] * 255 + 0.25 * 64));
    CHECK(distance(picture.pixel(40, 210), expected) <= 6);
    CHECK(distance(picture.pixel(40, 60), qRgb(64, 64, 64)) <= 2);
    view->setHeatStyle({.threshold = 0.95, .opacity = 0.75});
    CHECK(distance(test::pixelsOf(*view).pixel(40, 210), qRgb(64, 64, 64)) <= 2);
}

TEST_CASE("slice view, hands: click picks, wheel steps, ctrl wheel zooms, middle drag pans") {
    const auto view = shownView();
    QSignalSpy picked(view.get(), &SliceView::picked), stepped(view.get(), &SliceView::stepped),
        zoomed(view.get(), &SliceView::zoomed), panned(view.get(), &SliceView::panned);
    QTest::mouseClick(view.get(), Qt::LeftButton, {}, QPoint(128, 64));
    REQUIRE(picked.count() == 1);
    CHECK(picked[0][0].toPointF() == QPointF(7.5, 11.5));
    auto wheel = [&](Qt::KeyboardModifiers modifiers) {
        QWheelEvent event(QPointF(128, 128), view->mapToGlobal(QPointF(128, 128)), {}, QPoint(0, 120), Qt::NoButton,
                          modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view.get(), &event);
    };
    wheel(Qt::NoModifier);
    REQUIRE(stepped.count() == 1);
    CHECK(stepped[0][0].toInt() == 1);
    wheel(Qt::ControlModifier);
    CHECK(zoomed.count() == 1);
    CHECK(stepped.count() == 1);
    QTest::mousePress(view.get(), Qt::MiddleButton, {}, QPoint(100, 100));
    QMouseEvent move(QEvent::MouseMove, QPointF(116, 100), view->mapToGlobal(QPointF(116, 100)), Qt::NoButton,
                     Qt::MiddleButton, Qt::NoModifier);
    QApplication::sendEvent(view.get(), &move);
    REQUIRE(panned.count() == 1);
    CHECK(panned[0][0].toPointF().x() == Approx(-1));
}

TEST_CASE("surface view, shows a light ball in the middle of the canvas") {
    std::vector<float> voxels;
    for (int i = 0; i < 32 * 32 * 32; ++i) {
        const double x = i % 32 - 15.5, y = i / 32 % 32 - 15.5, z = i / 1024 - 15.5;
        voxels.push_back(std::sqrt(x * x + y * y + z * z) < 12 ? 1.0f : 0.0f);
    }
    SurfaceView view(QStringLiteral("surface"));
    view.resize(200, 200);
    view.setVolume(Volume({32, 32, 32}, voxels));
    view.setLevel(0.5);
    view.show();
    const QImage picture = test::pixelsOf(view);
    CHECK(qGray(picture.pixel(100, 100)) > 100);
    CHECK(distance(picture.pixel(4, 196), canvasColour(qApp->palette()).rgb()) <= 2);
}

TEST_CASE("views, can be made and destroyed again and again") {
    for (int i = 0; i < 5; ++i) {
        const auto view = shownView();
        CHECK_FALSE(test::pixelsOf(*view).isNull());
    }
}

TEST_CASE("tile view, only asks for what is in sight") {
    TileView tiles(QStringLiteral("tiles"));
    int highest = -1;
    tiles.setSource({.image =
                         [&](int tile) {
                             highest = std::max(highest, tile);
                             return QImage();
                         },
                     .text = {},
                     .trouble = {}});
    tiles.resize(500, 300);
    tiles.setCount(1000000);
    tiles.show();
    static_cast<void>(test::pixelsOf(tiles));
    CHECK(highest > 0);
    CHECK(highest < 40);
    QSignalSpy changed(&tiles, &TileView::currentChanged);
    QTest::keyClick(&tiles, Qt::Key_End);
    CHECK(tiles.current() == 999999);
    QTest::keyClick(&tiles, Qt::Key_Left);
    CHECK(changed.last()[0].toInt() == 999998);
}

TEST_CASE("range slider, handles never cross") {
    RangeSlider slider(QStringLiteral("range"));
    slider.resize(214, 24);
    slider.setRange(0.2, 0.6);
    slider.show();
    QSignalSpy changed(&slider, &RangeSlider::rangeChanged);
    QTest::mouseClick(&slider, Qt::LeftButton, {}, QPoint(207, 12));  // at the far end: the high handle
    CHECK(slider.high() == Approx(1));
    CHECK(slider.low() == Approx(0.2));
    CHECK(changed.count() >= 1);
}

TEST_CASE("chart, draws its curve in its colour") {
    CurveChart chart(QStringLiteral("chart"), QStringLiteral("Loss"));
    chart.resize(400, 240);
    chart.setCurves({{QStringLiteral("0001"), QColor(255, 0, 0), {}}});
    chart.append(QStringLiteral("0001"), {{0, 1}, {1, 0.5}, {2, 0.25}});
    chart.show();
    const QImage picture = test::pixelsOf(chart);
    int red = 0;
    for (int y = 40; y < 220; ++y) {
        for (int x = 52; x < 380; ++x) red += qRed(picture.pixel(x, y)) > 200 && qGreen(picture.pixel(x, y)) < 80;
    }
    CHECK(red > 200);
}

TEST_CASE("numbers, are written as people of the field do") {
    CHECK(lengthText(50) == QStringLiteral("50 Å"));
    CHECK(lengthText(1000) == QStringLiteral("100 nm"));
    CHECK(lengthText(20000) == QStringLiteral("2 µm"));
    CHECK(roundLength(760) == 500);
    CHECK(roundLength(260) == 200);
    CHECK(roundLength(101) == 100);
}
