#pragma once

#include <QAbstractScrollArea>
#include <QColor>
#include <QImage>
#include <QString>
#include <functional>

namespace tomoloupe {

/// What a tile says under its picture.
struct TileText {
    QString label;  ///< class name; empty: nothing known
    QColor colour;
    QString figure;          ///< at the right end, such as a probability
    bool suggested = false;  ///< not stored yet: dashed, dark, with a question mark
};

/// A grid of pictures that draws only the rows in sight, whatever their number. Pictures come from a source that
/// answers at once with what it has and calls update() when more arrived.
class TileView : public QAbstractScrollArea {
    Q_OBJECT
  public:
    struct Source {
        std::function<QImage(int)> image;  ///< a null image: not there yet
        std::function<TileText(int)> text;
    };

    explicit TileView(const QString& name, QWidget* parent = nullptr);

    void setSource(Source source);
    void setCount(int count);
    [[nodiscard]] int count() const { return count_; }
    void setCurrent(int tile);
    [[nodiscard]] int current() const { return current_; }
    /// Least side of a tile in pixels.
    void setTileSide(int pixels);
    void setEmptyText(const QString& text) { emptyText_ = text; }
    void refresh() { viewport()->update(); }

  Q_SIGNALS:
    void currentChanged(int tile);
    /// '0'..'9', Enter, Space or whatever else moves nothing.
    void keyPressed(int key);
    /// The tiles in sight after scrolling or resizing.
    void shown(int first, int last);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    [[nodiscard]] int columns() const;
    /// Tiles grow until the row is full.
    [[nodiscard]] int side() const;
    [[nodiscard]] QRect tileRect(int tile) const;
    void drawTile(QPainter& painter, int tile) const;
    void drawStrip(QPainter& painter, const QRect& tile, const TileText& text) const;
    void updateScrollBar();
    void announceShown();
    void moveTo(int tile);

    Source source_;
    QString emptyText_;
    int count_ = 0;
    int current_ = -1;
    int leastSide_ = 104;
};

}  // namespace tomoloupe
