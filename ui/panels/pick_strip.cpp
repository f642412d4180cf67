#include "ui/panels/pick_strip.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/models/set_names.h"
#include "ui/panels/parts.h"

namespace tomoloupe {

PickStrip::PickStrip(ProjectModel& project, QWidget* parent)
    : QWidget(parent),
      project_(project),
      counts_(makeLabel({}, "fact")),
      diameter_(new QDoubleSpinBox),
      box_(new QSpinBox),
      name_(new QLineEdit),
      make_(makeButton(tr("Make a set"), "handPickMakeSet")),
      again_(makeButton(tr("Edit this set's particles"), "handPickAgain")),
      words_(makeLabel({}, "muted")) {
    setObjectName(QStringLiteral("handPickStrip"));
    setProperty("role", QStringLiteral("toolbar"));
    setAttribute(Qt::WA_StyledBackground);
    buildRow();
    connect(diameter_, &QDoubleSpinBox::valueChanged, this, [this] {
        diameterChosen_ = true;
        Q_EMIT sizeChanged();
    });
    connect(box_, &QSpinBox::valueChanged, this, &PickStrip::sizeChanged);
    connect(name_, &QLineEdit::textChanged, this, &PickStrip::checkName);
    connect(name_, &QLineEdit::returnPressed, this, &PickStrip::makeSet);
    connect(make_, &QPushButton::clicked, this, &PickStrip::makeSet);
    connect(again_, &QPushButton::clicked, this, &PickStrip::pickAgain);
    connect(&project_, &ProjectModel::picksChanged, this, &PickStrip::picksChanged);
    connect(&project_, &ProjectModel::contentsChanged, this, &PickStrip::proposeName);
    connect(&project_, &ProjectModel::setChanged, this, &PickStrip::showCounts);
    proposeName();
    picksChanged();
}

void PickStrip::buildRow() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 6, 12, 6);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    counts_->setObjectName(QStringLiteral("handPickCounts"));
    diameter_->setObjectName(QStringLiteral("handPickDiameter"));
    diameter_->setAccessibleName(tr("Diameter of the circles"));
    diameter_->setToolTip(tr("Diameter of the circles around picks"));
    diameter_->setRange(1, 9999);
    diameter_->setDecimals(0);
    diameter_->setSingleStep(10);
    diameter_->setPrefix(tr("Ø "));
    diameter_->setSuffix(tr(" Å"));
    box_->setObjectName(QStringLiteral("handPickBox"));
    box_->setAccessibleName(tr("Side of the box"));
    box_->setToolTip(tr("Side of the square that is drawn where a box of this size would be cut out, in voxels"));
    box_->setRange(0, 512);
    box_->setSingleStep(8);
    box_->setSpecialValueText(tr("no box"));
    box_->setPrefix(tr("box "));
    for (QAbstractSpinBox* field : {static_cast<QAbstractSpinBox*>(diameter_), static_cast<QAbstractSpinBox*>(box_)}) {
        field->setButtonSymbols(QAbstractSpinBox::NoButtons);
        field->setFixedWidth(76);
    }
    name_->setObjectName(QStringLiteral("handPickName"));
    name_->setAccessibleName(tr("Name of the set"));
    name_->setToolTip(tr("Name of the set that the picks become"));
    name_->setPlaceholderText(tr("name of the set"));
    name_->setMinimumWidth(80);
    name_->setMaximumWidth(200);
    make_->setToolTip(tr("All picks, in all tomograms, become a particle set"));
    again_->setToolTip(tr("The particles of the current set become picks, which can be moved and removed; the set stays"));
    words_->setObjectName(QStringLiteral("handPickWords"));
    words_->setWordWrap(true);
    row->addWidget(counts_);
    row->addWidget(diameter_);
    row->addWidget(box_);
    row->addStretch(1);
    row->addWidget(name_, 1);
    row->addWidget(make_);
    row->addWidget(again_);
    column->addLayout(row);
    column->addWidget(words_);
}

bool PickStrip::wanted() const {
    return project_.pickCount() > 0 || !told_.isEmpty();
}

void PickStrip::setMode(HandPicking::Mode mode) {
    mode_ = mode;
    tell({});
}

void PickStrip::tell(const QString& sentence) {
    told_ = sentence;
    showWords();
    Q_EMIT wantedChanged();
}

void PickStrip::proposeDiameter(double angstrom) {
    if (diameterChosen_ || !(angstrom > 0)) return;
    const QSignalBlocker quiet(diameter_);
    diameter_->setValue(angstrom);
    Q_EMIT sizeChanged();
}

double PickStrip::diameterAngstrom() const {
    return diameter_->value();
}

double PickStrip::boxVoxels() const {
    return box_->value();
}

void PickStrip::picksChanged() {
    showCounts();
    if (told_ != made_ || project_.pickCount() > 0) tell({});
    showWords();
    Q_EMIT wantedChanged();
}

void PickStrip::showCounts() {
    const auto here = static_cast<qlonglong>(project_.picks().size());
    counts_->setText((here == 1 ? tr("1 pick here") : tr("%1 picks here").arg(here)) +
                     tr(", %1 in all").arg(project_.pickCount()));
    make_->setEnabled(project_.pickCount() > 0);
    again_->setEnabled(project_.set() != nullptr && !project_.setIsPicked());
}

void PickStrip::proposeName() {
    if (name_->isModified()) return checkName();
    name_->setText(freeSetName(project_, QStringLiteral("picked-by-hand")));
}

void PickStrip::checkName() {
    problem_ = project_.isOpen() ? setNameProblem(project_, name_->text()) : QString();
    setRole(name_, problem_.isEmpty() ? "plain" : "wrong");
    showWords();
}

void PickStrip::makeSet() {
    checkName();
    if (!problem_.isEmpty()) return name_->setFocus();
    const QString name = name_->text().trimmed();
    const std::int64_t count = project_.pickCount();
    if (count == 0 || !project_.makeSetOfPicks(name)) return;
    name_->setModified(false);  // the next one is proposed when the project is read again
    made_ = (count == 1 ? tr("The set \"%1\" is made of one pick.").arg(name)
                        : tr("The set \"%1\" is made of %2 picks.").arg(name).arg(count)) +
            tr(" Its particles can be cut out on the Pick page, under Extract; Ctrl+Z brings the picks back.");
    tell(made_);
}

void PickStrip::pickAgain() {
    const SetContents* set = project_.set();
    if (!set) return;
    const QString name = toQString(set->record.name);
    if (!project_.pickAgain()) return;
    tell(tr("The particles of \"%1\" are picks now: move, erase and add, then make a new set. Ctrl+Z takes it back.")
             .arg(name));
}

QString PickStrip::hint() const {
    switch (mode_) {
        case HandPicking::Pick:
            return tr("Click where a particle is, in any slice; Ctrl+Z takes the last pick back.");
        case HandPicking::Move:
            return tr("Drag a pick to its place, in any slice; Ctrl+Z puts it back.");
        case HandPicking::Erase:
            return tr("Click a pick to remove it; Ctrl+Z brings it back.");
        default:
            return tr("Picks are stored and wait here until they are made into a set; Ctrl+Z takes the last step back.");
    }
}

void PickStrip::showWords() {
    const bool wrong = !problem_.isEmpty() && project_.pickCount() > 0;
    setRole(words_, wrong ? "error" : told_.isEmpty() ? "muted" : "fact");
    words_->setText(wrong ? problem_ : told_.isEmpty() ? hint() : told_);
}

}  // namespace tomoloupe
