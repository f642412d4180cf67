#include "ui/panels/run_form.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>
#include <set>

#include "ui/bridge/text.h"
#include "ui/models/runs_model.h"
#include "ui/panels/option_form.h"
#include "ui/panels/parts.h"

namespace tomoloupe {

RunForm::RunForm(const Workbench& workbench, Kind kind, QWidget* parent)
    : QWidget(parent), bench_(workbench), kind_(kind) {
    const bool pretrain = kind == Kind::Pretrain;
    setObjectName(pretrain ? QStringLiteral("pretrainForm") : QStringLiteral("finetuneForm"));
    setProperty("role", QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(340);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 0, 12);
    column->setSpacing(8);
    column->addWidget(
        makeLabel(pretrain ? tr("Pre-train without labels") : tr("Fine-tune on labels"), "heading", this));
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget(scroll);
    auto* inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 12, 0);
    inner->setSpacing(12);
    addChoices(inner);
    form_ = new OptionForm(OptionModel(pretrain ? pretrain_.describe() : finetune_.describe()),
                           objectName() + QStringLiteral("Options"), content);
    inner->addWidget(form_);
    inner->addStretch(1);
    scroll->setWidget(content);
    column->addWidget(scroll, 1);
    note_ = makeLabel({}, "muted", this);
    note_->setWordWrap(true);
    note_->setContentsMargins(0, 0, 12, 0);
    column->addWidget(note_);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(0, 0, 16, 0);
    startButton_ = makePrimaryButton(tr("Start"), pretrain ? "startPretrain" : "startFinetune", this);
    QPushButton* close = makeButton(tr("Close"), "closeForm", this);
    buttons->addWidget(startButton_, 1);
    buttons->addWidget(close);
    column->addLayout(buttons);
    connect(startButton_, &QPushButton::clicked, this, &RunForm::start);
    connect(close, &QPushButton::clicked, this, &RunForm::closed);
    connect(form_, &OptionForm::validityChanged, this, &RunForm::updateStart);
    connect(&bench_.project, &ProjectModel::contentsChanged, this, &RunForm::reloadChoices);
    connect(&bench_.project, &ProjectModel::runsChanged, this, &RunForm::reloadChoices);
    connect(&bench_.project, &ProjectModel::setChanged, this, &RunForm::reloadChoices);
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &RunForm::updateStart);
    reloadChoices();
}

void RunForm::addChoices(QVBoxLayout* column) {
    auto* rows = new QFormLayout;
    rows->setHorizontalSpacing(8);
    rows->setVerticalSpacing(8);
    rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    set_ = new QComboBox(this);
    set_->setObjectName(objectName() + QStringLiteral(".set"));
    rows->addRow(tr("Particles"), set_);
    from_ = new QComboBox(this);
    from_->setObjectName(objectName() + QStringLiteral(".from"));
    from_->setToolTip(tr("Weights to begin with: a pre-trained encoder knows the shapes before it sees a label."));
    seed_ = new QSpinBox(this);
    seed_->setObjectName(objectName() + QStringLiteral(".seed"));
    seed_->setRange(1, 1 << 30);
    seed_->setButtonSymbols(QAbstractSpinBox::NoButtons);
    seed_->setToolTip(tr("The same seed gives the same numbers again."));
    if (kind_ == Kind::Finetune) rows->addRow(tr("Start from"), from_);
    from_->setVisible(kind_ == Kind::Finetune);
    rows->addRow(tr("Seed"), seed_);
    for (QComboBox* combo : {set_, from_}) combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    column->addLayout(rows);
    connect(set_, &QComboBox::currentIndexChanged, this, &RunForm::updateStart);
}

void RunForm::reloadChoices() {
    const QString chosenSet = set_->currentText(), chosenStart = from_->currentData().toString();
    set_->clear();
    for (const ParticleSetRecord& record : bench_.project.contents().sets) {
        if (!record.stackPath.empty()) set_->addItem(toQString(record.name));
    }
    const SetContents* current = bench_.project.set();
    const QString wanted = !chosenSet.isEmpty() ? chosenSet : current ? toQString(current->record.name) : QString();
    if (const int at = set_->findText(wanted); at >= 0) set_->setCurrentIndex(at);
    from_->clear();
    for (const RunRow& row : bench_.project.contents().runs) {
        const bool usable = row.run.config().kind == "pretrain" &&
                            (row.state == RunState::Done || row.state == RunState::FinishedEarly);
        if (usable)
            from_->addItem(toQString(row.run.id()) + QChar(' ') + RunsModel::whatText(row), toQString(row.run.id()));
    }
    from_->addItem(tr("random weights"), QString());
    if (const int at = from_->findData(chosenStart); at >= 0 && !chosenSet.isEmpty()) from_->setCurrentIndex(at);
    updateStart();
}

void RunForm::setStart(const QString& runId) {
    if (const int at = from_->findData(runId); at >= 0) from_->setCurrentIndex(at);
}

QString RunForm::missing() const {
    if (!bench_.project.isOpen()) return tr("Open a project first.");
    if (set_->count() == 0) return tr("There is no extracted particle set; import subtomograms first.");
    if (!form_->valid()) return tr("One of the values cannot be used.");
    const SetContents* set = bench_.project.set();
    if (kind_ == Kind::Finetune && set && toQString(set->record.name) == set_->currentText()) {
        std::set<std::int64_t> labelled(set->labels.begin(), set->labels.end());
        labelled.erase(0);
        if (labelled.size() < 2) return tr("Label particles of at least two classes in the gallery first.");
    }
    return {};
}

void RunForm::updateStart() {
    const QString problem = missing();
    startButton_->setEnabled(problem.isEmpty());
    note_->setText(problem.isEmpty() ? tr("Runs in the background; you can go on labelling.") : problem);
}

RunConfig RunForm::config() {
    RunConfig config;
    config.particleSet = set_->currentText().toStdString();
    config.seed = static_cast<std::uint64_t>(seed_->value());
    if (kind_ == Kind::Pretrain) {
        config.kind = "pretrain";
        config.title = pretrain_.method;
        config.options = toJson(pretrain_.describe());
        return config;
    }
    config.kind = "finetune";
    config.options = toJson(finetune_.describe());
    const std::string start = from_->currentData().toString().toStdString();
    if (!start.empty()) config.inputs = {start};
    const QString labels = tr("%1 % labels").arg(finetune_.labelFraction * 100, 0, 'g', 3);
    config.title = (start.empty() ? tr("%1, random start").arg(labels) : tr("%1 from %2").arg(labels, toQString(start)))
                       .toStdString();
    return config;
}

void RunForm::start() {
    const QString id = bench_.launcher.start(config());
    if (!id.isEmpty()) Q_EMIT started(id);
}

}  // namespace tomoloupe
