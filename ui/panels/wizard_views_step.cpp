#include "ui/panels/wizard_views_step.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "ui/bridge/text.h"
#include "ui/panels/option_form.h"
#include "ui/panels/parts.h"
#include "ui/panels/views_grid.h"
#include "ui/views/slice_image.h"

namespace tomoloupe {
namespace {

const QStringList kPaper{"crop-probability", "crop-area-minimum", "affine-probability", "rotation", "translation", "scale-minimum", "scale-maximum"};
const QStringList kExtended{"turn",           "turn-probability",  "flip-probability", "mirror",          "crop-probability", "crop-area-minimum",
                            "affine-probability", "translation",   "scale-minimum",    "scale-maximum",   "wedge-probability", "wedge-tilt",
                            "wedge-jitter",   "wedge-axis",        "ctf-probability",  "ctf-defocus",     "ctf-jitter",       "blur-probability",
                            "blur-maximum",   "noise-probability", "noise-maximum",    "contrast-probability", "contrast-range", "brightness-range"};

}  // namespace

WizardViewsStep::WizardViewsStep(const WizardParts& parts, QWidget* parent)
    : WizardStep(parts, tr("Augmentation"),
                 tr("The network is taught that these views show the same particle. What varies between them it learns to disregard: vary what imaging and "
                    "orientation change, not what tells particles apart."),
                 parent),
      preview_(parts.bench.previews.views, parts.bench.previewQueue, parts.bench.project) {
    kinds_ = makeChoices("ViewKinds", {tr("Kind"), tr("What it does")}, tr("How views are made"));
    kinds_->setHeaderHidden(true);
    for (const auto& [name, title, words] :
         {std::tuple{"paper", tr("paper"), tr("Turns, shifts, scales and crops in the plane, as in the paper: quick, keeps the missing wedge in its place")},
          std::tuple{"extended", tr("extended"), tr("Turns in space too, and varies wedge, defocus, blur, noise and contrast: for particles that lie in all directions")}}) {
        auto* row = new QTreeWidgetItem(kinds_, {title, words});
        row->setData(0, Qt::UserRole, QString::fromLatin1(name));
        row->setToolTip(1, words);
    }
    kinds_->setFixedHeight(2 * std::max(kinds_->sizeHintForRow(0), 24) + 4);
    column()->addWidget(kinds_);
    auto* row = new QHBoxLayout;
    row->setSpacing(24);
    row->addWidget(buildForms());
    row->addWidget(buildPreview(), 1);
    column()->addLayout(row, 1);
    connect(kinds_, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item && item->data(0, Qt::UserRole).toString().toStdString() != parts_.draft.augmentation().kind)
            parts_.draft.setOption("augmentation", item->data(0, Qt::UserRole).toString().toStdString());
    });
    connect(&parts_.draft, &TrainingDraft::changed, this, &WizardViewsStep::ask);
    connect(&parts_.draft, &TrainingDraft::replaced, this, &WizardViewsStep::showKind);
    connect(&preview_, &ViewsPreviewModel::arrived, this, [this](const std::vector<Volume>& slices, std::int64_t particle) {
        std::vector<QImage> pictures;
        for (const Volume& slice : slices) pictures.push_back(sliceImage(slice));
        grid_->setWords(tr("Particle %1, and eight views of it (XY slice through the middle)").arg(particle));
        grid_->setPictures(std::move(pictures));
    });
    connect(&preview_, &ViewsPreviewModel::failed, this, [this](const QString& sentence) {
        grid_->setWords(sentence);
        grid_->setPictures({});
    });
    showKind();
}

QWidget* WizardViewsStep::buildForms() {
    forms_ = new QStackedWidget(this);
    forms_->setFixedWidth(344);
    for (const bool extended : {false, true}) {
        auto* scroll = new QScrollArea(forms_);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setWidgetResizable(true);
        scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        auto* content = new QWidget(scroll);
        auto* column = new QVBoxLayout(content);
        column->setContentsMargins(0, 0, 12, 0);
        column->addWidget(addForm(extended ? kExtended : kPaper, extended ? "ExtendedViews" : "PaperViews", content));
        column->addStretch(1);
        scroll->setWidget(content);
        forms_->addWidget(scroll);
    }
    return forms_;
}

QWidget* WizardViewsStep::buildPreview() {
    auto* side = new QWidget(this);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    grid_ = new ViewsGrid(named("Views"), side);
    grid_->setWords(tr("Choose a particle set first."));
    column->addWidget(grid_, 1);
    auto* row = new QHBoxLayout;
    QPushButton* particle = makeButton(tr("Another particle"), "", side);
    particle->setObjectName(named("AnotherParticle"));
    particle->setToolTip(tr("The next particle of the set"));
    QPushButton* views = makeButton(tr("Other views"), "", side);
    views->setObjectName(named("OtherViews"));
    views->setToolTip(tr("Eight more of the same particle"));
    row->addWidget(particle);
    row->addWidget(views);
    row->addStretch(1);
    column->addLayout(row);
    connect(particle, &QPushButton::clicked, this, [this] {
        const auto& facts = parts_.preflight.set();
        particle_ = facts && facts->particles > 0 ? (particle_ + 1) % facts->particles : 0;
        ask();
    });
    connect(views, &QPushButton::clicked, this, [this] {
        ++seed_;
        ask();
    });
    return side;
}

void WizardViewsStep::enter() {
    inSight_ = true;
    const SetContents* current = parts_.bench.project.set();
    if (current && toQString(current->record.name) == parts_.draft.set() && parts_.bench.project.currentParticle() >= 0) particle_ = parts_.bench.project.currentParticle();
    showKind();
    ask();
}

void WizardViewsStep::showKind() {
    const QSignalBlocker quiet(kinds_);
    const bool extended = parts_.draft.augmentation().kind == "extended";
    kinds_->setCurrentItem(kinds_->topLevelItem(extended ? 1 : 0));
    forms_->setCurrentIndex(extended ? 1 : 0);
}

void WizardViewsStep::ask() {
    if (!inSight_ || parts_.draft.set().isEmpty()) return;
    preview_.ask(parts_.draft.set().toStdString(), particle_, toJson(parts_.draft.augmentation().describe()).dump(), seed_);
}

}  // namespace tomoloupe
