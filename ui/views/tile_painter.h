#pragma once

#include <QCache>
#include <QColor>
#include <QFont>
#include <QImage>
#include <QPalette>
#include <QPixmap>
#include <QString>

class QPainter;

namespace tomoloupe {

/// What a tile says under its picture.
struct TileText {
    QString label;  ///< class name; empty: nothing known
    QColor colour;
    QString figure;          ///< at the right end, such as a probability
    bool suggested = false;  ///< not stored yet: dashed, dark, with a question mark
    int pattern = 0;         ///< 0: plain; 1, 2, ...: tells classes of one colour apart
};

/// Draws tiles: pictures are scaled and their corners rounded once, and kept as pixmaps of the screen's pixels.
class TilePainter {
  public:
    /// Pixmaps are kept for tiles of this size (logical pixels) on a screen of this ratio; another size drops them.
    void setTileSize(QSize size, qreal devicePixelRatio);

    struct Look {
        QRect rect;
        bool current = false, selected = false;
    };
    /// A null image leaves the tile blank.
    void draw(QPainter& painter, const Look& look, const QImage& image, const QPalette& palette);
    void drawStrip(QPainter& painter, const QRect& tile, const TileText& text, const QFont& font) const;
    /// Words in place of a picture that cannot be read.
    void drawTrouble(QPainter& painter, const QRect& tile, const QString& sentence, const QPalette& palette) const;
    /// How far a tile's marks reach beyond it.
    static constexpr int kMarkWidth = 3;

  private:
    [[nodiscard]] const QPixmap& pixmapFor(const QImage& image);

    static constexpr qsizetype kPixmapBytes = 48 << 20;
    QCache<qint64, QPixmap> pixmaps_{kPixmapBytes};  // by the image's cache key
    QSize size_;
    qreal ratio_ = 1;
};

}  // namespace tomoloupe
