#include "ui/panels/gallery_page.h"

#include <QAbstractItemView>
#include <QAction>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/bridge/text.h"
#include "ui/models/shown_source.h"
#include "ui/panels/empty_state.h"
#include "ui/panels/gallery_bar.h"
#include "ui/panels/gallery_memory.h"
#include "ui/panels/label_actions.h"
#include "ui/panels/parts.h"
#include "ui/panels/tile_hover.h"

namespace tomoloupe {
namespace {

constexpr std::size_t kRepaintSingly = 64;  // tiles; more are painted all at once
constexpr int kTableSelection = 5000;       // rows that are marked in the table when they were selected elsewhere

enum StackPage { Tiles, Rows, Empty };

}  // namespace

GalleryPage::GalleryPage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), model_(workbench.project, workbench.io), looks_(workbench.project), pictures_(workbench.io) {
    setObjectName(QStringLiteral("galleryPage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    bar_ = new GalleryBar(this);
    trouble_ = makeLabel({}, "error", this);
    trouble_->setObjectName(QStringLiteral("galleryTrouble"));
    trouble_->setContentsMargins(12, 6, 12, 6);
    trouble_->setWordWrap(true);
    trouble_->hide();
    stack_ = new QStackedWidget(this);
    buildTiles();
    buildTable();
    stack_->addWidget(tiles_);
    stack_->addWidget(table_);
    stack_->addWidget(buildEmptyPage());
    column->addWidget(bar_);
    column->addWidget(trouble_);
    column->addWidget(stack_, 1);
    buildActions();
    connectModels();
    connectBar();
    connectViews();
    takeSet();
    if (bench_.project.set()) showList();  // it was listed before anybody listened
}

void GalleryPage::buildTiles() {
    tiles_ = new TileView(QStringLiteral("galleryTiles"), this);
    tiles_->setAccessibleName(tr("Particles"));
    tiles_->setTileSide(bar_->tileSide());
    tiles_->setSource({.image = [this](int tile) { return pictures_.image(model_.particleAt(tile)); },
                       .text = [this](int tile) { return looks_.of(model_.particleAt(tile)); },
                       .trouble = [this](int tile) { return pictures_.trouble(model_.particleAt(tile)); }});
}

void GalleryPage::buildTable() {
    table_ = new QTableView(this);
    table_->setObjectName(QStringLiteral("galleryTable"));
    table_->setModel(&model_);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setShowGrid(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(28);
    table_->horizontalHeader()->setDefaultSectionSize(120);
    table_->horizontalHeader()->setStretchLastSection(true);
    table_->setFrameShape(QFrame::NoFrame);
}

QWidget* GalleryPage::buildEmptyPage() {
    QPushButton* import = makePrimaryButton(tr("Import subtomograms…"), "importButton");
    importButton_ = import;
    QPushButton* all = makePrimaryButton(tr("Show all particles"), "galleryShowAll");
    all->setToolTip(tr("Drops all filters; the order stays"));
    showAllButton_ = all;
    const EmptyState empty = makeEmptyState(this, "galleryEmpty", {import, all});
    emptyText_ = empty.text;
    connect(import, &QPushButton::clicked, this, &GalleryPage::importWanted);
    connect(all, &QPushButton::clicked, this, &GalleryPage::showAll);
    return empty.page;
}

void GalleryPage::buildActions() {
    actions_ = new LabelActions(bench_.project, this, {tiles_, table_});
    actions_->add(tr("Select all particles of the list"), "actionSelectAll", tr("Of the list as it is filtered"),
                  {QKeySequence::SelectAll}, [this] {
        if (view() == table_) {
            table_->selectAll();
        } else {
            tiles_->selectAll();
        }
    });
    actions_->add(tr("Drop the selection"), "actionDropSelection", tr("What is done goes to the current particle alone"),
                  {Qt::Key_Escape},
                  [this] { bench_.project.setSelection({}); });
    actions_->add(tr("Make the list anew"), "actionListAnew", tr("Filters and sorts by the labels as they are now"),
                  {Qt::Key_F5}, [this] { ask(model_.query()); });
    actions_->add(tr("List what to label next"), "actionLabelNext", tr("The unlabelled particles from which the model would learn most"),
                  {}, [this] {
        ParticleQuery query;
        query.state = LabelState::Unlabelled;
        query.sort = SortKey::LabelNext;
        ask(query);
    });
    connect(actions_, &LabelActions::goOn, this, &GalleryPage::goOn);
    connect(actions_, &LabelActions::selectionDone, this, [this] { bench_.project.setSelection({}); });
}

void GalleryPage::connectModels() {
    ProjectModel* project = &bench_.project;
    connect(project, &ProjectModel::setChanged, this, &GalleryPage::takeSet);
    connect(project, &ProjectModel::contentsChanged, this, &GalleryPage::takeChoices);
    connect(project, &ProjectModel::classesChanged, this, [this] {
        takeChoices();
        tiles_->refresh();
    });
    connect(project, &ProjectModel::labelsChanged, this, &GalleryPage::showLabels);
    connect(project, &ProjectModel::particleChanged, this, &GalleryPage::showCurrent);
    connect(project, &ProjectModel::selectionChanged, this, &GalleryPage::showSelection);
    connect(project, &ProjectModel::failed, this, [this](const QString& sentence) {
        if (bench_.project.set()) return;
        emptyText_->setText(sentence);
        importButton_->hide();
    });
    connect(&model_, &ParticleModel::listed, this, &GalleryPage::showList);
    connect(&model_, &ParticleModel::staleChanged, this, [this] { bar_->setStale(model_.stale()); });
    connect(&model_, &ParticleModel::failed, this, &GalleryPage::showTrouble);
    connect(&pictures_, &TilePictures::troubled, this, &GalleryPage::showTrouble);
    connect(&pictures_, &TilePictures::arrived, this, [this](const std::vector<std::int64_t>& particles) {
        for (const std::int64_t particle : particles) tiles_->updateTile(model_.rowOf(particle));
    });
}

void GalleryPage::connectBar() {
    connect(bar_, &GalleryBar::queryChanged, this, &GalleryPage::ask);
    connect(bar_, &GalleryBar::askedAnew, this, [this] { ask(model_.query()); });
    connect(bar_, &GalleryBar::tileSideChanged, tiles_, &TileView::setTileSide);
    connect(bar_, &GalleryBar::lookChanged, this, [this](const TileLook& look) {
        pictures_.setLook(look);
        tiles_->setTileAspect(static_cast<int>(look.planeList().size()));
        showTrouble({});
        fetchPictures();
    });
    connect(bar_, &GalleryBar::listWanted, this, [this](bool list) {
        if (stack_->currentIndex() == Empty) return;
        stack_->setCurrentIndex(list ? Rows : Tiles);
        showCurrent();
        showSelection();
        view()->setFocus();
    });
}

void GalleryPage::connectViews() {
    connect(tiles_, &TileView::currentChanged, this,
            [this](int tile) { bench_.project.setCurrentParticle(model_.particleAt(tile)); });
    connect(tiles_, &TileView::selectionChanged, this, &GalleryPage::takeTileSelection);
    connect(tiles_, &TileView::hovered, this, &GalleryPage::showHover);
    connect(tiles_, &TileView::shown, this, [this](int first, int last) {
        firstShown_ = first;
        lastShown_ = last;
        fetchPictures();
    });
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
        if (now.isValid() && view() == table_) bench_.project.setCurrentParticle(model_.particleAt(now.row()));
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &GalleryPage::takeTableSelection);
}

void GalleryPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    view()->setFocus();
}

void GalleryPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    showHover(-1);
}

QWidget* GalleryPage::view() const {
    return stack_->currentIndex() == Rows ? static_cast<QWidget*>(table_) : tiles_;
}

void GalleryPage::takeSet() {
    const SetContents* set = bench_.project.set();
    bar_->setVisible(set != nullptr);
    showTrouble({});
    pictures_.setSource(shownSource(bench_));
    if (!set) {
        showEmptyPage();
    } else if (stack_->currentIndex() == Empty) {
        stack_->setCurrentIndex(bar_->listShown() ? Rows : Tiles);
    }
    takeChoices();
}

void GalleryPage::showEmptyPage() {
    emptyText_->setText(
        tr("This project has no particles yet.\nImport a folder with one subtomogram a file; a "
           "labels.csv in it gives the labels."));
    importButton_->setVisible(true);
    showAllButton_->setVisible(false);
    stack_->setCurrentIndex(Empty);
}

/// There are particles, and the bar's filters leave none of them.
void GalleryPage::showNothingListed() {
    const ParticleQuery& query = model_.query();
    const bool filtered = FilterPanel::narrows(query);
    emptyText_->setText(filtered                                   ? tr("No particle passes the filter.")
                        : query.state == LabelState::Unlabelled ? tr("Every particle has a label.")
                        : query.state == LabelState::Junk       ? tr("No particle is marked as junk.")
                        : query.disagreeing ? tr("No label differs from what the model predicts.")
                                            : tr("No particle is listed."));
    importButton_->setVisible(false);
    showAllButton_->setVisible(true);
    stack_->setCurrentIndex(Empty);
}

void GalleryPage::showAll() {
    ParticleQuery all;
    all.sort = model_.query().sort == SortKey::LabelNext ? SortKey::Number : model_.query().sort;
    all.sortColumn = model_.query().sortColumn;
    all.descending = model_.query().descending;
    ask(all);
}

void GalleryPage::remember() {
    auto* memory = new GalleryMemory(bench_.project, model_, bar_, this);
    connect(memory, &GalleryMemory::queryRemembered, this, &GalleryPage::ask);
    memory->begin();
}

void GalleryPage::takeChoices() {
    FilterPanel::Choices choices;
    looks_.readClasses();
    for (const ClassRecord& record : bench_.project.contents().classes)
        choices.classes.push_back({record.id, toQString(record.name), bench_.project.classColour(record.id)});
    for (const TomogramRecord& record : bench_.project.contents().tomograms)
        choices.tomograms.append(toQString(record.name));
    if (const SetContents* set = bench_.project.set()) {
        for (const std::string& name : set->table->columnNames) choices.columns.append(toQString(name));
    }
    bar_->setChoices(choices);
}

void GalleryPage::ask(const ParticleQuery& query) {
    startAtTop_ = query.sort == SortKey::LabelNext;
    bar_->setQuery(query);
    model_.ask(query);
    if (!bar_->isAncestorOf(focusWidget())) view()->setFocus();
}

void GalleryPage::showOnly(const QString& title, std::vector<std::int64_t> particles) {
    ParticleQuery query;
    query.only = std::make_shared<const std::vector<std::int64_t>>(std::move(particles));
    query.onlyTitle = title.toStdString();
    ask(query);
}

/// The list is another one. The current particle and the selection stay as far as they are in it; what is not in sight
/// is never labelled.
void GalleryPage::showList() {
    bar_->setQuery(model_.query());
    tiles_->setCount(model_.rowCount());
    if (bench_.project.set() && bench_.project.set()->record.count > 0) {
        if (model_.rowCount() == 0) showNothingListed();
        else if (stack_->currentIndex() == Empty) stack_->setCurrentIndex(bar_->listShown() ? Rows : Tiles);
    }
    if (model_.rowCount() > 0 && (!inList() || startAtTop_)) bench_.project.setCurrentParticle(model_.particleAt(0));
    startAtTop_ = false;
    std::vector<std::int64_t> selected;
    for (const std::int64_t particle : bench_.project.selection()) {
        if (model_.rowOf(particle) >= 0) selected.push_back(particle);
    }
    bench_.project.setSelection(std::move(selected));
    showCounts();
    showCurrent();
    showSelection();
}

bool GalleryPage::inList() const {
    return model_.rowOf(bench_.project.currentParticle()) >= 0;
}

void GalleryPage::showCounts() {
    const SetContents* set = bench_.project.set();
    const QLocale locale;
    const auto text = [&](std::int64_t number) { return locale.toString(qlonglong(number)); };
    if (!set) return;
    const std::int64_t shown = model_.rowCount();
    const QString particles = shown == set->record.count ? tr("%1 particles").arg(text(shown))
                                                         : tr("%1 of %2").arg(text(shown), text(set->record.count));
    const auto selected = static_cast<std::int64_t>(bench_.project.selection().size());
    const QString labels =
        selected > 0 ? tr("%1 selected").arg(text(selected)) : tr("%1 labelled").arg(text(bench_.project.labelled()));
    bar_->setCounts(particles, labels, selected > 0);
}

void GalleryPage::showCurrent() {
    const int row = model_.rowOf(bench_.project.currentParticle());
    tiles_->setCurrent(row);
    if (view() != table_ || row < 0 || table_->currentIndex().row() == row) return;
    takingSelection_ = true;
    table_->setCurrentIndex(model_.index(row, 0));
    takingSelection_ = false;
}

void GalleryPage::showSelection() {
    showCounts();
    if (takingSelection_) return;
    const std::vector<std::int64_t>& particles = bench_.project.selection();
    std::vector<int> rows;
    rows.reserve(particles.size());
    for (const std::int64_t particle : particles) {
        if (const int row = model_.rowOf(particle); row >= 0) rows.push_back(row);
    }
    tiles_->setSelected(rows);
    if (view() != table_ || rows.size() > kTableSelection) return;
    QItemSelection selection;
    if (rows.empty()) rows.push_back(model_.rowOf(bench_.project.currentParticle()));
    for (const int row : rows)
        selection.select(model_.index(row, 0), model_.index(row, ParticleModel::ColumnCount - 1));
    takingSelection_ = true;
    table_->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    takingSelection_ = false;
}

void GalleryPage::takeTileSelection() {
    std::vector<std::int64_t> particles;
    particles.reserve(static_cast<std::size_t>(tiles_->selection().selected()));
    for (const int tile : tiles_->selection().tiles()) particles.push_back(model_.particleAt(tile));
    std::sort(particles.begin(), particles.end());
    takingSelection_ = true;
    bench_.project.setSelection(std::move(particles));
    takingSelection_ = false;
}

/// One row alone is the current one and no selection.
void GalleryPage::takeTableSelection() {
    if (takingSelection_ || view() != table_) return;
    std::vector<std::int64_t> particles;
    for (const QItemSelectionRange& range : table_->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) particles.push_back(model_.particleAt(row));
    }
    std::sort(particles.begin(), particles.end());
    if (particles.size() < 2) particles.clear();
    takingSelection_ = true;
    bench_.project.setSelection(std::move(particles));
    takingSelection_ = false;
}

void GalleryPage::showLabels(const std::vector<std::int64_t>& particles) {
    showCounts();
    if (particles.empty() || particles.size() > kRepaintSingly) return tiles_->refresh();
    for (const std::int64_t particle : particles) tiles_->updateTile(model_.rowOf(particle));
}

void GalleryPage::goOn() {
    const std::int64_t next = model_.particleAt(model_.nextToLabel(model_.rowOf(bench_.project.currentParticle())));
    if (next >= 0) bench_.project.setCurrentParticle(next);
}

void GalleryPage::showHover(int tile) {
    const std::int64_t particle = model_.particleAt(tile);
    if (particle < 0) {
        if (hover_) hover_->leave();
        return;
    }
    if (!hover_) hover_ = new TileHover(bench_.io, window());
    const Particle& row = bench_.project.set()->particles()[static_cast<std::size_t>(particle)];
    const TileText text = looks_.of(particle);
    QStringList words{tr("Particle %1").arg(particle)};
    if (!row.tomogram.empty()) words.append(toQString(row.tomogram));
    if (!text.label.isEmpty())
        words.append(text.label + (text.suggested ? QStringLiteral(" ? ") : QStringLiteral(" ")) + text.figure);
    const QRect rect = tiles_->tileRect(tile);
    const QPoint corner = tiles_->viewport()->mapTo(window(), rect.topLeft());
    hover_->showFor({pictures_.source(), particle, pictures_.look(), words.join(QStringLiteral("  ·  "))},
                    QRect(corner, rect.size()));
}

void GalleryPage::showTrouble(const QString& sentence) {
    trouble_->setText(sentence);
    trouble_->setVisible(!sentence.isEmpty());
}

/// What is in sight, then the screen below and the one above.
void GalleryPage::fetchPictures() {
    const int pixels = qRound(tiles_->tileRect(0).height() * tiles_->devicePixelRatioF());
    pictures_.setSide(std::clamp((pixels + 63) / 64 * 64, 128, 512));
    std::vector<std::int64_t> particles;
    const int screen = lastShown_ - firstShown_ + 1;
    const auto add = [&](int first, int last) {
        for (int tile = std::max(0, first); tile <= last; ++tile) {
            if (const std::int64_t particle = model_.particleAt(tile); particle >= 0) particles.push_back(particle);
        }
    };
    add(firstShown_, lastShown_);
    add(lastShown_ + 1, lastShown_ + screen);
    add(firstShown_ - screen, firstShown_ - 1);
    pictures_.want(particles);
}

}  // namespace tomoloupe
