#include "ui/panels/pick_page.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QStackedLayout>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/volume/statistics.h"
#include "ui/bridge/text.h"
#include "ui/panels/empty_state.h"
#include "ui/panels/parts.h"
#include "ui/panels/pick_form.h"
#include "ui/panels/slice_pane.h"
#include "ui/views/palette_roles.h"
#include "ui/views/range_slider.h"
#include "ui/views/slice_view.h"

namespace tomoloupe {
namespace {

constexpr double kHeatThreshold = 0.3;  // of the strongest response of the slice
constexpr double kHeatEnd = 0.999;      // the fraction of voxels below the brightest colour

/// The response as 0..1: what is less particle-like than its surroundings stays dark.
Volume heatOf(const Volume& response) {
    if (response.empty()) return {};
    const double end = contrastRange(response.voxels(), 0.5, kHeatEnd).high;
    std::vector<float> heat(response.voxels().size());
    std::transform(response.voxels().begin(), response.voxels().end(), heat.begin(), [end](float value) {
        return end > 0 && std::isfinite(value) ? static_cast<float>(std::clamp(value / end, 0.0, 1.0)) : 0.0f;
    });
    return Volume(response.shape(), std::move(heat), response.voxelSizeAngstrom());
}

}  // namespace

PickPage::PickPage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      bench_(workbench),
      tomogram_(workbench.readers, workbench.io),
      preview_(workbench.previews.picking, workbench.previewQueue) {
    setObjectName(QStringLiteral("pickPage"));
    auto* full = new QWidget(this);
    auto* row = new QHBoxLayout(full);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(buildPicture(), 1);
    row->addWidget(buildSide());
    stack_ = new QStackedLayout(this);
    stack_->addWidget(buildEmptyPage());
    stack_->addWidget(full);
    connectModels();
    applyHeat();
    reloadTomograms();
    showTomogram();
}

QWidget* PickPage::buildPicture() {
    auto* picture = new QWidget(this);
    auto* column = new QVBoxLayout(picture);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildToolBar(picture);
    column->addWidget(toolBar_);
    doneRow_ = buildDoneRow(picture);
    column->addWidget(doneRow_);
    problem_ = makeLabel({}, "error", picture);
    problem_->setObjectName(QStringLiteral("pickProblem"));
    problem_->setWordWrap(true);
    problem_->setContentsMargins(12, 8, 12, 8);
    problem_->hide();
    column->addWidget(problem_);
    pane_ = new SlicePane(QStringLiteral("pickSlice"), picture);
    column->addWidget(pane_, 1);
    return picture;
}

void PickPage::buildToolBar(QWidget* parent) {
    QHBoxLayout* bar = makeToolBar(parent, &toolBar_);
    tomograms_ = new QComboBox;
    tomograms_->setObjectName(QStringLiteral("pickTomogram"));
    tomograms_->setAccessibleName(tr("Tomogram"));
    tomograms_->setMinimumWidth(120);
    tomograms_->setMaximumWidth(220);
    tomograms_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    contrast_ = new RangeSlider(QStringLiteral("pickContrastSlider"));
    contrast_->setFixedWidth(120);
    contrast_->setAccessibleName(tr("Contrast"));
    contrast_->setToolTip(tr("What is black and what is white"));
    QPushButton* automatic = makeButton(tr("Auto"), "pickContrastAuto");
    automatic->setToolTip(tr("Black and white at the darkest and lightest half percent"));
    QPushButton* fit = makeButton(tr("Fit"), "pickFit");
    fit->setToolTip(tr("The whole slice in sight"));
    response_ = makeToggle(tr("Response"), "pickResponse");
    response_->setToolTip(tr("How much each place looks like a particle of this diameter (R)"));
    response_->setChecked(true);
    response_->setShortcut(Qt::Key_R);
    opacity_ = new QSlider(Qt::Horizontal);
    opacity_->setObjectName(QStringLiteral("pickOpacity"));
    opacity_->setAccessibleName(tr("Opacity of the response"));
    opacity_->setRange(10, 100);
    opacity_->setValue(55);
    opacity_->setFixedWidth(72);
    bar->addWidget(tomograms_);
    bar->addSpacing(8);
    bar->addWidget(contrast_);
    bar->addWidget(automatic);
    bar->addWidget(fit);
    bar->addStretch(1);
    bar->addWidget(response_);
    bar->addWidget(opacity_);
    connect(tomograms_, &QComboBox::activated, this,
            [this] { bench_.project.setCurrentTomogram(tomograms_->currentData().toString()); });
    connect(contrast_, &RangeSlider::rangeChanged, this, &PickPage::applyContrast);
    connect(automatic, &QPushButton::clicked, this, &PickPage::autoContrast);
    connect(fit, &QPushButton::clicked, this, [this] { pane_->fit(); });
    connect(response_, &QPushButton::toggled, this, &PickPage::applyHeat);
    connect(opacity_, &QSlider::valueChanged, this, &PickPage::applyHeat);
}

/// What a finished run found, and where to go from there.
QWidget* PickPage::buildDoneRow(QWidget* parent) {
    auto* strip = new QWidget(parent);
    strip->setProperty("role", QStringLiteral("toolbar"));
    strip->setAttribute(Qt::WA_StyledBackground);
    strip->setFixedHeight(40);
    auto* row = new QHBoxLayout(strip);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(8);
    doneText_ = makeLabel({}, "strong", strip);
    doneText_->setObjectName(QStringLiteral("pickDone"));
    QPushButton* show = makeButton(tr("Show in the tomogram"), "pickShow", strip);
    QPushButton* extract = makeButton(tr("Extract…"), "pickThenExtract", strip);
    row->addWidget(doneText_);
    row->addStretch(1);
    row->addWidget(show);
    row->addWidget(extract);
    strip->hide();
    connect(show, &QPushButton::clicked, this, &PickPage::showTomogramWanted);
    connect(extract, &QPushButton::clicked, this, [this] { showSide(true); });
    return strip;
}

QWidget* PickPage::buildSide() {
    auto* side = new QWidget(this);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QWidget* strip = nullptr;
    QHBoxLayout* bar = makeToolBar(side, &strip);
    pickTab_ = makeToggle(tr("Pick"), "pickTab");
    extractTab_ = makeToggle(tr("Extract"), "extractTab");
    auto* group = new QButtonGroup(this);
    for (QPushButton* tab : {pickTab_, extractTab_}) {
        group->addButton(tab);
        bar->addWidget(tab, 1);
    }
    column->addWidget(strip);
    pick_ = new PickForm(bench_, side);
    extract_ = new ExtractForm(bench_, side);
    column->addWidget(pick_, 1);
    column->addWidget(extract_, 1);
    connect(pickTab_, &QPushButton::clicked, this, [this] { showSide(false); });
    connect(extractTab_, &QPushButton::clicked, this, [this] { showSide(true); });
    showSide(false);
    return side;
}

QWidget* PickPage::buildEmptyPage() {
    addButton_ = makePrimaryButton(tr("Add a tomogram…"), "pickAddTomogram");
    const EmptyState empty = makeEmptyState(this, "pickEmpty", {addButton_});
    emptyText_ = empty.text;
    connect(addButton_, &QPushButton::clicked, this, &PickPage::addTomogramWanted);
    return empty.page;
}

void PickPage::connectModels() {
    connect(&bench_.project, &ProjectModel::contentsChanged, this, [this] {
        reloadTomograms();
        showTomogram();
    });
    connect(&bench_.project, &ProjectModel::tomogramChanged, this, [this] {
        reloadTomograms();
        showTomogram();
    });
    connect(&bench_.jobs, &JobController::ended, this, &PickPage::runEnded);
    connect(&tomogram_, &TomogramModel::opened, this, &PickPage::showOpened);
    connect(&tomogram_, &TomogramModel::failed, this, [this](const QString& sentence) {
        if (tomogram_.isOpen()) return showProblem(sentence);
        emptyText_->setText(sentence);
        addButton_->hide();
        stack_->setCurrentIndex(0);
    });
    connect(&tomogram_, &TomogramModel::sliceArrived, this, [this](Plane, std::int64_t, const Volume& slice) { pane_->view()->setSlice(slice); });
    connect(pane_, &SlicePane::sliceWanted, this, [this](std::int64_t z) {
        tomogram_.requestSlice(Plane::XY, z);
        clearPreview();
        ask();
    });
    connect(pick_, &PickForm::optionsChanged, this, &PickPage::ask);
    connect(pick_, &PickForm::started, this, [this](const QString& id) {
        wanted_ = id;
        wantedSet_ = pick_->setName();
        doneRow_->hide();
    });
    connect(&preview_, &PickPreviewModel::arrived, this, &PickPage::showPreview);
    connect(&preview_, &PickPreviewModel::failed, this, [this](const QString& sentence) {
        clearPreview();
        showProblem(sentence);
    });
    connect(&preview_, &PickPreviewModel::busyChanged, this, &PickPage::showCaption);
}

void PickPage::reloadTomograms() {
    const QSignalBlocker quiet(tomograms_);
    tomograms_->clear();
    for (const TomogramRecord& record : bench_.project.contents().tomograms)
        tomograms_->addItem(toQString(record.name), toQString(record.name));
    if (const TomogramRecord* current = bench_.project.currentTomogram())
        tomograms_->setCurrentIndex(tomograms_->findData(toQString(current->name)));
}

void PickPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    showTomogram();
}

void PickPage::showTomogram() {
    const TomogramRecord* record = bench_.project.currentTomogram();
    if (record) {
        // Not in sight it waits: showEvent() looks again.
        if (record->path != tomogram_.path() && isVisible()) tomogram_.open(record->path);
        return;
    }
    tomogram_.close();
    clearPreview();
    preview_.cancel();
    addButton_->setVisible(bench_.project.isOpen());
    emptyText_->setText(bench_.project.isOpen() ? tr("Particles are picked in a tomogram; this project has none yet.")
                                                : tr("Particles are picked in the tomograms of a project.\nOpen or make a project first (Menu)."));
    stack_->setCurrentIndex(0);
}

void PickPage::showOpened() {
    stack_->setCurrentIndex(1);
    showProblem({});
    autoContrast();
    pane_->setVolumeShape(tomogram_.info().shape, tomogram_.info().voxelSize());
    pane_->setFocus();
}

void PickPage::showSide(bool extract) {
    pickTab_->setChecked(!extract);
    extractTab_->setChecked(extract);
    pick_->setVisible(!extract);
    extract_->setVisible(extract);
}

void PickPage::ask() {
    if (!tomogram_.isOpen() || !pick_->valid()) return;
    const PickOptions& options = pick_->options();
    if (options.method != "dog" || !(options.diameterAngstrom > 0)) {
        preview_.cancel();
        return clearPreview();
    }
    PickOptions wish = options;
    preview_.ask(tomogram_.file(), toJson(wish.describe()).dump(), pane_->z());
}

void PickPage::showPreview(const PickPreview& preview, std::int64_t z) {
    spots_ = preview.spots;
    spotsZ_ = z;
    pane_->view()->setHeat(heatOf(preview.response));
    showProblem({});
    showSpots();
    showCaption();
}

/// Slices of before, or of another method, say nothing of this one.
void PickPage::clearPreview() {
    spots_.clear();
    spotsZ_ = -1;
    pane_->view()->setHeat({});
    showSpots();
    showCaption();
}

void PickPage::showSpots() {
    std::vector<SliceCircle> circles;
    const double voxel = tomogram_.isOpen() ? tomogram_.info().voxelSize() : 1;
    const double radius = pick_->options().diameterAngstrom / 2 / std::max(voxel, 1e-6);
    for (const PickPreview::Spot& spot : spots_) {
        const double across = spot.positionVoxels.z - static_cast<double>(spotsZ_);
        const double cut = radius * radius - across * across;
        if (cut <= 0) continue;
        circles.push_back({spot.positionVoxels.x, spot.positionVoxels.y, std::sqrt(cut), accentColour(palette()), false});
    }
    pane_->view()->setCircles(std::move(circles));
}

void PickPage::showCaption() {
    if (!tomogram_.isOpen()) return;
    const QString top = tr("XY · z %1 / %2 · %3 Å").arg(pane_->z()).arg(tomogram_.info().shape.z).arg(tomogram_.info().voxelSize(), 0, 'g', 4);
    QString bottom;
    if (preview_.busy()) {
        bottom = tr("computing…");
    } else if (spotsZ_ >= 0) {
        bottom = spots_.size() == 1 ? tr("1 pick on this slice") : tr("%1 picks on this slice").arg(spots_.size());
    } else if (pick_->options().method == "template") {
        bottom = tr("Templates are tried when the whole tomogram is picked");
    }
    pane_->view()->setCaption(top, bottom);
}

void PickPage::showProblem(const QString& sentence) {
    problem_->setText(sentence);
    problem_->setVisible(!sentence.isEmpty());
}

void PickPage::autoContrast() {
    if (!tomogram_.isOpen()) return;
    const ContrastRange full = tomogram_.fullRange(), range = tomogram_.contrast();
    const double span = full.high > full.low ? double(full.high) - full.low : 1;
    contrast_->setRange((range.low - full.low) / span, (range.high - full.low) / span);
    applyContrast();
}

void PickPage::applyContrast() {
    const ContrastRange full = tomogram_.fullRange();
    const double span = full.high > full.low ? double(full.high) - full.low : 1;
    const double low = full.low + contrast_->low() * span, high = full.low + contrast_->high() * span;
    pane_->view()->setContrast(low, std::max(high, low + span * 1e-6));
}

void PickPage::applyHeat() {
    const bool shown = response_->isChecked();
    opacity_->setEnabled(shown);
    opacity_->setToolTip(tr("Opacity of the response: %1 %").arg(opacity_->value()));
    pane_->view()->setHeatStyle({.threshold = kHeatThreshold, .opacity = shown ? opacity_->value() / 100.0 : 0.0});
}

void PickPage::runEnded(int job, const JobOutcome& outcome) {
    if (wanted_.isEmpty() || !bench_.jobs.title(job).startsWith(wanted_ + QChar(' '))) return;
    wanted_.clear();
    if (outcome.end == JobEnd::Failed) return showProblem(toQString(outcome.message));
    if (outcome.end != JobEnd::Done && outcome.end != JobEnd::FinishedEarly) return;
    doneText_->setText(tr("Picked: the set \"%1\" is there.").arg(wantedSet_));
    doneRow_->show();
    bench_.project.setCurrentSet(wantedSet_);
}

}  // namespace tomoloupe
