#include "ui/views/fraction_chart.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <set>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr double kLegendRow = 18;

QFont sized(QFont font, int pixels) {
    font.setPixelSize(pixels);
    return font;
}

}  // namespace

FractionChart::FractionChart(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setAccessibleName(tr("Accuracy against the part of the labels"));
}

void FractionChart::setSeries(std::vector<Series> series) {
    series_ = std::move(series);
    least_ = 1;
    lowest_ = 1;
    QStringList words;
    for (const Series& one : series_) {
        for (const Point& point : one.points) {
            least_ = std::min(least_, point.fraction);
            for (const double value : point.values) lowest_ = std::min(lowest_, value);
            words << tr("%1, %2 % of the labels: %3 % right")
                         .arg(one.name)
                         .arg(point.fraction * 100, 0, 'g', 3)
                         .arg(point.mean * 100, 0, 'f', 1);
        }
    }
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    least_ = std::min(0.5, least_) * 0.8;
    lowest_ = std::max(0.0, std::floor(lowest_ * 10 - 0.5) / 10);
    update();
}

QRectF FractionChart::plot() const {
    return QRectF(rect()).adjusted(48, 16 + kLegendRow * static_cast<double>(series_.size()), -20, -44);
}

/// Fractions by their logarithm: halving the labels is one step wherever it begins.
QPointF FractionChart::place(double fraction, double accuracy) const {
    const QRectF area = plot();
    const double x = std::log(fraction / least_) / std::log(1.1 / least_);
    return {area.left() + x * area.width(), area.bottom() - (accuracy - lowest_) / (1 - lowest_) * area.height()};
}

void FractionChart::paintAxes(QPainter& painter) const {
    const QRectF area = plot();
    painter.setFont(sized(font(), 11));
    const double step = 1 - lowest_ > 0.5 ? 0.2 : 0.1;
    for (double value = 1; value >= lowest_ - 1e-9; value -= step) {
        const double y = place(1, value).y();
        painter.setPen(QPen(lineColour(palette()), 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(mutedColour(palette()));
        painter.drawText(QRectF(0, y - 8, area.left() - 8, 16), Qt::AlignRight | Qt::AlignVCenter,
                         tr("%1 %").arg(std::lround(value * 100)));
    }
    std::set<double> fractions;
    for (const Series& one : series_) {
        for (const Point& point : one.points) fractions.insert(point.fraction);
    }
    double last = -100;
    for (const double fraction : fractions) {
        const double x = place(fraction, 0).x();
        painter.setPen(QPen(lineColour(palette()), 1));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        if (x - last < 36) continue;
        last = x;
        painter.setPen(mutedColour(palette()));
        painter.drawText(QRectF(x - 30, area.bottom() + 6, 60, 14), Qt::AlignHCenter,
                         tr("%1 %").arg(fraction * 100, 0, 'g', 3));
    }
    painter.setPen(mutedColour(palette()));
    painter.drawText(QRectF(area.left(), area.bottom() + 22, area.width(), 16), Qt::AlignHCenter,
                     tr("part of the labels learnt from"));
}

void FractionChart::paintSeries(QPainter& painter, const Series& series, double shift) const {
    QPolygonF line;
    for (const Point& point : series.points) line.append(place(point.fraction, point.mean) + QPointF(shift, 0));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(series.colour, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(line);
    for (const Point& point : series.points) {
        const auto at = [&](double value) { return place(point.fraction, value) + QPointF(shift, 0); };
        painter.setPen(QPen(series.colour, 1.5));
        if (point.spread > 0) {
            const QPointF top = at(std::min(1.0, point.mean + point.spread)),
                          bottom = at(std::max(lowest_, point.mean - point.spread));
            painter.drawLine(top, bottom);
            for (const QPointF& end : {top, bottom}) painter.drawLine(end - QPointF(4, 0), end + QPointF(4, 0));
        }
        QColor soft = series.colour;
        soft.setAlpha(110);
        painter.setPen(Qt::NoPen);
        painter.setBrush(soft);
        if (point.values.size() > 1) {
            for (const double value : point.values) painter.drawEllipse(at(value) + QPointF(7, 0), 2.5, 2.5);
        }
        painter.setBrush(series.colour);
        painter.drawEllipse(at(point.mean), 4, 4);
    }
}

void FractionChart::paintLegend(QPainter& painter) const {
    painter.setFont(sized(font(), 12));
    double y = 8;
    for (const Series& one : series_) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(one.colour);
        painter.drawEllipse(QPointF(54, y + 8), 4, 4);
        painter.setPen(textColour(palette()));
        QString words = one.name;
        if (!one.points.empty()) {
            const Point& most = one.points.back();
            words += most.spread > 0
                         ? tr(" · %1 ± %2 %").arg(most.mean * 100, 0, 'f', 1).arg(most.spread * 100, 0, 'f', 1)
                         : tr(" · %1 %").arg(most.mean * 100, 0, 'f', 1);
            words += tr(" with %1 % of the labels").arg(most.fraction * 100, 0, 'g', 3);
            if (most.values.size() > 1) words += tr(", %1 runs").arg(most.values.size());
        }
        painter.drawText(QRectF(66, y, width() - 74, 16), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(words, Qt::ElideMiddle, width() - 80));
        y += kLegendRow;
    }
}

void FractionChart::paintEvent(QPaintEvent*) {
    if (series_.empty()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintAxes(painter);
    // Starts beside each other, so that their bars do not hide one another.
    for (std::size_t i = 0; i < series_.size(); ++i)
        paintSeries(painter, series_[i], 6 * (double(i) - double(series_.size() - 1) / 2));
    paintLegend(painter);
}

}  // namespace tomoloupe
