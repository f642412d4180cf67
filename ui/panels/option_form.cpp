#include "ui/panels/option_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

QGridLayout* makeGrid(QWidget* owner) {
    auto* grid = new QGridLayout(owner);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(0, 1);
    return grid;
}

}  // namespace

OptionForm::OptionForm(OptionModel model, const QString& name, QWidget* parent)
    : QWidget(parent), model_(std::move(model)) {
    setObjectName(name);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    auto* basic = new QWidget(this);
    auto* advanced = new QWidget(this);
    QGridLayout* basicGrid = makeGrid(basic);
    QGridLayout* advancedGrid = makeGrid(advanced);
    for (int field = 0; field < model_.count(); ++field)
        addField(model_.advanced(field) ? advancedGrid : basicGrid, field);
    advanced->hide();
    QPushButton* more = makeButton(tr("More options ▸"), "moreOptions", this);
    setRole(more, "link");
    more->setCheckable(true);
    connect(more, &QPushButton::toggled, advanced, [more, advanced](bool on) {
        advanced->setVisible(on);
        more->setText(on ? tr("Fewer options ▾") : tr("More options ▸"));
    });
    error_ = makeLabel({}, "error", this);
    error_->setObjectName(name + QStringLiteral("Error"));
    error_->setWordWrap(true);
    error_->hide();
    column->addWidget(basic);
    if (advancedGrid->count() > 0) column->addWidget(more, 0, Qt::AlignLeft);
    more->setVisible(advancedGrid->count() > 0);
    column->addWidget(advanced);
    column->addWidget(error_);
}

void OptionForm::addField(QGridLayout* grid, int field) {
    const int row = grid->rowCount();
    QLabel* label = makeLabel(model_.label(field), "field");
    label->setToolTip(model_.help(field));
    QWidget* editor = makeEditor(field);
    editors_.push_back(editor);
    editor->setObjectName(objectName() + QChar('.') + model_.name(field));
    editor->setToolTip(model_.help(field));
    editor->setFixedWidth(112);
    label->setBuddy(editor);
    grid->addWidget(label, row, 0);
    grid->addWidget(editor, row, 1);
    QLabel* unit = makeLabel(model_.unit(field), "muted");
    unit->setMinimumWidth(48);
    grid->addWidget(unit, row, 2);
}

QWidget* OptionForm::makeEditor(int field) {
    switch (model_.kind(field)) {
        case OptionModel::Kind::Flag: {
            auto* box = new QCheckBox(this);
            reloaders_.push_back([this, box, field] { box->setChecked(model_.text(field) == QLatin1String("true")); });
            reloaders_.back()();
            connect(box, &QCheckBox::toggled, this, [this, field, box](bool on) {
                store(field, on ? QStringLiteral("true") : QStringLiteral("false"), box);
            });
            return box;
        }
        case OptionModel::Kind::Choice: {
            auto* combo = new QComboBox(this);
            combo->addItems(model_.choices(field));
            reloaders_.push_back([this, combo, field] { combo->setCurrentText(model_.text(field)); });
            reloaders_.back()();
            connect(combo, &QComboBox::currentTextChanged, this,
                    [this, field, combo](const QString& text) { store(field, text, combo); });
            return combo;
        }
        case OptionModel::Kind::Number:
        case OptionModel::Kind::Text:
            break;
    }
    auto* edit = new QLineEdit(this);
    reloaders_.push_back([this, edit, field] { edit->setText(model_.text(field)); });
    reloaders_.back()();
    connect(edit, &QLineEdit::textEdited, this, [this, field, edit](const QString& text) { store(field, text, edit); });
    return edit;
}

void OptionForm::store(int field, const QString& text, QWidget* editor) {
    if (reloading_) return;
    const QString problem = model_.setText(field, text);
    const QString name = model_.name(field);
    setRole(editor, problem.isEmpty() ? "" : "wrong");
    wrongFields_.removeAll(name);
    if (!problem.isEmpty()) wrongFields_.append(name);
    error_->setText(problem);
    error_->setVisible(!problem.isEmpty());
    Q_EMIT validityChanged(valid());
    if (problem.isEmpty()) Q_EMIT edited();
}

void OptionForm::reload() {
    reloading_ = true;
    for (const auto& reload : reloaders_) reload();
    reloading_ = false;
    for (QWidget* editor : editors_) setRole(editor, "");
    wrongFields_.clear();
    error_->hide();
    Q_EMIT validityChanged(true);
}

}  // namespace tomoloupe
