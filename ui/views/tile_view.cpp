#include "ui/views/tile_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <algorithm>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kGap = 8;
constexpr int kMargin = 12;
constexpr int kStrip = 18;

}  // namespace

TileView::TileView(const QString& name, QWidget* parent) : QAbstractScrollArea(parent) {
    setObjectName(name);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
}

void TileView::setSource(Source source) {
    source_ = std::move(source);
}

void TileView::setCount(int count) {
    count_ = count;
    current_ = std::min(current_, count - 1);
    updateScrollBar();
    refresh();
    announceShown();
}

void TileView::setTileSide(int pixels) {
    leastSide_ = pixels;
    updateScrollBar();
    refresh();
}

void TileView::setCurrent(int tile) {
    if (tile == current_ || tile >= count_) return;
    current_ = tile;
    if (tile >= 0) {
        const QRect rect = tileRect(tile);
        QScrollBar* bar = verticalScrollBar();
        if (rect.top() < kGap) bar->setValue(bar->value() + rect.top() - kGap);
        if (rect.bottom() > viewport()->height() - kGap)
            bar->setValue(bar->value() + rect.bottom() - viewport()->height() + kGap);
    }
    refresh();
}

int TileView::columns() const {
    return std::max(1, (viewport()->width() - 2 * kMargin + kGap) / (leastSide_ + kGap));
}

int TileView::side() const {
    return (viewport()->width() - 2 * kMargin + kGap) / columns() - kGap;
}

QRect TileView::tileRect(int tile) const {
    const int column = tile % columns(), row = tile / columns();
    return {kMargin + column * (side() + kGap), kMargin + row * (side() + kGap) - verticalScrollBar()->value(), side(),
            side()};
}

void TileView::updateScrollBar() {
    const int rows = (count_ + columns() - 1) / columns();
    const int content = 2 * kMargin + rows * (side() + kGap) - kGap;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep((side() + kGap) / 2);
    verticalScrollBar()->setRange(0, std::max(0, content - viewport()->height()));
}

void TileView::announceShown() {
    if (count_ == 0) return;
    const int top = verticalScrollBar()->value();
    const int first = std::max(0, (top - kMargin) / (side() + kGap)) * columns();
    const int last = ((top + viewport()->height()) / (side() + kGap) + 1) * columns() - 1;
    Q_EMIT shown(std::min(first, count_ - 1), std::min(last, count_ - 1));
}

void TileView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), canvasColour(palette()));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    if (count_ == 0) {
        painter.setPen(mutedColour(palette()));
        painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
        return;
    }
    const int top = verticalScrollBar()->value();
    const int firstRow = std::max(0, (top - kMargin) / (side() + kGap));
    for (int tile = firstRow * columns(); tile < count_; ++tile) {
        if (tileRect(tile).top() > viewport()->height()) break;
        drawTile(painter, tile);
    }
}

void TileView::drawTile(QPainter& painter, int tile) const {
    const QRect rect = tileRect(tile);
    painter.save();
    QPainterPath outline;
    outline.addRoundedRect(rect, 4, 4);
    painter.setClipPath(outline);
    const QImage image = source_.image ? source_.image(tile) : QImage();
    if (image.isNull()) {
        painter.fillRect(rect, raisedColour(palette()));
    } else {
        painter.drawImage(QRectF(rect), image);
    }
    if (source_.text) drawStrip(painter, rect, source_.text(tile));
    painter.restore();
    if (tile != current_) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(accentColour(palette()), 2));
    painter.drawRoundedRect(QRectF(rect).adjusted(-2, -2, 2, 2), 5, 5);
}

void TileView::drawStrip(QPainter& painter, const QRect& tile, const TileText& text) const {
    if (text.label.isEmpty()) return;
    const QRect strip(tile.left(), tile.bottom() - kStrip + 1, tile.width(), kStrip);
    QFont font = this->font();
    font.setPixelSize(11);
    painter.setFont(font);
    if (text.suggested) {
        painter.fillRect(strip, QColor(12, 15, 18, 205));
        painter.setPen(QPen(text.colour, 1, Qt::DashLine));
        painter.drawLine(strip.topLeft(), strip.topRight());
        painter.setPen(text.colour.lighter(125));
    } else {
        painter.fillRect(strip, text.colour);
        painter.setPen(inkOn(text.colour));
    }
    const QRect inner = strip.adjusted(6, 0, -6, 0);
    const int figureWidth = text.figure.isEmpty() ? 0 : painter.fontMetrics().horizontalAdvance(text.figure) + 6;
    const QString label = text.suggested ? text.label + QStringLiteral(" ?") : text.label;
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(label, Qt::ElideRight, inner.width() - figureWidth));
    painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter, text.figure);
}

void TileView::resizeEvent(QResizeEvent*) {
    updateScrollBar();
    announceShown();
}

void TileView::scrollContentsBy(int, int) {
    refresh();
    announceShown();
}

void TileView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const int row = (event->pos().y() + verticalScrollBar()->value() - kMargin) / (side() + kGap);
    const int column = (event->pos().x() - kMargin) / (side() + kGap);
    const int tile = row * columns() + column;
    if (column >= 0 && column < columns() && tile >= 0 && tile < count_ && tileRect(tile).contains(event->pos()))
        moveTo(tile);
}

void TileView::moveTo(int tile) {
    const int target = std::clamp(tile, 0, count_ - 1);
    if (target == current_) return;
    setCurrent(target);
    Q_EMIT currentChanged(target);
}

void TileView::keyPressEvent(QKeyEvent* event) {
    if (count_ == 0) return QAbstractScrollArea::keyPressEvent(event);
    const int rows = std::max(1, viewport()->height() / (side() + kGap));
    switch (event->key()) {
        case Qt::Key_Left:
            return moveTo(current_ - 1);
        case Qt::Key_Right:
            return moveTo(current_ + 1);
        case Qt::Key_Up:
            return moveTo(current_ < columns() ? current_ : current_ - columns());
        case Qt::Key_Down:
            return moveTo(current_ + columns() < count_ ? current_ + columns() : current_);
        case Qt::Key_PageUp:
            return moveTo(current_ - rows * columns());
        case Qt::Key_PageDown:
            return moveTo(current_ + rows * columns());
        case Qt::Key_Home:
            return moveTo(0);
        case Qt::Key_End:
            return moveTo(count_ - 1);
        default:
            break;
    }
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) return QAbstractScrollArea::keyPressEvent(event);
    Q_EMIT keyPressed(event->key());
}

}  // namespace tomoloupe
