#include "ui/views/tile_painter.h"

#include <QPainter>
#include <QPainterPath>
#include <array>
#include <cmath>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kStrip = 18;
constexpr int kCorner = 4;
constexpr int kSwatch = 16;  // of the pattern, at the strip's left end
constexpr std::array kPatterns{Qt::BDiagPattern, Qt::Dense5Pattern, Qt::VerPattern, Qt::CrossPattern,
                               Qt::DiagCrossPattern};

/// The part of a tile with rounded corners that a strip at its foot covers.
QPainterPath footOf(const QRectF& strip) {
    QPainterPath path(strip.topLeft());
    path.lineTo(strip.topRight());
    path.lineTo(strip.right(), strip.bottom() - kCorner);
    path.quadTo(strip.bottomRight(), {strip.right() - kCorner, strip.bottom()});
    path.lineTo(strip.left() + kCorner, strip.bottom());
    path.quadTo(strip.bottomLeft(), {strip.left(), strip.bottom() - kCorner});
    path.closeSubpath();
    return path;
}

/// The colour, lightened until it reads 4.5 : 1 on the dark strip (relative luminance of WCAG 2.1, by its main term).
QColor readable(QColor colour) {
    const auto luminance = [](const QColor& c) {
        const auto linear = [](double v) { return std::pow(v, 2.2); };
        return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
    };
    colour = colour.toHsl();
    while (luminance(colour.toRgb()) < 0.22 && colour.lightnessF() < 0.95f)
        colour.setHslF(colour.hslHueF(), colour.hslSaturationF(), colour.lightnessF() + 0.03f);
    return colour.toRgb();
}

void drawPattern(QPainter& painter, const QRect& strip, const TileText& text, const QColor& ink) {
    QColor faint = ink;
    faint.setAlpha(190);
    const auto pattern = kPatterns[static_cast<std::size_t>(text.pattern - 1) % kPatterns.size()];
    painter.fillRect(QRect(strip.left() + 4, strip.top() + 3, kSwatch - 4, strip.height() - 6), QBrush(faint, pattern));
}

}  // namespace

void TilePainter::setTileSize(QSize size, qreal devicePixelRatio) {
    if (size == size_ && devicePixelRatio == ratio_) return;
    size_ = size;
    ratio_ = devicePixelRatio;
    pixmaps_.clear();
}

const QPixmap& TilePainter::pixmapFor(const QImage& image) {
    if (const QPixmap* kept = pixmaps_.object(image.cacheKey())) return *kept;
    const QSize pixels(qRound(size_.width() * ratio_), qRound(size_.height() * ratio_));
    QPixmap pixmap(pixels);
    pixmap.fill(Qt::transparent);
    {
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(QBrush(image.scaled(pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)));
        painter.drawRoundedRect(QRectF(QPointF(), QSizeF(pixels)), kCorner * ratio_, kCorner * ratio_);
    }
    pixmap.setDevicePixelRatio(ratio_);
    auto* kept = new QPixmap(pixmap);
    pixmaps_.insert(image.cacheKey(), kept, qsizetype(pixels.width()) * pixels.height() * 4);
    return *kept;
}

void TilePainter::draw(QPainter& painter, const Look& look, const QImage& image, const QPalette& palette) {
    if (image.isNull()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(raisedColour(palette));
        painter.drawRoundedRect(look.rect, kCorner, kCorner);
    } else {
        painter.drawPixmap(look.rect.topLeft(), pixmapFor(image));
    }
    if (!look.current && !look.selected) return;
    const QColor accent = accentColour(palette);
    if (look.selected) {
        QColor veil = accent;
        veil.setAlpha(44);
        painter.setBrush(veil);
        painter.setPen(QPen(accent, 1));
        painter.drawRoundedRect(QRectF(look.rect).adjusted(-1.5, -1.5, 1.5, 1.5), kCorner + 1, kCorner + 1);
    }
    painter.setBrush(Qt::NoBrush);
    if (look.current) {
        painter.setPen(QPen(accent, 2));
        painter.drawRoundedRect(QRectF(look.rect).adjusted(-2, -2, 2, 2), kCorner + 1, kCorner + 1);
    }
}

void TilePainter::drawStrip(QPainter& painter, const QRect& tile, const TileText& text, const QFont& font) const {
    if (text.label.isEmpty()) return;
    const QRect strip(tile.left(), tile.bottom() - kStrip + 1, tile.width(), kStrip);
    painter.setFont(font);
    QColor ink = inkOn(text.colour);
    if (text.suggested) {
        painter.fillPath(footOf(strip), QColor(12, 15, 18, 205));
        painter.setPen(QPen(text.colour, 1, Qt::DashLine));
        painter.drawLine(strip.topLeft(), strip.topRight());
        ink = readable(text.colour);
    } else {
        painter.fillPath(footOf(strip), text.colour);
    }
    if (text.pattern > 0) drawPattern(painter, strip, text, ink);
    painter.setPen(ink);
    const QRect inner = strip.adjusted(text.pattern > 0 ? kSwatch + 4 : 6, 0, -6, 0);
    const int figureWidth = text.figure.isEmpty() ? 0 : painter.fontMetrics().horizontalAdvance(text.figure) + 6;
    const QString mark = text.suggested ? QStringLiteral(" ?") : QString();
    const int room = inner.width() - figureWidth - painter.fontMetrics().horizontalAdvance(mark);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text.label, Qt::ElideRight, room) + mark);
    if (!text.figure.isEmpty()) painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter, text.figure);
}

void TilePainter::drawTrouble(QPainter& painter, const QRect& tile, const QString& sentence,
                              const QPalette& palette) const {
    painter.setPen(badColour(palette));
    const QRect room = tile.adjusted(6, 6, -6, -6 - kStrip);
    painter.drawText(room, Qt::AlignCenter | Qt::TextWordWrap | Qt::TextWrapAnywhere, sentence);
}

}  // namespace tomoloupe
