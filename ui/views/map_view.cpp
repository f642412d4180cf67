#include "ui/views/map_view.h"

#include <QGuiApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyleHints>
#include <algorithm>
#include <cmath>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr std::chrono::milliseconds kSlice{6};  // of drawing between looks at events
constexpr int kHoverDelay = 120;                // ms that the pointer rests before a point says what it is
constexpr double kReach = 8;                    // pixels around the pointer
constexpr double kMargin = 0.06;                // of the view around all points
constexpr double kZoomStep = 1.2;

}  // namespace

MapView::MapView(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMinimumSize(160, 160);
    setTool(Tool::Lasso);
}

void MapView::setPoints(std::span<const float> positions, bool fitAll) {
    const bool another = positions.size() != positions_.size();
    positions_.assign(positions.begin(), positions.end());
    canvas_.setPoints(positions);
    if (another) {
        current_ = -1;
        shown_ = {};
    }
    if (another || fitAll) fit();
    rest(-1);
    redraw();
}

void MapView::setStyles(const std::vector<std::uint8_t>& styleOf, std::vector<PointStyle> styles) {
    canvas_.setStyles(styleOf, std::move(styles));
    redraw();
}

void MapView::setSelected(const std::vector<std::int64_t>& points) {
    canvas_.setSelected(points);
    redraw();
}

void MapView::setCurrent(std::int64_t point) {
    if (point == current_) return;
    current_ = point;
    update();
}

void MapView::setTool(Tool tool) {
    tool_ = tool;
    setCursor(tool == Tool::Move ? Qt::OpenHandCursor : Qt::CrossCursor);
}

void MapView::setCaption(const QString& top, const QString& bottom) {
    top_ = top;
    bottom_ = bottom;
    update();
}

void MapView::fit() {
    wantsFit_ = true;
    if (positions_.empty() || width() < 2 || height() < 2) return;
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (std::size_t i = 0; i < positions_.size(); ++i) {
        const auto value = double(positions_[i]);
        low[i % 2] = std::min(low[i % 2], value);
        high[i % 2] = std::max(high[i % 2], value);
    }
    const double spanX = std::max(high[0] - low[0], 1e-6), spanY = std::max(high[1] - low[1], 1e-6);
    const double scale = (1 - 2 * kMargin) * std::min(width() / spanX, height() / spanY);
    setTransform({(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, scale});
    wantsFit_ = true;
}

void MapView::zoom(double factor, const QPointF& around) {
    const QPointF fixed = transform_.toMap(around, size());
    MapTransform next = transform_;
    next.scale = std::clamp(next.scale * factor, 1e-6, 1e9);
    const QPointF moved = next.toMap(around, size());
    next.centreX += fixed.x() - moved.x();
    next.centreY += fixed.y() - moved.y();
    setTransform(next);
}

void MapView::setTransform(const MapTransform& transform) {
    wantsFit_ = false;
    if (transform == transform_) return;
    transform_ = transform;
    redraw();
}

QPointF MapView::positionOf(std::int64_t point) const {
    const auto at = static_cast<std::size_t>(2 * point);
    return transform_.toScreen(double(positions_[at]), double(positions_[at + 1]), size());
}

std::int64_t MapView::pointAt(const QPointF& place) const {
    const QPointF centre = transform_.toMap(place, size());
    const auto x = static_cast<float>(centre.x()), y = static_cast<float>(centre.y());
    const auto reach = static_cast<float>(std::max(kReach, canvas_.radius() + 2) / transform_.scale);
    float nearest = reach * reach;
    std::int64_t found = -1;
    for (std::size_t i = 0; i < positions_.size(); i += 2) {
        const float dx = positions_[i] - x, dy = positions_[i + 1] - y, squared = dx * dx + dy * dy;
        if (squared < nearest) {
            nearest = squared;
            found = static_cast<std::int64_t>(i / 2);
        }
    }
    return found;
}

bool MapView::drawn() const { return !stale_ && canvas_.complete() && shownTransform_ == transform_; }

MapCanvas::Frame MapView::frame() const {
    return {transform_, size(), devicePixelRatioF(), canvasColour(palette()), mutedColour(palette())};
}

void MapView::redraw() {
    stale_ = true;
    if (!drawing_.isActive()) drawing_.start(0, this);
    update();
}

/// A picture begun is finished even when it is not of now: while a hand moves the map, pictures keep coming.
void MapView::drawOn() {
    if (!isVisible() || width() < 2 || height() < 2) return drawing_.stop();
    if (canvas_.complete() && stale_) {
        canvas_.begin(frame());
        stale_ = false;
    }
    if (!canvas_.draw(kSlice)) return;
    if (canvas_.frame().size == size()) {
        shown_ = canvas_.image();
        shownTransform_ = canvas_.frame().transform;
    }
    if (!stale_) drawing_.stop();
    update();
}

void MapView::paintEvent(QPaintEvent*) {
    if (stale_ && !drawing_.isActive()) drawing_.start(0, this);  // what changed while it was out of sight
    QPainter painter(this);
    const QSizeF whole = size();
    if (shown_.isNull()) {
        painter.fillRect(rect(), canvasColour(palette()));
    } else {
        const double factor = transform_.scale / shownTransform_.scale;
        const QSizeF drawnSize = shown_.deviceIndependentSize();
        const QPointF centre = transform_.toScreen(shownTransform_.centreX, shownTransform_.centreY, whole);
        const QSizeF target = drawnSize * factor;
        const QRectF place(centre - QPointF(target.width() / 2, target.height() / 2), target);
        if (!place.contains(QRectF(rect()))) painter.fillRect(rect(), canvasColour(palette()));
        painter.drawImage(place, shown_);
    }
    drawMarks(painter);
    drawWords(painter);
}

void MapView::drawMarks(QPainter& painter) {
    painter.setRenderHint(QPainter::Antialiasing);
    const auto ring = [&](std::int64_t point, const QColor& colour, double width) {
        if (point < 0 || point >= count()) return;
        painter.setBrush(Qt::NoBrush);
        const double radius = canvas_.radius() + 4;
        painter.setPen(QPen(canvasColour(palette()), width + 2));
        painter.drawEllipse(positionOf(point), radius, radius);
        painter.setPen(QPen(colour, width));
        painter.drawEllipse(positionOf(point), radius, radius);
    };
    ring(current_, accentColour(palette()), 2);
    if (underPointer_ != current_) ring(underPointer_, textColour(palette()), 1.5);
    if (line_.size() < 2) return;
    QColor fill = accentColour(palette());
    fill.setAlpha(36);
    painter.setPen(QPen(accentColour(palette()), 1.5));
    painter.setBrush(fill);
    painter.drawPolygon(line_);
}

void MapView::drawWords(QPainter& painter) {
    QFont small = font();
    small.setPixelSize(11);
    painter.setFont(small);
    const QRect room = rect().adjusted(12, 8, -12, -8);
    const auto say = [&](const QString& text, Qt::Alignment where) {
        if (text.isEmpty()) return;
        const QString words = painter.fontMetrics().elidedText(text, Qt::ElideRight, room.width());
        QRect place = painter.fontMetrics().boundingRect(room, int(where), words);
        QColor behind = canvasColour(palette());
        behind.setAlpha(190);
        painter.fillRect(place.adjusted(-4, -2, 4, 2), behind);
        painter.setPen(mutedColour(palette()));
        painter.drawText(room, int(where), words);
    };
    say(top_, Qt::AlignLeft | Qt::AlignTop);
    say(bottom_, Qt::AlignLeft | Qt::AlignBottom);
}

void MapView::resizeEvent(QResizeEvent*) {
    if (wantsFit_) fit();
    redraw();
}

void MapView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) redraw();
}

void MapView::wheelEvent(QWheelEvent* event) {
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0) zoom(std::pow(kZoomStep, steps), event->position());
    event->accept();
}

MapView::Change MapView::changeOf(Qt::KeyboardModifiers keys) {
    return keys & Qt::ShiftModifier ? Change::Add : keys & Qt::ControlModifier ? Change::Remove : Change::Replace;
}

void MapView::mousePressEvent(QMouseEvent* event) {
    rest(-1);
    pressedAt_ = lastAt_ = event->position();
    dragged_ = false;
    panning_ = event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && tool_ == Tool::Move);
    pressed_ = panning_ || event->button() == Qt::LeftButton;
    line_.clear();
}

void MapView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF at = event->position();
    if (!pressed_) {
        const std::int64_t point = pointAt(at);
        if (point == underPointer_) return;
        rest(-1);
        underPointer_ = point;
        if (point >= 0) hoverDelay_.start(kHoverDelay, this);
        return update();
    }
    if (!dragged_ && (at - pressedAt_).manhattanLength() < QGuiApplication::styleHints()->startDragDistance()) return;
    dragged_ = true;
    if (panning_) {
        setCursor(Qt::ClosedHandCursor);
        MapTransform next = transform_;
        next.centreX -= (at.x() - lastAt_.x()) / next.scale;
        next.centreY += (at.y() - lastAt_.y()) / next.scale;
        setTransform(next);
    } else if (tool_ == Tool::Rectangle) {
        line_ = QPolygonF(QRectF(pressedAt_, at).normalized());
    } else {
        if (line_.isEmpty()) line_.append(pressedAt_);
        line_.append(at);
    }
    lastAt_ = at;
    update();
}

void MapView::mouseReleaseEvent(QMouseEvent* event) {
    if (!std::exchange(pressed_, false)) return;
    setTool(tool_);
    const Change change = changeOf(event->modifiers());
    const QPolygonF area = std::exchange(line_, QPolygonF());
    update();
    if (std::exchange(panning_, false) && (dragged_ || event->button() != Qt::LeftButton)) return;
    if (dragged_) {
        if (area.size() > 2) Q_EMIT areaChosen(pointsWithin(area), change);
        return;
    }
    Q_EMIT pointChosen(pointAt(event->position()), change);
}

void MapView::mouseDoubleClickEvent(QMouseEvent* event) {
    const QPointF place = transform_.toMap(event->position(), size());
    setTransform({place.x(), place.y(), transform_.scale});
}

/// By a picture of the area: each point costs one look, however long the line is.
std::vector<std::int64_t> MapView::pointsWithin(const QPolygonF& area) const {
    const QRect bounds = area.boundingRect().toAlignedRect();
    if (bounds.isEmpty()) return {};
    QImage mask(bounds.size() + QSize(1, 1), QImage::Format_Grayscale8);
    mask.fill(0);
    QPainter painter(&mask);
    painter.translate(-bounds.topLeft());
    painter.setPen(Qt::NoPen);
    painter.setBrush(Qt::white);
    painter.drawPolygon(area, Qt::WindingFill);
    painter.end();
    std::vector<std::int64_t> found;
    for (std::int64_t i = 0; i < count(); ++i) {
        const QPointF at = positionOf(i) - bounds.topLeft();
        const int x = static_cast<int>(std::floor(at.x())), y = static_cast<int>(std::floor(at.y()));
        if (mask.valid(x, y) && mask.constScanLine(y)[x] > 0) found.push_back(i);
    }
    return found;
}

void MapView::leaveEvent(QEvent*) { rest(-1); }

void MapView::rest(std::int64_t point) {
    hoverDelay_.stop();
    underPointer_ = point;
    if (std::exchange(hovering_, false)) Q_EMIT hovered(-1);
    update();
}

void MapView::timerEvent(QTimerEvent* event) {
    if (event->timerId() == drawing_.timerId()) return drawOn();
    if (event->timerId() != hoverDelay_.timerId()) return QWidget::timerEvent(event);
    hoverDelay_.stop();
    hovering_ = underPointer_ >= 0;
    if (hovering_) Q_EMIT hovered(underPointer_);
}

}  // namespace tomoloupe
