#include "ui/panels/parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

#include "core/project/run.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {

void setRole(QWidget* widget, const char* role) {
    widget->setProperty("role", QString::fromLatin1(role));
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

QLabel* makeLabel(const QString& text, const char* role, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setProperty("role", QString::fromLatin1(role));
    return label;
}

QPushButton* makeButton(const QString& text, const char* objectName, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setObjectName(QString::fromLatin1(objectName));
    button->setCursor(Qt::PointingHandCursor);
    return button;
}

QPushButton* makePrimaryButton(const QString& text, const char* objectName, QWidget* parent) {
    QPushButton* button = makeButton(text, objectName, parent);
    button->setProperty("role", QStringLiteral("primary"));
    return button;
}

QPushButton* makeToggle(const QString& text, const char* objectName, QWidget* parent) {
    QPushButton* button = makeButton(text, objectName, parent);
    button->setCheckable(true);
    return button;
}

QHBoxLayout* makeToolBar(QWidget* page, QWidget** bar) {
    auto* strip = new QWidget(page);
    strip->setProperty("role", QStringLiteral("toolbar"));
    strip->setAttribute(Qt::WA_StyledBackground);
    strip->setFixedHeight(40);
    auto* layout = new QHBoxLayout(strip);
    layout->setContentsMargins(12, 0, 12, 0);
    layout->setSpacing(8);
    if (bar) *bar = strip;
    return layout;
}

QColor stateColour(RunState state, const QPalette& palette) {
    switch (state) {
        case RunState::Running:
            return accentColour(palette);
        case RunState::Done:
            return goodColour(palette);
        case RunState::FinishedEarly:
        case RunState::Interrupted:
            return warnColour(palette);
        case RunState::Failed:
            return badColour(palette);
        case RunState::Prepared:
        case RunState::Cancelled:
            break;
    }
    return mutedColour(palette);
}

}  // namespace tomoloupe
