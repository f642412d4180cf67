#include "ui/panels/empty_state.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/panels/parts.h"

namespace tomoloupe {

EmptyState makeEmptyState(QWidget* parent, const char* textName, std::initializer_list<QPushButton*> buttons) {
    auto* page = new QWidget(parent);
    page->setProperty("role", QStringLiteral("canvas"));
    page->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(page);
    column->setSpacing(12);
    QLabel* text = makeLabel({}, "empty", page);
    text->setObjectName(QString::fromLatin1(textName));
    text->setAlignment(Qt::AlignCenter);
    text->setWordWrap(true);
    column->addStretch(1);
    column->addWidget(text);
    for (QPushButton* button : buttons) column->addWidget(button, 0, Qt::AlignHCenter);
    column->addStretch(1);
    return {page, text};
}

}  // namespace tomoloupe
