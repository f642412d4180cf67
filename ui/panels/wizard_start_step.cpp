#include "ui/panels/wizard_start_step.h"

#include <QClipboard>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/progress.h"
#include "ui/bridge/text.h"
#include "ui/panels/finding_list.h"
#include "ui/panels/option_form.h"
#include "ui/panels/parts.h"

namespace tomoloupe {

WizardStartStep::WizardStartStep(const WizardParts& parts, QWidget* parent)
    : WizardStep(parts, tr("Check and start"), tr("It runs in the background, in a process of its own; you can go on labelling meanwhile."), parent) {
    estimate_ = makeLabel({}, "plain", this);
    estimate_->setObjectName(named("Estimate"));
    estimate_->setWordWrap(true);
    column()->addWidget(estimate_);
    all_ = new FindingList(named("Preflight"), this);
    column()->addWidget(all_);
    column()->addStretch(1);
    column()->addWidget(buildCommand());
    connect(all_, &FindingList::fixWanted, this,
            [this](const QString& option, const QString& value) { parts_.draft.mend(option.toStdString(), value.toStdString()); });
    connect(&parts_.preflight, &Preflight::changed, this, &WizardStartStep::showDraft);
    connect(&parts_.draft, &TrainingDraft::changed, this, &WizardStartStep::showDraft);
}

QWidget* WizardStartStep::buildCommand() {
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(makeLabel(tr("The same on the command line, here or on a cluster"), "muted", box));
    command_ = new QPlainTextEdit(box);
    command_->setObjectName(named("Command"));
    command_->setAccessibleName(tr("Command"));
    command_->setToolTip(tr("Does what Start does"));
    command_->setReadOnly(true);
    command_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    command_->setFixedHeight(76);
    command_->setTabChangesFocus(true);
    column->addWidget(command_);
    auto* row = new QHBoxLayout;
    const auto button = [&](const QString& text, const char* name, const QString& help) {
        QPushButton* made = makeButton(text, "", box);
        made->setObjectName(named(name));
        made->setToolTip(help);
        row->addWidget(made);
        return made;
    };
    QPushButton* copy = button(tr("Copy command"), "CopyCommand", tr("To the clipboard"));
    QPushButton* save = button(tr("Save run.json…"), "SaveRunJson", tr("Everything that the first of these runs is told, as a file"));
    QPushButton* prepare = button(tr("Prepare only"), "Prepare", tr("Makes the run's folder with its run.json, but does not start it: Start in its row, or tomoloupe-cli run FOLDER, does"));
    row->addStretch(1);
    column->addLayout(row);
    told_ = makeLabel({}, "muted", box);
    told_->setWordWrap(true);
    told_->hide();
    column->addWidget(told_);
    connect(copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(command_->toPlainText());
        told_->setText(tr("Copied."));
        told_->show();
    });
    connect(save, &QPushButton::clicked, this, &WizardStartStep::askToSave);
    connect(prepare, &QPushButton::clicked, this, &WizardStartStep::prepareWanted);
    return box;
}

QString WizardStartStep::saveRunJson(const QString& file) const {
    try {
        writeAtomically(file.toStdString(), toJson(parts_.draft.configs().front()).dump(2) + "\n");
    } catch (const Error& error) {
        return toQString(error.what());
    }
    return {};
}

void WizardStartStep::askToSave() {
    const QString file = QFileDialog::getSaveFileName(this, tr("Save run.json"), QStringLiteral("run.json"), tr("Runs (*.json)"));
    if (file.isEmpty()) return;
    const QString problem = saveRunJson(file);
    told_->setText(problem.isEmpty() ? tr("Saved as %1.").arg(file) : problem);
    setRole(told_, problem.isEmpty() ? "muted" : "error");
    told_->show();
}

void WizardStartStep::showDraft() {
    all_->setFindings(parts_.preflight.findings());
    if (parts_.bench.project.isOpen() && !parts_.draft.set().isEmpty()) {
        const QString lines = parts_.draft.commandLines(parts_.bench.project.project()->folder());
        if (command_->toPlainText() != lines) {
            command_->setPlainText(lines);
            told_->hide();
        }
    }
    const auto trial = parts_.preflight.trial();
    const std::size_t runs = parts_.draft.configs().size();
    if (trial)
        estimate_->setText(runs > 1 ? tr("%1 runs of about %2 each, %3 of memory.").arg(runs).arg(toQString(durationText(trial->seconds)), toQString(bytesText(trial->memoryBytes)))
                                    : tr("About %1, %2 of memory.").arg(toQString(durationText(trial->seconds)), toQString(bytesText(trial->memoryBytes))));
    else
        estimate_->setText(parts_.preflight.measuring() ? tr("Measuring time and memory over a few steps…") : QString());
    estimate_->setVisible(!estimate_->text().isEmpty());
}

WizardAdvancedStep::WizardAdvancedStep(const WizardParts& parts, QWidget* parent)
    : WizardStep(parts, tr("All options"), tr("Every option as the command line has it. What is changed here shows in the other steps too."), parent) {
    form_ = addForm({}, "Options", this, true);
    form_->setFixedWidth(400);
    column()->addWidget(form_);
    column()->addStretch(1);
}

void WizardAdvancedStep::enter() {
    form_->reload();
}

}  // namespace tomoloupe
