#include "ui/panels/side_panel.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace tomoloupe {

SidePanel::SidePanel(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setProperty("role", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(372);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 0, 12);
    column->setSpacing(12);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget(scroll);
    form_ = new QVBoxLayout(content);
    form_->setContentsMargins(0, 0, 12, 0);
    form_->setSpacing(8);
    scroll->setWidget(content);
    column->addWidget(scroll, 1);
    foot_ = new QVBoxLayout;
    foot_->setContentsMargins(0, 0, 16, 0);
    foot_->setSpacing(8);
    column->addLayout(foot_);
}

}  // namespace tomoloupe
