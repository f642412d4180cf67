#include "ui/panels/colour_bar.h"

#include <QPainter>

#include "ui/views/palette_roles.h"

namespace tomoloupe {

ColourBar::ColourBar(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setFixedHeight(40);
}

void ColourBar::setRamp(const std::vector<QColor>& ramp) {
    ramp_ = ramp;
    update();
}

void ColourBar::setEnds(double low, double high) {
    low_ = low;
    high_ = high;
    setAccessibleDescription(tr("From %1 to %2").arg(low_, 0, 'g', 4).arg(high_, 0, 'g', 4));
    update();
}

void ColourBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRectF bar(0, 4, width(), 12);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (std::size_t i = 0; i < ramp_.size(); ++i) gradient.setColorAt(double(i) / double(std::max<std::size_t>(1, ramp_.size() - 1)), ramp_[i]);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(gradient);
    painter.drawRoundedRect(bar, 3, 3);
    QFont small = font();
    small.setPixelSize(11);
    painter.setFont(small);
    painter.setPen(mutedColour(palette()));
    const QRect words(0, 20, width(), 16);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, QString::number(low_, 'g', 3));
    painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter, QString::number(high_, 'g', 3));
}

}  // namespace tomoloupe
