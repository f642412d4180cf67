#include "ui/views/reliability_chart.h"

#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr double kCounts = 28;  // height of the histogram below

QFont sized(QFont font, int pixels) {
    font.setPixelSize(pixels);
    return font;
}

QColor faint(QColor colour, int alpha) {
    colour.setAlpha(alpha);
    return colour;
}

}  // namespace

ReliabilityChart::ReliabilityChart(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setAccessibleName(tr("Reliability diagram"));
}

void ReliabilityChart::setBins(std::vector<Bin> bins, double expectedError) {
    bins_ = std::move(bins);
    error_ = expectedError;
    setAccessibleDescription(tr("Expected calibration error %1").arg(error_, 0, 'f', 3));
    update();
}

QRectF ReliabilityChart::plot() const {
    return QRectF(rect()).adjusted(36, 8, -8, -(kCounts + 40));
}

void ReliabilityChart::paintAxes(QPainter& painter) const {
    const QRectF area = plot();
    painter.setFont(sized(font(), 11));
    for (int i = 0; i <= 4; ++i) {
        const double y = area.bottom() - area.height() * i / 4;
        painter.setPen(QPen(lineColour(palette()), 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(mutedColour(palette()));
        painter.drawText(QRectF(0, y - 8, area.left() - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(i * 25));
        const double x = area.left() + area.width() * i / 4;
        painter.drawText(QRectF(std::min(x - 20, width() - 34.0), area.bottom() + kCounts + 8, 40, 14),
                         Qt::AlignHCenter, QString::number(i * 25));
    }
    painter.drawText(QRectF(area.left(), height() - 16, area.width(), 14), Qt::AlignHCenter, tr("how sure, %"));
    painter.drawText(QRectF(area.left() + 8, area.top() + 4, area.width(), 14), Qt::AlignLeft,
                     tr("how often right, %"));
    painter.setPen(QPen(mutedColour(palette()), 1, Qt::DashLine));
    painter.drawLine(area.bottomLeft(), area.topRight());
}

void ReliabilityChart::paintBins(QPainter& painter) const {
    const QRectF area = plot();
    qint64 most = 1;
    for (const Bin& bin : bins_) most = std::max(most, bin.count);
    for (const Bin& bin : bins_) {
        if (bin.count == 0) continue;
        const double left = area.left() + bin.low * area.width() + 1, wide = (bin.high - bin.low) * area.width() - 2;
        const double tall = bin.accuracy * area.height(), sure = bin.confidence * area.height();
        painter.setPen(Qt::NoPen);
        painter.setBrush(faint(badColour(palette()), 90));  // the gap
        painter.drawRect(QRectF(left, area.bottom() - std::max(tall, sure), wide, std::abs(tall - sure)));
        painter.setBrush(faint(accentColour(palette()), 190));
        painter.drawRect(QRectF(left, area.bottom() - std::min(tall, sure), wide, std::min(tall, sure)));
        painter.setPen(QPen(accentColour(palette()), 2));
        painter.drawLine(QPointF(left, area.bottom() - tall), QPointF(left + wide, area.bottom() - tall));
        const double bar = std::max(1.0, kCounts * double(bin.count) / double(most));
        painter.setPen(Qt::NoPen);
        painter.setBrush(faint(mutedColour(palette()), 150));
        painter.drawRect(QRectF(left, area.bottom() + 5 + kCounts - bar, wide, bar));
    }
}

void ReliabilityChart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintAxes(painter);
    paintBins(painter);
    painter.setFont(sized(font(), 12));
    painter.setPen(textColour(palette()));
    const QRectF area = plot();
    painter.drawText(QRectF(area.left() + 8, area.top() + 20, area.width() * 0.7, 16), Qt::AlignLeft,
                     tr("ECE %1").arg(error_, 0, 'f', 3));
}

bool ReliabilityChart::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const double at = (help->pos().x() - plot().left()) / plot().width();
    QString words =
        tr("Expected calibration error: how far the bars lie from the diagonal, weighted by the number of particles");
    for (const Bin& bin : bins_) {
        if (bin.count > 0 && at > bin.low && at <= bin.high)
            words = tr("%1 particles, on average %2 % sure, %3 % right")
                        .arg(QLocale().toString(bin.count))
                        .arg(bin.confidence * 100, 0, 'f', 0)
                        .arg(bin.accuracy * 100, 0, 'f', 0);
    }
    QToolTip::showText(help->globalPos(), words, this);
    return true;
}

}  // namespace tomoloupe
