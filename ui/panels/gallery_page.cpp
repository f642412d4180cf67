#include "ui/panels/gallery_page.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSlider>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/models/plane.h"
#include "ui/panels/parts.h"
#include "ui/views/slice_image.h"
#include "ui/views/tile_view.h"

namespace tomoloupe {
namespace {

constexpr int kImagesKept = 4000;
constexpr int kBatch = 24;  // pictures read at a time: the newest wish of the scroll bar waits for no more than these
constexpr std::int64_t kSlab = 5;

using NamedImages = std::vector<std::pair<std::int64_t, QImage>>;

/// Words of a tile: its label, else the suggestion, with the probability that the model gives to it.
TileText tileText(const ProjectModel& project, std::int64_t particle) {
    const std::optional<PredictionView> prediction = project.predictionOf(particle);
    const std::int64_t label = project.labelOf(particle);
    const std::int64_t shown = label != 0 ? label : prediction ? prediction->classId : 0;
    TileText text;
    if (shown == 0) return text;
    text.label = project.className(shown);
    text.colour = QColor(project.classColour(shown));
    text.suggested = label == 0;
    if (!prediction) return text;
    const auto& columns = project.set()->predictions.classIds;
    const auto column = static_cast<std::size_t>(std::find(columns.begin(), columns.end(), shown) - columns.begin());
    if (column < prediction->probabilities.size())
        text.figure = QString::number(prediction->probabilities[column], 'f', 2);
    return text;
}

}  // namespace

GalleryPage::GalleryPage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), model_(workbench.project), images_(kImagesKept) {
    setObjectName(QStringLiteral("galleryPage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    tiles_ = new TileView(QStringLiteral("galleryTiles"), this);
    tiles_->setEmptyText(tr("No particle passes this filter."));
    tiles_->setSource({.image =
                           [this](int tile) {
                               const QImage* image = images_.object(model_.particleAt(tile));
                               return image ? *image : QImage();
                           },
                       .text = [this](int tile) { return tileText(bench_.project, model_.particleAt(tile)); }});
    table_ = new QTableView(this);
    table_->setObjectName(QStringLiteral("galleryTable"));
    table_->setModel(&model_);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setShowGrid(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(28);
    table_->horizontalHeader()->setDefaultSectionSize(120);
    table_->horizontalHeader()->setStretchLastSection(true);
    table_->setFrameShape(QFrame::NoFrame);
    stack_ = new QStackedWidget(this);
    stack_->addWidget(tiles_);
    stack_->addWidget(table_);
    stack_->addWidget(buildEmptyPage());
    buildToolBar(this);
    column->addWidget(toolBar_);
    column->addWidget(stack_, 1);
    connectModels();
    showSet();
}

void GalleryPage::buildToolBar(QWidget* page) {
    QHBoxLayout* bar = makeToolBar(page, &toolBar_);
    counts_ = makeLabel({}, "strong");
    counts_->setObjectName(QStringLiteral("galleryCounts"));
    bar->addWidget(counts_);
    filter_ = new QComboBox;
    filter_->setObjectName(QStringLiteral("galleryFilter"));
    filter_->addItems({tr("All"), tr("Unlabelled"), tr("Labelled"), tr("Disagree with prediction")});
    filter_->setFixedWidth(132);
    filter_->view()->setMinimumWidth(190);
    bar->addSpacing(4);
    bar->addWidget(filter_);
    QPushButton* list = makeToggle(tr("List"), "galleryList");
    bar->addWidget(list);
    bar->addStretch(1);
    hint_ = makeLabel(tr("1–9, 0 label  ·  Enter accept  ·  Space skip"), "muted");
    bar->addWidget(hint_);
    auto* size = new QSlider(Qt::Horizontal);
    size->setObjectName(QStringLiteral("galleryTileSize"));
    size->setToolTip(tr("Size of the tiles"));
    size->setRange(64, 256);
    size->setValue(104);
    size->setFixedWidth(88);
    bar->addWidget(size);
    connect(size, &QSlider::valueChanged, tiles_, &TileView::setTileSide);
    connect(list, &QPushButton::toggled, this, [this](bool on) { stack_->setCurrentIndex(on ? 1 : 0); });
    connect(filter_, &QComboBox::currentIndexChanged, this, [this](int at) {
        model_.setFilter(static_cast<ParticleFilter>(at));
        tiles_->setCount(model_.rowCount());
        showCurrent();
        tiles_->setFocus();
    });
}

QWidget* GalleryPage::buildEmptyPage() {
    auto* page = new QWidget(this);
    page->setProperty("role", QStringLiteral("canvas"));
    page->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(page);
    column->setSpacing(12);
    QLabel* text = makeLabel(tr("This project has no particles yet.\nImport a folder with one subtomogram a file; a "
                                "labels.csv in it gives the labels."),
                             "empty", page);
    text->setAlignment(Qt::AlignCenter);
    QPushButton* import = makePrimaryButton(tr("Import subtomograms…"), "importButton", page);
    column->addStretch(1);
    column->addWidget(text);
    column->addWidget(import, 0, Qt::AlignHCenter);
    column->addStretch(1);
    connect(import, &QPushButton::clicked, this, &GalleryPage::importWanted);
    return page;
}

void GalleryPage::connectModels() {
    connect(&bench_.project, &ProjectModel::setChanged, this, &GalleryPage::showSet);
    connect(&bench_.project, &ProjectModel::labelsChanged, this, &GalleryPage::showCounts);
    connect(&bench_.project, &ProjectModel::particleChanged, this, &GalleryPage::showCurrent);
    connect(tiles_, &TileView::currentChanged, this,
            [this](int tile) { bench_.project.setCurrentParticle(model_.particleAt(tile)); });
    connect(tiles_, &TileView::keyPressed, this, &GalleryPage::handleKey);
    connect(tiles_, &TileView::shown, this, [this](int first, int last) {
        firstShown_ = first;
        lastShown_ = last;
        fetchImages();
    });
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (now.isValid()) bench_.project.setCurrentParticle(model_.particleAt(now.row()));
    });
}

void GalleryPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    tiles_->setFocus();
}

void GalleryPage::showSet() {
    images_.clear();
    firstShown_ = 0;
    lastShown_ = -1;
    tiles_->setCount(model_.rowCount());
    toolBar_->setVisible(bench_.project.set() != nullptr);
    if (!bench_.project.set()) {
        stack_->setCurrentIndex(2);
    } else if (stack_->currentIndex() == 2) {
        stack_->setCurrentIndex(0);
    }
    showCounts();
    showCurrent();
}

void GalleryPage::showCounts() {
    const SetContents* set = bench_.project.set();
    const std::int64_t count = set ? set->record.count : 0;
    const QLocale locale;
    counts_->setText(set ? tr("%1 particles · %2 labelled")
                               .arg(locale.toString(qlonglong(count)), locale.toString(qlonglong(bench_.project.labelled())))
                         : tr("No particles"));
    tiles_->refresh();
}

void GalleryPage::showCurrent() {
    const int row = model_.rowOf(bench_.project.currentParticle());
    tiles_->setCurrent(row);
    if (row >= 0 && table_->currentIndex().row() != row) table_->setCurrentIndex(model_.index(row, 0));
}

void GalleryPage::handleKey(int key) {
    const std::int64_t particle = bench_.project.currentParticle();
    if (key >= Qt::Key_0 && key <= Qt::Key_9) {
        if (const auto classId = bench_.project.classForKey(QChar(key)))
            labelAndGoOn(classId);
    } else if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        const std::optional<PredictionView> prediction = bench_.project.predictionOf(particle);
        if (prediction) labelAndGoOn(prediction->classId);
    } else if (key == Qt::Key_Space) {
        goOn();
    }
}

void GalleryPage::labelAndGoOn(std::optional<std::int64_t> classId) {
    if (bench_.project.label(bench_.project.currentParticle(), classId)) goOn();
}

void GalleryPage::goOn() {
    const std::int64_t next = model_.particleAt(model_.rowOf(bench_.project.currentParticle()) + 1);
    if (next >= 0) bench_.project.setCurrentParticle(next);
}

void GalleryPage::fetchImages() {
    fetchMore(firstShown_, lastShown_);
}

void GalleryPage::fetchMore(int first, int last) {
    const SetContents* set = bench_.project.set();
    if (!set || !set->source) return;
    std::vector<std::int64_t> missing;
    for (int tile = first; tile <= last && static_cast<int>(missing.size()) < kBatch; ++tile) {
        const std::int64_t particle = model_.particleAt(tile);
        if (particle >= 0 && !images_.contains(particle)) missing.push_back(particle);
    }
    if (missing.empty()) return;
    bench_.io.post(
        this,
        [source = set->source, missing] {
            NamedImages images;
            for (const std::int64_t particle : missing)
                images.emplace_back(particle, sliceImage(middleSlab(source->read(particle), kSlab)));
            return images;
        },
        [this](const NamedImages& images) {
            for (const auto& [particle, image] : images) images_.insert(particle, new QImage(image));
            tiles_->refresh();
            fetchImages();
        },
        {}, latestImages_);
}

}  // namespace tomoloupe
