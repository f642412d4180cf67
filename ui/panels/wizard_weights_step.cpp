#include "ui/panels/wizard_weights_step.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/models/runs_model.h"
#include "ui/panels/parts.h"

namespace tomoloupe {

WizardWeightsStep::WizardWeightsStep(const WizardParts& parts, QWidget* parent)
    : WizardStep(parts, tr("Start and repeats"),
                 tr("A pre-trained network knows shapes before it sees a label, and needs fewer of them. Several runs, which differ in nothing but their seed, "
                    "show how sure the result is."),
                 parent) {
    starts_ = makeChoices("Starts", {tr("Start from"), tr("Result"), tr("Particles")}, tr("Weights to begin with"));
    column()->addWidget(starts_);
    QPushButton* file = makeButton(tr("A model file…"), "", this);
    file->setObjectName(named("StartFile"));
    file->setToolTip(tr("A model.safetensors of another project"));
    column()->addWidget(file, 0, Qt::AlignLeft);
    addRuns();
    addFindings({QStringLiteral("Start"), QStringLiteral("Test")}, "WeightsFindings");
    column()->addStretch(1);
    connect(file, &QPushButton::clicked, this, &WizardWeightsStep::askForFile);
    connect(starts_, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item) parts_.draft.setStart(item->data(0, Qt::UserRole).toString());
    });
    connect(&parts_.bench.project, &ProjectModel::runsChanged, this, &WizardWeightsStep::reloadStarts);
    connect(&parts_.bench.project, &ProjectModel::contentsChanged, this, &WizardWeightsStep::reloadStarts);
    connect(&parts_.draft, &TrainingDraft::changed, this, &WizardWeightsStep::showDraft);
    reloadStarts();
}

void WizardWeightsStep::addRuns() {
    auto* rows = new QFormLayout;
    rows->setHorizontalSpacing(12);
    rows->setVerticalSpacing(8);
    rows->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    const auto number = [&](const char* name, const QString& help, int most) {
        auto* box = new QSpinBox(this);
        box->setObjectName(named(name));
        box->setToolTip(help);
        box->setRange(1, most);
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setFixedWidth(112);
        return box;
    };
    runs_ = number("Runs", tr("So many runs, with the first seed and those that follow; mean and spread are told"), 100);
    seed_ = number("Seed", tr("The same seed gives the same numbers again"), 1 << 30);
    rows->addRow(tr("Runs"), runs_);
    rows->addRow(tr("First seed"), seed_);
    column()->addLayout(rows);
    random_ = new QCheckBox(tr("Compare with random weights: the same runs once more, with the same seeds"), this);
    random_->setObjectName(named("AlsoRandom"));
    random_->setToolTip(tr("Shows what the start brought; Compare on the runs page then tells whether it is more than chance"));
    column()->addWidget(random_);
    count_ = makeLabel({}, "muted", this);
    column()->addWidget(count_);
    connect(runs_, &QSpinBox::valueChanged, &parts_.draft, &TrainingDraft::setRuns);
    connect(seed_, &QSpinBox::valueChanged, this, [this](int seed) { parts_.draft.setSeed(static_cast<std::uint64_t>(seed)); });
    connect(random_, &QCheckBox::toggled, &parts_.draft, &TrainingDraft::setAlsoRandom);
}

void WizardWeightsStep::reloadStarts() {
    const QSignalBlocker quiet(starts_);
    starts_->clear();
    const auto add = [&](const QString& words, const QString& result, const QString& set, const QString& reference) {
        auto* row = new QTreeWidgetItem(starts_, {words, result, set});
        row->setData(0, Qt::UserRole, reference);
        row->setToolTip(0, words);
    };
    add(tr("Random weights"), {}, {}, {});
    for (const RunRow& row : parts_.bench.project.contents().runs) {
        const std::string& kind = row.run.config().kind;
        const bool usable = (kind == "pretrain" || kind == "finetune") && (row.state == RunState::Done || row.state == RunState::FinishedEarly);
        if (usable) add(toQString(row.run.id()) + QChar(' ') + RunsModel::whatText(row), RunsModel::figureText(row), toQString(row.run.config().particleSet), toQString(row.run.id()));
    }
    if (parts_.draft.start().contains(QChar('/'))) add(parts_.draft.start(), tr("model file"), {}, parts_.draft.start());
    fitHeight(starts_, 7);
    showDraft();
}

void WizardWeightsStep::askForFile() {
    const QString file = QFileDialog::getOpenFileName(this, tr("Start from a model"), {}, tr("Models (*.safetensors)"));
    if (file.isEmpty()) return;
    parts_.draft.setStart(file);
    reloadStarts();
}

void WizardWeightsStep::showDraft() {
    const QSignalBlocker quietStarts(starts_), quietRuns(runs_), quietSeed(seed_), quietRandom(random_);
    for (int i = 0; i < starts_->topLevelItemCount(); ++i) {
        QTreeWidgetItem* row = starts_->topLevelItem(i);
        if (row->data(0, Qt::UserRole).toString() == parts_.draft.start() && starts_->currentItem() != row) starts_->setCurrentItem(row);
    }
    runs_->setValue(parts_.draft.runs());
    seed_->setValue(static_cast<int>(parts_.draft.seed()));
    random_->setEnabled(!parts_.draft.start().isEmpty());
    random_->setChecked(parts_.draft.alsoRandom());
    const int count = parts_.draft.runs() * (parts_.draft.alsoRandom() ? 2 : 1);
    count_->setText(count == 1 ? tr("One run; five tell the spread.") : tr("%1 runs, one after the other.").arg(count));
}

}  // namespace tomoloupe
