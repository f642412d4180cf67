#include "ui/panels/wizard_data_step.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPixmap>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/panels/parts.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kFewest = 3, kFew = 15;  // as core/jobs/learning_checks.cpp judges

QIcon square(const QColor& colour) {
    QPixmap picture(12, 12);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(picture.rect(), 3, 3);
    return picture;
}

QString counted(std::int64_t number) {
    return QLocale(QLocale::English).toString(static_cast<qlonglong>(number));
}

}  // namespace

WizardDataStep::WizardDataStep(const WizardParts& parts, QWidget* parent)
    : WizardStep(parts, parts.draft.pretrains() ? tr("Data") : tr("Data and labels"),
                 parts.draft.pretrains() ? tr("One set of subtomograms is learnt from, whether its particles have labels or not. Sets of several tomograms "
                                              "that have the same box and voxel size can be extracted into one.")
                                         : tr("The labelled particles of one set teach the classes. A part of them is held out and tells how good the result is."),
                 parent) {
    addChoices();
    if (!parts_.draft.pretrains()) addClasses();
    addFindings({QStringLiteral("Particles"), QStringLiteral("Box"), QStringLiteral("Voxel size"), QStringLiteral("Amount"), QStringLiteral("Facts"), QStringLiteral("Classes"),
                 QStringLiteral("Rare classes"), QStringLiteral("Few labels"), QStringLiteral("Balance"), QStringLiteral("Unsure")},
                "DataFindings");
    column()->addStretch(1);
    connect(&parts_.bench.project, &ProjectModel::contentsChanged, this, &WizardDataStep::reloadSets);
    connect(&parts_.draft, &TrainingDraft::changed, this, &WizardDataStep::reloadSets);
    connect(&parts_.preflight, &Preflight::changed, this, &WizardDataStep::showFacts);
    reloadSets();
}

void WizardDataStep::addChoices() {
    auto* rows = new QFormLayout;
    rows->setHorizontalSpacing(12);
    rows->setVerticalSpacing(8);
    rows->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    set_ = new QComboBox(this);
    set_->setObjectName(named("Set"));
    set_->setToolTip(tr("Sets whose subtomograms are extracted, imported or simulated"));
    set_->setMinimumWidth(280);
    rows->addRow(tr("Particle set"), set_);
    if (!parts_.draft.pretrains()) {
        labelSet_ = new QComboBox(this);
        labelSet_->setObjectName(named("LabelSet"));
        labelSet_->setToolTip(tr("Whose labels are learnt from; this becomes the current label set of the project"));
        labelSet_->setMinimumWidth(280);
        rows->addRow(tr("Label set"), labelSet_);
        connect(labelSet_, &QComboBox::activated, this, [this] { parts_.bench.project.useLabelSet(labelSet_->currentData().toString()); });
    }
    facts_ = makeLabel({}, "muted", this);
    facts_->setObjectName(named("SetFacts"));
    facts_->setWordWrap(true);
    column()->addLayout(rows);
    column()->addWidget(facts_);
    connect(set_, &QComboBox::activated, this, [this] { parts_.draft.setSet(set_->currentData().toString()); });
}

void WizardDataStep::addClasses() {
    classes_ = makeChoices("Classes", {tr("Class"), tr("Labels"), tr("Tomograms"), tr("Enough?")}, tr("Labelled particles of each class"));
    classes_->headerItem()->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    classes_->setSelectionMode(QAbstractItemView::NoSelection);
    column()->addWidget(classes_);
}

void WizardDataStep::reloadSets() {
    const QSignalBlocker quiet(set_);
    set_->clear();
    for (const ParticleSetRecord& record : parts_.bench.project.contents().sets) {
        if (record.stackPath.empty()) continue;
        set_->addItem(tr("%1 · %2 particles").arg(toQString(record.name), counted(record.count)), toQString(record.name));
    }
    if (parts_.draft.set().isEmpty() && set_->count() > 0) {
        const SetContents* current = parts_.bench.project.set();
        const int at = current ? set_->findData(toQString(current->record.name)) : -1;
        parts_.draft.setSet(set_->itemData(std::max(at, 0)).toString());
    }
    set_->setCurrentIndex(set_->findData(parts_.draft.set()));
    set_->setEnabled(set_->count() > 0);
    reloadLabelSets();
}

void WizardDataStep::reloadLabelSets() {
    if (!labelSet_) return;
    const QSignalBlocker quiet(labelSet_);
    labelSet_->clear();
    for (const LabelSetRecord& record : parts_.bench.project.contents().labelSets) {
        labelSet_->addItem(toQString(record.name), toQString(record.name));
        if (record.current) labelSet_->setCurrentIndex(labelSet_->count() - 1);
    }
}

void WizardDataStep::showFacts() {
    const auto& facts = parts_.preflight.set();
    if (!facts) {
        facts_->setText(set_->count() == 0 ? tr("Import subtomograms in the gallery, cut them out on the page Pick, or simulate some.") : tr("Reading…"));
        return;
    }
    QStringList words{tr("%1 particles").arg(counted(facts->particles))};
    if (facts->box.x > 0)
        words.append(tr("box %1 × %2 × %3 voxels").arg(facts->box.x).arg(facts->box.y).arg(facts->box.z));
    if (facts->voxelSizeAngstrom > 0) words.append(tr("%1 Å a voxel").arg(facts->voxelSizeAngstrom, 0, 'g', 4));
    if (facts->tomogramCount > 0) words.append(facts->tomogramCount == 1 ? tr("from one tomogram") : tr("from %1 tomograms").arg(facts->tomogramCount));
    facts_->setText(words.join(QStringLiteral(" · ")));
    showClasses();
}

void WizardDataStep::showClasses() {
    if (!classes_) return;
    classes_->clear();
    for (const ClassFact& fact : parts_.preflight.set()->classes) {
        auto* row = new QTreeWidgetItem(classes_);
        row->setIcon(0, square(QColor(toQString(fact.colour))));
        row->setText(0, toQString(fact.name));
        row->setText(1, counted(fact.count));
        row->setText(2, fact.tomograms > 0 ? counted(fact.tomograms) : QStringLiteral("–"));
        row->setText(3, fact.count < kFewest ? tr("too few: label %1 more").arg(kFewest - fact.count) : fact.count < kFew ? tr("few") : tr("yes"));
        row->setForeground(3, fact.count < kFewest ? badColour(palette()) : fact.count < kFew ? warnColour(palette()) : goodColour(palette()));
        row->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    }
    fitHeight(classes_, 10);
}

}  // namespace tomoloupe
