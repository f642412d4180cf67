#include "ui/views/range_slider.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr double kHandle = 6;  // radius, pixels

}  // namespace

RangeSlider::RangeSlider(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void RangeSlider::setRange(double low, double high) {
    low_ = std::clamp(low, 0.0, 1.0);
    high_ = std::clamp(high, low_, 1.0);
    update();
}

double RangeSlider::xOf(double value) const {
    return kHandle + 1 + value * (width() - 2 * kHandle - 2);
}

void RangeSlider::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = height() / 2.0;
    painter.setPen(Qt::NoPen);
    painter.setBrush(lineColour(palette()));
    painter.drawRoundedRect(QRectF(xOf(0), middle - 2, xOf(1) - xOf(0), 4), 2, 2);
    painter.setBrush(accentColour(palette()));
    painter.drawRoundedRect(QRectF(xOf(low_), middle - 2, xOf(high_) - xOf(low_), 4), 2, 2);
    painter.setPen(QPen(hasFocus() ? accentColour(palette()) : mutedColour(palette()), 1));
    for (const double value : {low_, high_}) {
        painter.setBrush(value == low_ ? QColor(28, 32, 38) : QColor(236, 240, 244));
        painter.drawEllipse(QPointF(xOf(value), middle), kHandle, kHandle);
    }
}

void RangeSlider::mousePressEvent(QMouseEvent* event) {
    const double x = event->position().x();
    movesHigh_ = std::abs(x - xOf(high_)) < std::abs(x - xOf(low_)) || (low_ == high_ && x > xOf(high_));
    mouseMoveEvent(event);
}

void RangeSlider::mouseMoveEvent(QMouseEvent* event) {
    moveHandle((event->position().x() - xOf(0)) / std::max(1.0, xOf(1) - xOf(0)));
}

void RangeSlider::keyPressEvent(QKeyEvent* event) {
    const int direction = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (direction == 0) return QWidget::keyPressEvent(event);
    movesHigh_ = !(event->modifiers() & Qt::ShiftModifier);
    moveHandle((movesHigh_ ? high_ : low_) + 0.02 * direction);
}

void RangeSlider::moveHandle(double value) {
    if (movesHigh_) {
        high_ = std::clamp(value, low_, 1.0);
    } else {
        low_ = std::clamp(value, 0.0, high_);
    }
    update();
    Q_EMIT rangeChanged(low_, high_);
}

}  // namespace tomoloupe
