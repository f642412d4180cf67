#include "ui/panels/wizard_step.h"

#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/panels/finding_list.h"
#include "ui/panels/option_form.h"
#include "ui/panels/parts.h"

namespace tomoloupe {

WizardStep::WizardStep(const WizardParts& parts, const QString& title, const QString& sentence, QWidget* parent)
    : QWidget(parent), parts_(parts), title_(title) {
    column_ = new QVBoxLayout(this);
    column_->setContentsMargins(24, 20, 24, 20);
    column_->setSpacing(12);
    column_->addWidget(makeLabel(title, "heading", this));
    QLabel* words = makeLabel(sentence, "muted", this);
    words->setWordWrap(true);
    column_->addWidget(words);
}

bool WizardStep::tells(const Finding& finding) const {
    const QString subject = toQString(finding.subject);
    return std::any_of(subjects_.begin(), subjects_.end(), [&](const QString& known) { return subject == known || subject.startsWith(known + QChar(' ')); });
}

bool WizardStep::valid() const {
    return std::all_of(forms_.begin(), forms_.end(), [](const OptionForm* form) { return form->valid(); });
}

OptionForm* WizardStep::addForm(const QStringList& options, const char* name, QWidget* parent, bool all) {
    OptionFields chosen;
    const OptionFields fields = parts_.draft.fields();
    if (all) chosen = fields;
    for (const QString& wanted : options) {
        const auto found = std::find_if(fields.begin(), fields.end(), [&](const OptionField& field) { return toQString(field.name) == wanted; });
        if (found == fields.end()) continue;
        chosen.push_back(*found);
        chosen.back().advanced = false;
    }
    auto* form = new OptionForm(OptionModel(std::move(chosen)), named(name), parent);
    forms_.push_back(form);
    connect(form, &OptionForm::edited, &parts_.draft, &TrainingDraft::touch);
    connect(form, &OptionForm::validityChanged, this, &WizardStep::validityChanged);
    connect(&parts_.draft, &TrainingDraft::replaced, form, &OptionForm::reload);
    return form;
}

void WizardStep::addFindings(const QStringList& subjects, const char* name) {
    subjects_ = subjects;
    findings_ = new FindingList(named(name), this);
    findings_->setFilter([this](const Finding& finding) { return tells(finding); });
    column_->addWidget(findings_);
    connect(findings_, &FindingList::fixWanted, this, [this](const QString& option, const QString& value) {
        parts_.draft.mend(option.toStdString(), value.toStdString());
    });
    connect(&parts_.preflight, &Preflight::changed, this, [this] { findings_->setFindings(parts_.preflight.findings()); });
}

QTreeWidget* WizardStep::makeChoices(const char* name, const QStringList& columns, const QString& help) {
    auto* tree = new QTreeWidget(this);
    tree->setObjectName(named(name));
    tree->setAccessibleName(columns.front());
    tree->setToolTip(help);
    tree->setHeaderLabels(columns);
    tree->setRootIsDecorated(false);
    tree->setUniformRowHeights(true);
    tree->setSelectionMode(QAbstractItemView::SingleSelection);
    tree->setAllColumnsShowFocus(true);
    tree->setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    tree->setTabKeyNavigation(false);
    tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    tree->header()->setStretchLastSection(true);
    return tree;
}

void WizardStep::fitHeight(QTreeWidget* tree, int mostRows) {
    const int rows = std::clamp(tree->topLevelItemCount(), 1, mostRows);
    const int row = tree->topLevelItemCount() > 0 ? std::max(tree->sizeHintForRow(0), 24) : 24;
    tree->setFixedHeight(rows * row + tree->header()->sizeHint().height() + 4);
}

}  // namespace tomoloupe
