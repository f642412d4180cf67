#include "ui/shell/key_chip.h"

#include <QPainter>

#include "ui/views/palette_roles.h"

namespace tomoloupe {

int paintKeyChips(QPainter& painter, const QRect& row, const QString& keys, const QPalette& palette) {
    if (keys.isEmpty()) return 0;
    painter.save();
    QFont font = painter.font();
    font.setPixelSize(11);
    painter.setFont(font);
    const QString shown = keys.chopped(1).replace(QChar('+'), QChar(' ')) + keys.back();  // "Ctrl++" ends in a key
    const int width = painter.fontMetrics().horizontalAdvance(shown) + 12;
    const QRectF chip(row.right() - width, row.center().y() - 8.5, width, 18);
    QColor edge = mutedColour(palette);
    edge.setAlpha(110);
    painter.setPen(edge);
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setPen(mutedColour(palette));
    painter.drawText(chip, Qt::AlignCenter, shown);
    painter.restore();
    return width + 10;
}

}  // namespace tomoloupe
