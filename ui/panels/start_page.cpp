#include "ui/panels/start_page.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/panels/parts.h"

namespace tomoloupe {

StartPage::StartPage(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("startPage"));
    setProperty("role", QStringLiteral("canvas"));
    setAttribute(Qt::WA_StyledBackground);
    auto* outer = new QVBoxLayout(this);
    auto* box = new QWidget(this);
    box->setFixedWidth(420);
    auto* column = new QVBoxLayout(box);
    column->setSpacing(8);
    column->addWidget(makeLabel(tr("Tomoloupe"), "title", box));
    QLabel* what = makeLabel(
        tr("What is in your tomograms: label a few particles,\nteach a network, see why it says what it says."),
        "empty", box);
    column->addWidget(what);
    column->addSpacing(16);
    QPushButton* demo = makePrimaryButton(tr("Try the demo project"), "startDemo", box);
    QPushButton* open = makeButton(tr("Open a project…"), "startOpenProject", box);
    QPushButton* fresh = makeButton(tr("New project…"), "startNewProject", box);
    QPushButton* tomogram = makeButton(tr("Look at a tomogram…"), "startOpenTomogram", box);
    for (QPushButton* button : {demo, open, fresh, tomogram}) {
        button->setFixedHeight(36);
        column->addWidget(button);
    }
    QLabel* ways =
        makeLabel(tr("Or drop a project folder or a tomogram on this window. Keys and help: F1."), "muted", box);
    ways->setWordWrap(true);
    column->addWidget(ways);
    message_ = makeLabel({}, "muted", box);
    message_->setObjectName(QStringLiteral("startMessage"));
    message_->setWordWrap(true);
    column->addWidget(message_);
    recent_ = new QWidget(box);
    auto* recentColumn = new QVBoxLayout(recent_);
    recentColumn->setContentsMargins(0, 16, 0, 0);
    recentColumn->setSpacing(4);
    column->addWidget(recent_);
    outer->addStretch(2);
    auto* middle = new QHBoxLayout;  // an alignment would not ask wrapped words for their height
    middle->addStretch(1);
    middle->addWidget(box);
    middle->addStretch(1);
    outer->addLayout(middle);
    outer->addStretch(3);
    demo->setFocus();
    connect(demo, &QPushButton::clicked, this, &StartPage::demoWanted);
    connect(open, &QPushButton::clicked, this, &StartPage::openProjectWanted);
    connect(fresh, &QPushButton::clicked, this, &StartPage::newProjectWanted);
    connect(tomogram, &QPushButton::clicked, this, &StartPage::openTomogramWanted);
}

void StartPage::setRecent(const QStringList& folders) {
    auto* column = static_cast<QVBoxLayout*>(recent_->layout());
    while (QLayoutItem* item = column->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    recent_->setVisible(!folders.isEmpty());
    if (folders.isEmpty()) return;
    column->addWidget(makeLabel(tr("Opened before"), "muted", recent_));
    for (const QString& folder : folders) {
        QPushButton* button = makeButton(QFileInfo(folder).completeBaseName(), "startRecent", recent_);
        setRole(button, "link");
        button->setToolTip(folder);
        column->addWidget(button, 0, Qt::AlignLeft);
        connect(button, &QPushButton::clicked, this, [this, folder] { Q_EMIT recentWanted(folder); });
    }
}

void StartPage::setMessage(const QString& sentence, bool error) {
    setRole(message_, error ? "error" : "muted");
    message_->setText(sentence);
}

}  // namespace tomoloupe
