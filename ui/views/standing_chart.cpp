#include "ui/views/standing_chart.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/views/palette_roles.h"

namespace tomoloupe {

StandingChart::StandingChart(const QString& name, const QString& axis, QWidget* parent) : QWidget(parent), axis_(axis) {
    setObjectName(name);
    setMinimumSize(180, 140);
}

void StandingChart::setPoints(std::vector<Point> points) {
    points_ = std::move(points);
    update();
}

QRectF StandingChart::plot() const {
    return QRectF(rect()).adjusted(44, 12, -16, -36);
}

QPointF StandingChart::place(double x, double value) const {
    const double most = points_.empty() ? 1 : std::max(1.0, points_.back().x);
    return {plot().left() + x / most * plot().width(), plot().bottom() - value * plot().height()};
}

void StandingChart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(lineColour(palette()), 1));
    painter.setBrush(panelColour(palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    QFont small = font();
    small.setPixelSize(11);
    painter.setFont(small);
    if (points_.empty()) {
        painter.setPen(mutedColour(palette()));
        painter.drawText(rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
        return;
    }
    drawGrid(painter);
    drawPoints(painter);
}

void StandingChart::drawGrid(QPainter& painter) const {
    for (const int percent : {0, 25, 50, 75, 100}) {
        const double y = std::floor(place(0, percent / 100.0).y()) + 0.5;
        painter.setPen(QPen(lineColour(palette()), 1));
        painter.drawLine(QPointF(plot().left(), y), QPointF(plot().right(), y));
        painter.setPen(mutedColour(palette()));
        painter.drawText(QRectF(0, y - 8, plot().left() - 8, 16), Qt::AlignRight | Qt::AlignVCenter, tr("%1 %").arg(percent));
    }
    const QRectF below(plot().left(), plot().bottom() + 4, plot().width(), 28);
    painter.drawText(below, Qt::AlignLeft | Qt::AlignTop, QStringLiteral("0"));
    painter.drawText(below, Qt::AlignRight | Qt::AlignTop, QString::number(points_.back().x));
    painter.drawText(below, Qt::AlignHCenter | Qt::AlignBottom, axis_);
}

void StandingChart::drawPoints(QPainter& painter) const {
    QColor band = accentColour(palette());
    QPolygonF line, area;
    for (const Point& point : points_) line.append(place(point.x, point.value));
    for (const Point& point : points_) area.append(place(point.x, point.high));
    for (auto point = points_.rbegin(); point != points_.rend(); ++point) area.append(place(point->x, point->low));
    painter.setPen(QPen(band, 1.5));
    for (const Point& point : points_) painter.drawLine(place(point.x, point.low), place(point.x, point.high));
    painter.drawPolyline(line);
    painter.setBrush(band);
    for (const QPointF& point : line) painter.drawEllipse(point, 3, 3);
    band.setAlpha(30);
    painter.setPen(Qt::NoPen);
    painter.setBrush(band);
    painter.drawPolygon(area);
}

bool StandingChart::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || points_.empty()) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto nearest = std::min_element(points_.begin(), points_.end(), [&](const Point& a, const Point& b) {
        const double at = help->pos().x();
        return std::abs(place(a.x, 0).x() - at) < std::abs(place(b.x, 0).x() - at);
    });
    QToolTip::showText(help->globalPos(), nearest->tip, this);
    return true;
}

}  // namespace tomoloupe
