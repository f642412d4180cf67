#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <map>

#include "tests/ui/ui_support.h"
#include "ui/views/tile_painter.h"
#include "ui/views/tile_view.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

/// Shown tiles of one grey; counts how often each is painted.
struct Tiles {
    explicit Tiles(int count, QSize size = {500, 400}) : view(QStringLiteral("tiles")) {
        QImage grey(32, 32, QImage::Format_Grayscale8);
        grey.fill(128);
        view.setSource({.image =
                            [this, grey](int tile) {
                                ++painted[tile];
                                return grey;
                            },
                        .text = {},
                        .trouble = {}});
        view.resize(size);
        view.setCount(count);
        view.show();
        static_cast<void>(QTest::qWaitForWindowExposed(&view));
        QTest::qWait(0);
    }
    void click(int tile, Qt::KeyboardModifiers modifiers = {}) {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, modifiers, view.tileRect(tile).center());
    }
    std::vector<int> selected() { return view.selection().tiles(); }
    void drag(QPoint to, Qt::MouseButtons buttons = Qt::LeftButton) {
        QMouseEvent move(QEvent::MouseMove, to, view.viewport()->mapToGlobal(to), Qt::NoButton, buttons, {});
        QCoreApplication::sendEvent(view.viewport(), &move);
    }
    std::map<int, int> painted;
    TileView view;
};

using Numbers = std::vector<int>;

}  // namespace

TEST_CASE("tile view, clicks select as everywhere: one, more with ctrl, a range with shift") {
    Tiles tiles(40);
    REQUIRE(tiles.view.columns() == 4);
    tiles.click(5);
    CHECK(tiles.view.current() == 5);
    CHECK(tiles.selected().empty());  // the current one alone counts
    tiles.click(7, Qt::ControlModifier);
    CHECK(tiles.selected() == Numbers{5, 7});
    CHECK(tiles.view.current() == 7);
    tiles.click(10, Qt::ShiftModifier);
    CHECK(tiles.selected() == Numbers{7, 8, 9, 10});
    tiles.click(4, Qt::ShiftModifier);
    CHECK(tiles.selected() == Numbers{4, 5, 6, 7});
    tiles.click(9, Qt::ControlModifier);
    tiles.click(11, Qt::ControlModifier | Qt::ShiftModifier);
    CHECK(tiles.selected() == Numbers{4, 5, 6, 7, 9, 10, 11});
    tiles.click(5, Qt::ControlModifier);
    CHECK(tiles.selected() == Numbers{4, 6, 7, 9, 10, 11});
    tiles.click(2);
    CHECK(tiles.selected().empty());
    CHECK(tiles.view.current() == 2);
}

TEST_CASE("tile view, shift and arrows grow and shrink a range; ctrl a takes all, esc none") {
    Tiles tiles(40);
    QSignalSpy changed(&tiles.view, &TileView::selectionChanged);
    tiles.click(5);
    QTest::keyClick(&tiles.view, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(&tiles.view, Qt::Key_Down, Qt::ShiftModifier);
    CHECK(tiles.selected() == Numbers{5, 6, 7, 8, 9, 10});
    QTest::keyClick(&tiles.view, Qt::Key_Up, Qt::ShiftModifier);
    CHECK(tiles.selected() == Numbers{5, 6});
    QTest::keyClick(&tiles.view, Qt::Key_Left);
    CHECK(tiles.selected().empty());
    CHECK(tiles.view.current() == 5);
    const auto before = changed.count();
    QTest::keyClick(&tiles.view, Qt::Key_A, Qt::ControlModifier);
    CHECK(tiles.view.selection().selected() == 40);
    QTest::keyClick(&tiles.view, Qt::Key_Escape);
    CHECK(tiles.selected().empty());
    CHECK(changed.count() == before + 2);
    QTest::keyClick(&tiles.view, Qt::Key_Space, Qt::ControlModifier);
    CHECK(tiles.selected() == Numbers{5});
}

TEST_CASE("tile view, a band drawn over tiles selects them, with ctrl besides what is selected") {
    Tiles tiles(40);
    tiles.click(15, Qt::ControlModifier);
    QSignalSpy changed(&tiles.view, &TileView::selectionChanged);
    QTest::mousePress(tiles.view.viewport(), Qt::LeftButton, Qt::ControlModifier, QPoint(4, 4));
    tiles.drag(tiles.view.tileRect(5).center());
    CHECK(tiles.selected() == Numbers{0, 1, 4, 5, 15});
    tiles.drag(tiles.view.tileRect(4).center());
    CHECK(tiles.selected() == Numbers{0, 4, 15});
    QTest::mouseRelease(tiles.view.viewport(), Qt::LeftButton, {}, tiles.view.tileRect(4).center());
    CHECK(changed.count() == 1);
    tiles.drag(tiles.view.tileRect(9).center(), Qt::NoButton);
    CHECK(tiles.selected() == Numbers{0, 4, 15});
    QTest::mousePress(tiles.view.viewport(), Qt::LeftButton, {}, tiles.view.tileRect(6).center());
    tiles.drag(tiles.view.tileRect(9).center());
    QTest::mouseRelease(tiles.view.viewport(), Qt::LeftButton, {}, tiles.view.tileRect(9).center());
    CHECK(tiles.selected() == Numbers{5, 6, 9, 10});
}

TEST_CASE("tile view, only what changed is painted") {
    Tiles tiles(4000);
    tiles.painted.clear();
    tiles.view.updateTile(6);
    QTest::qWait(50);
    CHECK(tiles.painted == std::map<int, int>{{6, 1}});
    tiles.painted.clear();
    QTest::keyClick(&tiles.view, Qt::Key_Right);  // from none to 0
    QTest::keyClick(&tiles.view, Qt::Key_Right);
    QTest::qWait(50);
    CHECK(tiles.painted.size() == 2);
    // Scrolling moves what stays in sight.
    tiles.painted.clear();
    tiles.view.verticalScrollBar()->setValue(40);
    QTest::qWait(50);
    CHECK(tiles.painted.size() <= 8);
    CHECK(tiles.painted.count(5) == 0);
}

TEST_CASE("tile view, a million tiles in one column can be reached and selected at once") {
    Tiles tiles(1000000, {280, 400});
    tiles.view.setTileSide(256);
    REQUIRE(tiles.view.columns() == 1);
    QTest::keyClick(&tiles.view, Qt::Key_End);
    CHECK(tiles.view.current() == 999999);
    CHECK(tiles.view.viewport()->rect().contains(tiles.view.tileRect(999999)));
    tiles.click(999998);
    CHECK(tiles.view.current() == 999998);
    QTest::keyClick(&tiles.view, Qt::Key_Home, Qt::ShiftModifier);
    CHECK(tiles.view.selection().selected() == 999999);
    tiles.view.setTileAspect(3);
    CHECK(tiles.view.tileRect(0).width() == 3 * tiles.view.tileRect(0).height());
    CHECK(tiles.view.verticalScrollBar()->maximum() > 0);
}

TEST_CASE("tile view, what stands at the top stays there when tiles get larger") {
    Tiles tiles(1000);
    tiles.view.verticalScrollBar()->setValue(2000);
    QSignalSpy shown(&tiles.view, &TileView::shown);
    tiles.view.setTileSide(104);
    const int first = shown.last()[0].toInt();
    tiles.view.setTileSide(200);
    CHECK(std::abs(shown.last()[0].toInt() - first) <= tiles.view.columns());
}

TEST_CASE("tile view, tells where the pointer rests, and that it went on or a key came") {
    Tiles tiles(40);
    QSignalSpy hovered(&tiles.view, &TileView::hovered);
    tiles.drag(tiles.view.tileRect(2).center(), Qt::NoButton);
    CHECK(hovered.isEmpty());
    REQUIRE(hovered.wait(2000));
    CHECK(hovered.last()[0].toInt() == 2);
    QTest::keyClick(&tiles.view, Qt::Key_Right);
    CHECK(hovered.last()[0].toInt() == -1);
    tiles.drag(tiles.view.tileRect(3).center(), Qt::NoButton);
    REQUIRE(hovered.wait(2000));
    CHECK(hovered.last()[0].toInt() == 3);
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(tiles.view.viewport(), &leave);
    CHECK(hovered.last()[0].toInt() == -1);
}

TEST_CASE("tile painter, classes of one colour differ by a pattern, and pictures are drawn as they are") {
    QImage strips[3];
    QImage grey(104, 104, QImage::Format_Grayscale8);
    grey.fill(128);
    for (int pattern = 0; pattern < 3; ++pattern) {
        strips[pattern] = QImage(104, 104, QImage::Format_RGB32);
        strips[pattern].fill(Qt::black);
        QPainter painter(&strips[pattern]);
        TilePainter tiles;
        tiles.setTileSize({104, 104}, 1);
        tiles.draw(painter, {QRect(0, 0, 104, 104), false, false}, grey, QPalette());
        tiles.drawStrip(painter, QRect(0, 0, 104, 104),
                        {QStringLiteral("a"), QColor(0x44, 0x77, 0xAA), {}, false, pattern}, QFont());
    }
    CHECK(strips[0].pixel(50, 40) == qRgb(128, 128, 128));
    CHECK(strips[0].pixel(60, 95) == qRgb(0x44, 0x77, 0xAA));
    CHECK(qGray(strips[0].pixel(0, 0)) < 20);  // the corner is round
    CHECK(strips[0] != strips[1]);
    CHECK(strips[1] != strips[2]);
    CHECK(strips[1].copy(30, 0, 74, 80) == strips[2].copy(30, 0, 74, 80));
}
