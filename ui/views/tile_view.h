#pragma once

#include <QAbstractScrollArea>
#include <QBasicTimer>
#include <QImage>
#include <QPoint>
#include <QString>
#include <functional>

#include "ui/views/tile_painter.h"
#include "ui/views/tile_selection.h"

namespace tomoloupe {

/// A grid of pictures that draws only what is in sight, whatever its number, with one current tile and any number of
/// selected ones. Pictures come from a source that answers at once with what it has; updateTile() when more arrived.
/// Selected by click, Ctrl+click, Shift+click, a band drawn over tiles, Shift+arrows, Ctrl+A; Esc or a click drops it.
class TileView : public QAbstractScrollArea {
    Q_OBJECT
  public:
    struct Source {
        std::function<QImage(int)> image;  ///< a null image: not there yet
        std::function<TileText(int)> text;
        std::function<QString(int)> trouble;  ///< why there is no image; empty: it may still come
    };

    explicit TileView(const QString& name, QWidget* parent = nullptr);

    void setSource(Source source);
    /// Another list: drops the selection.
    void setCount(int count);
    [[nodiscard]] int count() const { return count_; }
    /// Scrolls it into sight. The selection stays.
    void setCurrent(int tile);
    [[nodiscard]] int current() const { return current_; }
    /// Least height of a tile in pixels.
    void setTileSide(int pixels);
    /// Pictures of `widths` squares beside each other.
    void setTileAspect(int widths);
    void setEmptyText(const QString& text) { emptyText_ = text; }
    void refresh() { viewport()->update(); }
    void updateTile(int tile);
    /// In the viewport; may lie out of sight.
    [[nodiscard]] QRect tileRect(int tile) const;
    /// Tiles that fit side by side.
    [[nodiscard]] int columns() const;

    [[nodiscard]] const TileSelection& selection() const { return selection_; }
    /// Without a signal: follows a selection made elsewhere.
    void setSelected(const std::vector<int>& tiles);
    void selectAll();
    void clearSelection();

  Q_SIGNALS:
    void currentChanged(int tile);
    /// By the user's hand.
    void selectionChanged();
    /// The tiles in sight after scrolling or resizing.
    void shown(int first, int last);
    /// The pointer rested on this tile; -1: it left, or something else happened.
    void hovered(int tile);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void timerEvent(QTimerEvent* event) override;
    bool viewportEvent(QEvent* event) override;

  private:
    /// Tiles grow until the row is full.
    [[nodiscard]] int tileWidth() const;
    [[nodiscard]] int tileHeight() const;
    [[nodiscard]] int rowHeight() const;
    [[nodiscard]] int firstRowAt(int y) const;
    /// -1 between tiles.
    [[nodiscard]] int tileAt(QPoint point) const;
    void drawTile(QPainter& painter, int tile);
    void updateScrollBar();
    void announceShown();
    void moveTo(int tile, bool extend);
    [[nodiscard]] int targetOf(int key) const;
    void selectRange(int tile, bool keep);
    void toggle(int tile);
    void changeSelection(bool changed);
    [[nodiscard]] qint64 contentY(int y) const;
    void drawBand(QPoint to);
    void endBand();
    void rest(int tile);

    Source source_;
    TilePainter painter_;
    TileSelection selection_, bandBase_;
    QString emptyText_;
    int count_ = 0;
    int current_ = -1;
    int leastSide_ = 104;
    int aspect_ = 1;
    int topTile_ = 0;  // the first in sight
    // The band, from where the button went down; y counts from the top of all tiles, so that it may scroll.
    bool pressed_ = false, banding_ = false;
    QPoint pressedAt_, pointer_;
    qint64 pressedY_ = 0;
    QBasicTimer bandScroll_, hoverDelay_;
    int underPointer_ = -1;
    bool hovering_ = false;
};

}  // namespace tomoloupe
