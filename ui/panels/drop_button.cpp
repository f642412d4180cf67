#include "ui/panels/drop_button.h"

#include <QFrame>
#include <QScreen>
#include <QVBoxLayout>
#include <algorithm>

namespace tomoloupe {

DropButton::DropButton(const QString& text, const QString& name, QWidget* parent)
    : QPushButton(parent), panel_(new QFrame(this, Qt::Popup)), content_(new QVBoxLayout(panel_)) {
    setObjectName(name);
    setCursor(Qt::PointingHandCursor);
    setWords(text);
    panel_->setObjectName(name + QStringLiteral("Panel"));
    panel_->setProperty("role", QStringLiteral("drop"));
    panel_->setAttribute(Qt::WA_StyledBackground);
    panel_->setFixedWidth(320);
    content_->setContentsMargins(12, 12, 12, 12);
    content_->setSpacing(8);
    connect(this, &QPushButton::clicked, this, &DropButton::drop);
}

void DropButton::setWords(const QString& text) {
    setText(text + QStringLiteral("  ▾"));
    setAccessibleName(text);
}

void DropButton::drop() {
    Q_EMIT opened();
    panel_->adjustSize();
    QPoint corner = mapToGlobal(QPoint(0, height() + 4));
    if (const QScreen* screen = this->screen()) {
        const QRect there = screen->availableGeometry();
        corner.setX(std::clamp(corner.x(), there.left(), std::max(there.left(), there.right() - panel_->width())));
    }
    panel_->move(corner);
    panel_->show();
}

}  // namespace tomoloupe
