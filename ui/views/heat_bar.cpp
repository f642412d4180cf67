#include "ui/views/heat_bar.h"

#include <QPainter>
#include <cmath>

#include "ui/views/palette_roles.h"

namespace tomoloupe {

HeatBar::HeatBar(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("heatBar"));
    setAccessibleName(tr("Colours of the heat"));
    setFixedWidth(52);
}

void HeatBar::setHeatStyle(const HeatStyle& style) {
    style_ = style;
    update();
}

void HeatBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), canvasColour(palette()));
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF bar(12, 24, 12, height() - 48);
    QLinearGradient gradient(bar.bottomLeft(), bar.topLeft());
    for (int i = 0; i <= 20; ++i) gradient.setColorAt(i / 20.0, toQColor(heatColour(i / 20.0)));
    painter.setPen(Qt::NoPen);
    painter.setBrush(gradient);
    painter.drawRoundedRect(bar, 3, 3);
    const double y = bar.bottom() - style_.threshold * bar.height();
    QColor veil = panelColour(palette());
    veil.setAlpha(205);
    painter.setBrush(veil);
    painter.drawRect(QRectF(bar.left() - 1, y, bar.width() + 2, bar.bottom() - y + 1));
    painter.setPen(QPen(accentColour(palette()), 1.5));
    painter.drawLine(QPointF(bar.left() - 3, y), QPointF(bar.right() + 3, y));
    QFont font = this->font();
    font.setPixelSize(11);
    painter.setFont(font);
    painter.setPen(mutedColour(palette()));
    const auto tell = [&](double at, const QString& words) {
        painter.drawText(QRectF(bar.right() + 6, at - 8, 24, 16), Qt::AlignVCenter, words);
    };
    tell(bar.top(), QStringLiteral("1"));
    tell(bar.bottom(), QStringLiteral("0"));
    if (std::abs(y - bar.bottom()) > 12 && std::abs(y - bar.top()) > 12)
        tell(y, QString::number(style_.threshold, 'f', 2).mid(1));
}

}  // namespace tomoloupe
