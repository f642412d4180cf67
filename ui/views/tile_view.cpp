#include "ui/views/tile_view.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kGap = 8;
constexpr int kMargin = 12;
constexpr int kHoverDelay = 400;  // ms
constexpr int kBandTick = 30;     // ms

}  // namespace

TileView::TileView(const QString& name, QWidget* parent) : QAbstractScrollArea(parent) {
    setObjectName(name);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);  // what stays in sight is moved, not painted, when scrolling
    viewport()->setMouseTracking(true);
}

void TileView::setSource(Source source) {
    source_ = std::move(source);
}

void TileView::setCount(int count) {
    endBand();
    count_ = count;
    current_ = std::min(current_, count - 1);
    topTile_ = 0;
    selection_.resize(count);
    updateScrollBar();
    refresh();
    announceShown();
}

void TileView::setTileSide(int pixels) {
    leastSide_ = pixels;
    resizeEvent(nullptr);
}

void TileView::setTileAspect(int widths) {
    aspect_ = std::max(1, widths);
    resizeEvent(nullptr);
}

void TileView::setCurrent(int tile) {
    if (tile == current_ || tile >= count_) return;
    updateTile(current_);
    current_ = tile;
    if (selection_.selected() == 0) selection_.setAnchor(tile);
    if (tile >= 0) {
        const QRect rect = tileRect(tile);
        QScrollBar* bar = verticalScrollBar();
        if (rect.top() < kGap) bar->setValue(bar->value() + rect.top() - kGap);
        if (rect.bottom() > viewport()->height() - kGap)
            bar->setValue(bar->value() + rect.bottom() - viewport()->height() + kGap);
    }
    updateTile(current_);
}

void TileView::updateTile(int tile) {
    if (tile < 0 || tile >= count_) return;
    constexpr int around = TilePainter::kMarkWidth;
    viewport()->update(tileRect(tile).adjusted(-around, -around, around, around));
}

int TileView::columns() const {
    return std::max(1, (viewport()->width() - 2 * kMargin + kGap) / (leastSide_ * aspect_ + kGap));
}

int TileView::tileWidth() const {
    return tileHeight() * aspect_;
}

int TileView::tileHeight() const {
    return std::max(1, ((viewport()->width() - 2 * kMargin + kGap) / columns() - kGap) / aspect_);
}

int TileView::rowHeight() const {
    return tileHeight() + kGap;
}

QRect TileView::tileRect(int tile) const {
    const int column = tile % columns(), row = tile / columns();
    const qint64 y = kMargin + qint64(row) * rowHeight() - verticalScrollBar()->value();
    return {kMargin + column * (tileWidth() + kGap), static_cast<int>(y), tileWidth(), tileHeight()};
}

int TileView::firstRowAt(int y) const {
    return static_cast<int>(std::max<qint64>(0, (contentY(y) - kMargin) / rowHeight()));
}

int TileView::tileAt(QPoint point) const {
    const int column = (point.x() - kMargin) / (tileWidth() + kGap);
    if (point.x() < kMargin || column >= columns()) return -1;
    const qint64 tile = qint64(firstRowAt(point.y())) * columns() + column;
    return tile < count_ && tileRect(static_cast<int>(tile)).contains(point) ? static_cast<int>(tile) : -1;
}

void TileView::updateScrollBar() {
    const qint64 rows = (qint64(count_) + columns() - 1) / columns();
    const qint64 hidden = 2 * kMargin + rows * rowHeight() - kGap - viewport()->height();
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(rowHeight() / 2);
    verticalScrollBar()->setRange(0, static_cast<int>(std::clamp<qint64>(hidden, 0, std::numeric_limits<int>::max())));
}

void TileView::announceShown() {
    if (count_ == 0) return;
    const int first = firstRowAt(0) * columns();
    topTile_ = first;
    const int last = (firstRowAt(viewport()->height()) + 1) * columns() - 1;
    Q_EMIT shown(std::min(first, count_ - 1), std::min(last, count_ - 1));
}

void TileView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), canvasColour(palette()));
    painter.setRenderHint(QPainter::Antialiasing);
    if (count_ == 0) {
        painter.setPen(mutedColour(palette()));
        painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
        return;
    }
    painter_.setTileSize({tileWidth(), tileHeight()}, viewport()->devicePixelRatioF());
    constexpr int around = TilePainter::kMarkWidth;
    const int first = firstRowAt(event->rect().top() - around) * columns();
    for (int tile = first; tile < count_; ++tile) {
        const QRect rect = tileRect(tile).adjusted(-around, -around, around, around);
        if (rect.top() > event->rect().bottom()) break;
        if (event->region().intersects(rect)) drawTile(painter, tile);
    }
    if (!banding_) return;
    QColor veil = accentColour(palette());
    painter.setPen(veil);
    veil.setAlpha(40);
    painter.setBrush(veil);
    const int from = static_cast<int>(pressedY_ - verticalScrollBar()->value());
    painter.drawRect(QRect(QPoint(pressedAt_.x(), from), pointer_).normalized());
}

void TileView::drawTile(QPainter& painter, int tile) {
    const TilePainter::Look look{tileRect(tile), tile == current_, selection_.contains(tile)};
    QFont small = font();
    small.setPixelSize(11);
    painter.setFont(small);
    const QImage image = source_.image ? source_.image(tile) : QImage();
    painter_.draw(painter, look, image, palette());
    if (image.isNull() && source_.trouble) {
        if (const QString why = source_.trouble(tile); !why.isEmpty())
            painter_.drawTrouble(painter, look.rect, why, palette());
    }
    if (source_.text) painter_.drawStrip(painter, look.rect, source_.text(tile), small);
}

/// What stood at the top stays there, however many tiles fit in a row now.
void TileView::resizeEvent(QResizeEvent*) {
    const int top = topTile_;
    updateScrollBar();
    if (top < count_) verticalScrollBar()->setValue(verticalScrollBar()->value() + tileRect(top).top() - kMargin);
    refresh();
    announceShown();
}

void TileView::scrollContentsBy(int, int dy) {
    rest(-1);
    const qreal ratio = viewport()->devicePixelRatioF();
    // Pixels can be moved only by whole ones; the band lies where it is.
    if (banding_ || std::abs(dy) >= viewport()->height() || ratio != std::floor(ratio)) {
        refresh();
    } else {
        viewport()->scroll(0, dy);
    }
    announceShown();
}

// Selection

void TileView::setSelected(const std::vector<int>& tiles) {
    if (selection_.assign(tiles)) refresh();
}

void TileView::changeSelection(bool changed) {
    if (!changed) return;
    refresh();
    Q_EMIT selectionChanged();
}

void TileView::selectAll() {
    changeSelection(selection_.setRange(0, count_ - 1, true));
}

void TileView::clearSelection() {
    const bool changed = selection_.clear();
    selection_.setAnchor(current_);
    changeSelection(changed);
}

void TileView::selectRange(int tile, bool keep) {
    const int anchor = selection_.anchor() >= 0 ? selection_.anchor() : std::max(0, current_);
    const bool cleared = !keep && selection_.clear();
    const bool set = selection_.setRange(anchor, tile, true);
    selection_.setAnchor(anchor);
    changeSelection(cleared || set);
}

void TileView::toggle(int tile) {
    // The current tile counts as chosen where nothing is selected.
    const bool first = selection_.selected() == 0 && current_ >= 0 && current_ != tile;
    if (first) selection_.set(current_, true);
    selection_.set(tile, !selection_.contains(tile));
    selection_.setAnchor(tile);
    changeSelection(true);
}

void TileView::moveTo(int tile, bool extend) {
    const int target = std::clamp(tile, 0, count_ - 1);
    rest(-1);
    if (extend) {
        selectRange(target, false);
    } else {
        changeSelection(selection_.clear());
        selection_.setAnchor(target);
    }
    if (target == current_) return;
    setCurrent(target);
    Q_EMIT currentChanged(target);
}

// Mouse

void TileView::mousePressEvent(QMouseEvent* event) {
    rest(-1);
    if (event->button() != Qt::LeftButton || count_ == 0) return;
    const bool control = event->modifiers() & Qt::ControlModifier, shift = event->modifiers() & Qt::ShiftModifier;
    const int tile = tileAt(event->pos());
    pressed_ = true;
    pressedAt_ = pointer_ = event->pos();
    pressedY_ = contentY(event->pos().y());
    if (tile < 0) {
        if (!control && !shift) changeSelection(selection_.clear());
    } else if (shift) {
        selectRange(tile, control);
    } else if (control) {
        toggle(tile);
    } else {
        moveTo(tile, false);
    }
    if (tile >= 0 && tile != current_) {
        setCurrent(tile);
        Q_EMIT currentChanged(tile);
    }
    bandBase_ = selection_;
}

void TileView::mouseMoveEvent(QMouseEvent* event) {
    pointer_ = event->pos();
    if (!pressed_ || !(event->buttons() & Qt::LeftButton)) {
        const int tile = tileAt(event->pos());
        if (tile != underPointer_) rest(tile);
        return;
    }
    if (!banding_ && (pointer_ - pressedAt_).manhattanLength() < QApplication::startDragDistance()) return;
    banding_ = true;
    drawBand(pointer_);
    if (viewport()->rect().contains(pointer_)) {
        bandScroll_.stop();
    } else if (!bandScroll_.isActive()) {
        bandScroll_.start(kBandTick, this);
    }
}

void TileView::drawBand(QPoint to) {
    selection_ = bandBase_;
    const qint64 y = contentY(to.y());
    const qint64 top = std::min(y, pressedY_) - kMargin, bottom = std::max(y, pressedY_) - kMargin;
    const int left = std::min(to.x(), pressedAt_.x()) - kMargin, right = std::max(to.x(), pressedAt_.x()) - kMargin;
    // First tile whose far end lies beyond the band's near end, last one that begins before its far end.
    const int stepX = tileWidth() + kGap;
    const int firstColumn = std::max(0, (left + kGap) / stepX), lastColumn = std::min(columns() - 1, right / stepX);
    const qint64 firstRow = std::max<qint64>(0, (top + kGap) / rowHeight()), lastRow = bottom / rowHeight();
    if (right >= 0 && bottom >= 0) {
        for (qint64 row = firstRow; row <= lastRow && row * columns() < count_; ++row) {
            const int start = static_cast<int>(row) * columns();
            if (firstColumn <= lastColumn) selection_.setRange(start + firstColumn, start + lastColumn, true);
        }
    }
    refresh();
}

void TileView::mouseReleaseEvent(QMouseEvent*) {
    endBand();
}

void TileView::endBand() {
    const bool wasBanding = banding_;
    pressed_ = banding_ = false;
    bandScroll_.stop();
    bandBase_ = {};
    if (wasBanding) changeSelection(true);
}

void TileView::timerEvent(QTimerEvent* event) {
    if (event->timerId() == bandScroll_.timerId()) {
        const int beyond = pointer_.y() < 0 ? pointer_.y() : std::max(0, pointer_.y() - viewport()->height());
        verticalScrollBar()->setValue(verticalScrollBar()->value() + beyond);
        drawBand(pointer_);
    } else if (event->timerId() == hoverDelay_.timerId()) {
        hoverDelay_.stop();
        hovering_ = underPointer_ >= 0;
        if (hovering_) Q_EMIT hovered(underPointer_);
    }
}

/// The pointer is on another tile (-1: none, or it is not to count): what was shown goes, and the wait begins anew.
void TileView::rest(int tile) {
    underPointer_ = tile;
    hoverDelay_.stop();
    if (std::exchange(hovering_, false)) Q_EMIT hovered(-1);
    if (tile >= 0) hoverDelay_.start(kHoverDelay, this);
}

bool TileView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) rest(-1);
    return QAbstractScrollArea::viewportEvent(event);
}

qint64 TileView::contentY(int y) const {
    return qint64(y) + verticalScrollBar()->value();
}

// Keyboard

int TileView::targetOf(int key) const {
    const int rows = std::max(1, viewport()->height() / rowHeight());
    switch (key) {
        case Qt::Key_Left:
            return current_ - 1;
        case Qt::Key_Right:
            return current_ + 1;
        case Qt::Key_Up:
            return current_ < columns() ? current_ : current_ - columns();
        case Qt::Key_Down:
            return current_ + columns() < count_ ? current_ + columns() : current_;
        case Qt::Key_PageUp:
            return current_ - rows * columns();
        case Qt::Key_PageDown:
            return current_ + rows * columns();
        case Qt::Key_Home:
            return 0;
        case Qt::Key_End:
            return count_ - 1;
        default:
            return -2;
    }
}

void TileView::keyPressEvent(QKeyEvent* event) {
    rest(-1);
    const bool control = event->modifiers() & Qt::ControlModifier, shift = event->modifiers() & Qt::ShiftModifier;
    if (count_ == 0) return QAbstractScrollArea::keyPressEvent(event);
    if (event->matches(QKeySequence::SelectAll)) return selectAll();
    if (event->key() == Qt::Key_Escape && selection_.selected() > 0) return clearSelection();
    if (event->key() == Qt::Key_Space && control && current_ >= 0) return toggle(current_);
    const bool moves = event->key() >= Qt::Key_Home && event->key() <= Qt::Key_PageDown;
    if (!moves || (event->modifiers() & Qt::AltModifier)) return event->ignore();
    moveTo(targetOf(event->key()), shift);
}

}  // namespace tomoloupe
