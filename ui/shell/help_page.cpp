#include "ui/shell/help_page.h"

#include <QAction>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QShortcut>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/panels/parts.h"
#include "ui/shell/action_list.h"
#include "ui/shell/key_button.h"

namespace tomoloupe {
namespace {

constexpr int kTextWidth = 260, kKeysWidth = 168;

}  // namespace

HelpPage::HelpPage(ActionList& actions, QWidget* parent) : QWidget(parent), actions_(actions) {
    setObjectName(QStringLiteral("helpPage"));
    setProperty("role", QStringLiteral("canvas"));
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildHead(column);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("helpScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    auto* outer = new QWidget(scroll);
    auto* middle = new QHBoxLayout(outer);
    content_ = new QWidget(outer);
    content_->setMaximumWidth(980);
    middle->addStretch(1);
    middle->addWidget(content_, 20);
    middle->addStretch(1);
    scroll->setWidget(outer);
    column->addWidget(scroll, 1);
    auto* escape = new QShortcut(Qt::Key_Escape, this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &HelpPage::closeWanted);
}

void HelpPage::buildHead(QVBoxLayout* column) {
    QWidget* strip = nullptr;
    QHBoxLayout* bar = makeToolBar(this, &strip);
    bar->addWidget(makeLabel(tr("Keys and help"), "strong", strip));
    bar->addSpacing(8);
    search_ = new QLineEdit(strip);
    search_->setObjectName(QStringLiteral("helpSearch"));
    search_->setPlaceholderText(tr("Search"));
    search_->setAccessibleName(tr("Search the help"));
    search_->setToolTip(tr("Shows the rows that hold these words"));
    search_->setClearButtonEnabled(true);
    search_->setFixedWidth(260);
    bar->addWidget(search_);
    bar->addStretch(1);
    QPushButton* back = makeButton(tr("Set all keys back"), "helpKeysBack", strip);
    back->setToolTip(tr("Every action gets the keys it came with; those of classes belong to the project and stay"));
    QPushButton* close = makeButton(tr("Close"), "helpClose", strip);
    close->setToolTip(tr("Back to the page (Esc)"));
    bar->addWidget(back);
    bar->addWidget(close);
    column->addWidget(strip);
    connect(search_, &QLineEdit::textChanged, this, &HelpPage::filter);
    connect(close, &QPushButton::clicked, this, &HelpPage::closeWanted);
    connect(back, &QPushButton::clicked, this, [this] {
        actions_.setAllBack();
        rebuild();
    });
}

void HelpPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    actions_.collect();
    rebuild();
    search_->setFocus();
    search_->selectAll();
}

void HelpPage::rebuild() {
    sections_.clear();
    qDeleteAll(content_->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
    delete content_->layout();
    auto* column = new QVBoxLayout(content_);
    column->setContentsMargins(24, 16, 24, 32);
    column->setSpacing(20);
    QLabel* how =
        makeLabel(tr("Press the keys of an action to give it others. Everything here is also found by its name in the "
                     "command field on top of the window."),
                  "muted", content_);
    how->setWordWrap(true);
    column->addWidget(how);
    nothing_ = makeLabel({}, "empty", content_);
    nothing_->hide();
    column->addWidget(nothing_);
    addActions(column);
    addHands(column);
    column->addStretch(1);
    filter();
}

void HelpPage::addActions(QVBoxLayout* column) {
    QStringList groups;
    for (const ActionList::Entry& entry : actions_.entries()) {
        if (entry.action && !groups.contains(entry.group)) groups.append(entry.group);
    }
    for (const QString& group : groups) {
        QGridLayout* grid = addSection(column, group);
        for (const ActionList::Entry& entry : actions_.entries()) {
            if (entry.action && entry.group == group) addActionRow(grid, entry.action, entry.help);
        }
    }
}

void HelpPage::addHands(QVBoxLayout* column) {
    QGridLayout* gallery = addSection(column, tr("In the gallery, without Ctrl"));
    addHandsRow(gallery, tr("1 … 9, 0, letters"),
                tr("Label the selection, or the current particle and go on to the next without a label"));
    addHandsRow(gallery, tr("Enter"), tr("Accept the suggestion of the model and go on"));
    addHandsRow(gallery, tr("J"), tr("Mark as junk, which the model learns to tell from the rest"));
    addHandsRow(gallery, tr("U"), tr("Mark as unsure, from which nothing is learnt"));
    addHandsRow(gallery, tr("Space"), tr("Skip: go on without a label"));
    addHandsRow(gallery, tr("Arrows, Page Up, Page Down"), tr("Move between the tiles"));
    addHandsRow(gallery, tr("Click"), tr("Choose a particle; it is the current one on every page"));
    addHandsRow(gallery, tr("Ctrl + click, Shift + click, drag"), tr("Select several, which are labelled as one step"));
    addHandsRow(gallery, tr("Wheel"), tr("Scroll"));
    QGridLayout* slices = addSection(column, tr("In slices"));
    addHandsRow(slices, tr("Wheel"), tr("Next or previous slice"));
    addHandsRow(slices, tr("Ctrl + wheel"), tr("Zoom"));
    addHandsRow(slices, tr("Shift + wheel"), tr("Thicker or thinner slab"));
    addHandsRow(slices, tr("Click"), tr("Crosshair to this place"));
    addHandsRow(slices, tr("Double click"), tr("This place to the middle"));
    addHandsRow(slices, tr("Middle drag"), tr("Move the picture"));
    QGridLayout* surfaces = addSection(column, tr("In surfaces"));
    addHandsRow(surfaces, tr("Left drag"), tr("Turn"));
    addHandsRow(surfaces, tr("Middle drag"), tr("Move"));
    addHandsRow(surfaces, tr("Right drag, wheel"), tr("Zoom"));
    QGridLayout* files = addSection(column, tr("Files from the desktop"));
    addHandsRow(files, tr("Drop a tomogram"), tr("Add it to the project; without a project, look at it"));
    addHandsRow(files, tr("Drop a .star file"), tr("Look at its positions, then import them"));
    addHandsRow(files, tr("Drop a folder"), tr("Open the project, or import its subtomograms"));
}

QGridLayout* HelpPage::addSection(QVBoxLayout* column, const QString& title) {
    auto* box = new QWidget(content_);
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(6);
    grid->setColumnMinimumWidth(0, kTextWidth);
    grid->setColumnStretch(1, 1);
    grid->setColumnMinimumWidth(2, kKeysWidth);
    grid->addWidget(makeLabel(title, "strong", box), 0, 0, 1, 3);
    column->addWidget(box);
    sections_.push_back({box, {}});
    return grid;
}

void HelpPage::addActionRow(QGridLayout* grid, QAction* action, const QString& help) {
    QWidget* box = sections_.back().box;
    QString name = action->text();
    name.remove(QChar('&'));
    const int row = grid->rowCount();
    QLabel* text = makeLabel(name, "field", box);
    text->setWordWrap(true);
    QLabel* words = makeLabel(help, "muted", box);
    words->setWordWrap(true);
    auto* keys = new KeyButton(QStringLiteral("key_") + action->objectName(), ActionList::keyText(action), box);
    keys->setAccessibleName(tr("Keys of %1").arg(name));
    QLabel* note = makeLabel({}, "error", box);
    note->setObjectName(QStringLiteral("note_") + action->objectName());
    note->setWordWrap(true);
    note->hide();
    grid->addWidget(text, row, 0);
    grid->addWidget(words, row, 1);
    grid->addWidget(keys, row, 2);
    grid->addWidget(note, row + 1, 0, 1, 3, Qt::AlignRight);
    connect(keys, &KeyButton::keyWanted, this, [this, guarded = QPointer(action), keys, note](const QKeySequence& key) {
        if (guarded) changeKey(guarded, keys, note, key);
    });
    sections_.back().rows.push_back(
        {name + QChar(' ') + help + QChar(' ') + ActionList::keyText(action), {text, words, keys}});
}

void HelpPage::addHandsRow(QGridLayout* grid, const QString& keys, const QString& does) {
    QWidget* box = sections_.back().box;
    const int row = grid->rowCount();
    QLabel* hands = makeLabel(keys, "field", box);
    QLabel* words = makeLabel(does, "muted", box);
    words->setWordWrap(true);
    grid->addWidget(hands, row, 0);
    grid->addWidget(words, row, 1, 1, 2);
    sections_.back().rows.push_back({keys + QChar(' ') + does, {hands, words}});
}

void HelpPage::changeKey(QAction* action, KeyButton* button, QLabel* note, const QKeySequence& key) {
    const QString objection = actions_.setKey(action, key);
    note->setText(objection);
    note->setVisible(!objection.isEmpty());
    button->setKeys(ActionList::keyText(action));
    // Classes without a key of their own take the next free one: their rows tell other keys now.
    if (objection.isEmpty() && ActionList::classOf(action))
        QTimer::singleShot(0, this, [this, name = button->objectName()] {
            actions_.collect();
            rebuild();
            if (auto* same = findChild<QWidget*>(name)) same->setFocus();
        });
}

void HelpPage::filter() {
    const QString typed = search_->text().trimmed();
    bool anything = false;
    for (const Section& section : sections_) {
        bool any = false;
        for (const Row& row : section.rows) {
            bool holds = true;
            for (const QString& word : typed.split(QChar(' '), Qt::SkipEmptyParts))
                holds = holds && row.words.contains(word, Qt::CaseInsensitive);
            for (QWidget* widget : row.widgets) widget->setVisible(holds);
            any = any || holds;
        }
        section.box->setVisible(any);
        anything = anything || any;
    }
    nothing_->setText(tr("Nothing here holds “%1”.").arg(typed));
    nothing_->setVisible(!anything);
}

}  // namespace tomoloupe
