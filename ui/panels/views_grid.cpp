#include "ui/panels/views_grid.h"

#include <QPainter>
#include <algorithm>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kGap = 8, kCaption = 20, kColumns = 3;

}  // namespace

ViewsGrid::ViewsGrid(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setMinimumSize(240, 260);
    setAccessibleName(tr("A particle and views of it"));
}

void ViewsGrid::setPictures(std::vector<QImage> pictures) {
    pictures_ = std::move(pictures);
    update();
}

void ViewsGrid::setWords(const QString& words) {
    words_ = words;
    update();
}

void ViewsGrid::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    QFont small = font();
    small.setPixelSize(11);
    painter.setFont(small);
    painter.setPen(mutedColour(palette()));
    if (pictures_.empty()) {
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, words_);
        return;
    }
    const int rows = (count() + kColumns - 1) / kColumns;
    const int side = std::max(16, std::min((width() - (kColumns - 1) * kGap) / kColumns, (height() - kCaption - (rows - 1) * kGap) / rows));
    for (int i = 0; i < count(); ++i) {
        const QRect place((i % kColumns) * (side + kGap), kCaption + (i / kColumns) * (side + kGap), side, side);
        painter.drawImage(place, pictures_[static_cast<std::size_t>(i)]);
        if (i > 0) continue;
        painter.setPen(accentColour(palette()));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(place.adjusted(0, 0, -1, -1));
    }
    painter.setPen(mutedColour(palette()));
    painter.drawText(QRect(0, 0, width(), kCaption - 4), Qt::AlignLeft | Qt::AlignVCenter, words_);
}

}  // namespace tomoloupe
