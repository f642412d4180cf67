#include "ui/panels/wizard_schedule_step.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include "core/base/progress.h"
#include "ui/bridge/text.h"
#include "ui/panels/option_form.h"
#include "ui/panels/parts.h"

namespace tomoloupe {
namespace {

const QStringList kPretrain{"epochs", "batch-size", "learning-rate", "schedule", "warmup-epochs", "optimiser", "monitor-epochs", "micro-batch", "precision"};
const QStringList kFinetune{"label-fraction", "split", "epochs", "batch-size", "learning-rate", "class-weights", "early-stop", "freeze-encoder", "last-layer", "pseudo-labels", "micro-batch", "precision"};

}  // namespace

WizardScheduleStep::WizardScheduleStep(const WizardParts& parts, QWidget* parent)
    : WizardStep(parts, parts.draft.pretrains() ? tr("Schedule and device") : tr("Split, schedule and device"),
                 parts.draft.pretrains() ? tr("How long it learns, and where it computes. Every training can be finished early and resumed.")
                                         : tr("The split keeps whole tomograms together where labels lie in enough of them: particles beside each other look alike, and one that was "
                                              "learnt from would give its neighbour away."),
                 parent) {
    auto* row = new QHBoxLayout;
    row->setSpacing(40);
    auto* form = addForm(parts_.draft.pretrains() ? kPretrain : kFinetune, "Schedule", this);
    form->setFixedWidth(344);
    row->addWidget(form, 0, Qt::AlignTop);
    row->addWidget(buildMachine(), 1, Qt::AlignTop);
    column()->addLayout(row);
    addFindings({QStringLiteral("Batch size"), QStringLiteral("Schedule"), QStringLiteral("Split"), QStringLiteral("Memory"), QStringLiteral("Device"), QStringLiteral("Precision"),
                 QStringLiteral("Time"), QStringLiteral("Disk"), QStringLiteral("Trial")},
                "ScheduleFindings");
    column()->addStretch(1);
    connect(&parts_.preflight, &Preflight::changed, this, &WizardScheduleStep::showMachine);
    connect(&parts_.draft, &TrainingDraft::changed, this, &WizardScheduleStep::showDraft);
    showMachine();
}

QWidget* WizardScheduleStep::buildMachine() {
    auto* side = new QWidget(this);
    auto* rows = new QFormLayout(side);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setHorizontalSpacing(12);
    rows->setVerticalSpacing(8);
    rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    device_ = new QComboBox(side);
    device_->setObjectName(named("Device"));
    device_->setToolTip(tr("Where to compute, with the memory that is free there"));
    device_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    rows->addRow(tr("Device"), device_);
    if (parts_.draft.pretrains()) {
        seed_ = new QSpinBox(side);
        seed_->setObjectName(named("Seed"));
        seed_->setRange(1, 1 << 30);
        seed_->setButtonSymbols(QAbstractSpinBox::NoButtons);
        seed_->setToolTip(tr("The same seed gives the same numbers again"));
        seed_->setFixedWidth(112);
        rows->addRow(tr("Seed"), seed_);
        connect(seed_, &QSpinBox::valueChanged, this, [this](int seed) { parts_.draft.setSeed(static_cast<std::uint64_t>(seed)); });
    }
    time_ = makeLabel({}, "plain", side);
    time_->setObjectName(named("TimeEstimate"));
    memory_ = makeLabel({}, "plain", side);
    memory_->setObjectName(named("MemoryEstimate"));
    steps_ = makeLabel({}, "plain", side);
    for (QLabel* label : {time_, memory_, steps_}) label->setWordWrap(true);
    rows->addRow(tr("Takes"), time_);
    rows->addRow(tr("Memory"), memory_);
    rows->addRow(tr("Steps"), steps_);
    connect(device_, &QComboBox::activated, this, [this] { parts_.draft.setOption("device", device_->currentData().toString().toStdString()); });
    return side;
}

void WizardScheduleStep::showMachine() {
    const QSignalBlocker quiet(device_);
    const std::string& wanted = parts_.draft.trainer().device;
    device_->clear();
    device_->addItem(tr("automatic: the first graphics card, else the processor"), QStringLiteral("auto"));
    for (const DeviceFact& fact : parts_.preflight.machine().devices) {
        const QString name = fact.name == "cpu" ? tr("processor") : toQString(fact.name + " " + fact.title);
        device_->addItem(tr("%1 · %2 of %3 free").arg(name, toQString(bytesText(fact.freeBytes)), toQString(bytesText(fact.totalBytes))), toQString(fact.name));
    }
    if (device_->findData(toQString(wanted)) < 0) device_->addItem(toQString(wanted), toQString(wanted));
    device_->setCurrentIndex(device_->findData(toQString(wanted)));
    showDraft();
}

void WizardScheduleStep::showDraft() {
    if (seed_) {
        const QSignalBlocker quiet(seed_);
        seed_->setValue(static_cast<int>(parts_.draft.seed()));
    }
    const auto trial = parts_.preflight.trial();
    if (trial) {
        const auto runs = static_cast<double>(parts_.draft.configs().size());
        const QString each = tr("about %1").arg(toQString(durationText(trial->seconds)));
        time_->setText(runs > 1 ? tr("%1 a run, %2 for all %3").arg(each, toQString(durationText(trial->seconds * runs))).arg(static_cast<int>(runs)) : each);
        memory_->setText(trial->deviceMemoryBytes > 0 ? tr("%1 of the card's").arg(toQString(bytesText(trial->deviceMemoryBytes))) : toQString(bytesText(trial->memoryBytes)));
        steps_->setText(tr("%1 an epoch, %2 s each").arg(trial->stepsPerEpoch).arg(trial->stepSeconds, 0, 'g', 3));
        if (!parts_.bench.jobs.active().empty()) time_->setText(time_->text() + tr(" (measured while another run is at work, which slows it)"));
        return;
    }
    const QString words = parts_.preflight.measuring() ? tr("measuring a few steps…") : QStringLiteral("–");
    time_->setText(words);
    memory_->setText(words);
    steps_->setText(QStringLiteral("–"));
}

}  // namespace tomoloupe
