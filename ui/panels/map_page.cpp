#include "ui/panels/map_page.h"

#include <QAction>
#include <QButtonGroup>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "ui/bridge/text.h"
#include "ui/panels/empty_state.h"
#include "ui/panels/label_actions.h"
#include "ui/panels/map_side.h"
#include "ui/panels/parts.h"
#include "ui/panels/tile_hover.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

enum StackPage { Full, Empty };
constexpr int kRampSteps = 64;

/// Even to the eye; the end that would vanish in the background is left out.
std::vector<QColor> valueRamp(const QPalette& palette) {
    const bool dark = canvasColour(palette).lightnessF() < 0.5F;
    const double from = dark ? 0.22 : 0.0, to = dark ? 1.0 : 0.82;
    std::vector<QColor> ramp;
    for (int i = 0; i < kRampSteps; ++i) ramp.push_back(toQColor(heatColour(from + (to - from) * i / (kRampSteps - 1))));
    return ramp;
}

/// Styles of the points and which each has.
std::vector<std::uint8_t> stylesOf(const MapColouring& colouring, const std::vector<QColor>& ramp, std::vector<PointStyle>& styles) {
    std::vector<std::uint8_t> styleOf;
    if (colouring.continuous()) {
        for (const QColor& colour : ramp) styles.push_back({colour, 0});
        const double span = colouring.high - colouring.low;
        for (const float value : colouring.values) {
            const double part = std::clamp((static_cast<double>(value) - colouring.low) / span, 0.0, 1.0);
            styleOf.push_back(std::isfinite(value) ? static_cast<std::uint8_t>(std::lround(part * (kRampSteps - 1))) : MapCanvas::kNoStyle);
        }
        return styleOf;
    }
    for (const MapCategory& category : colouring.categories) styles.push_back({QColor(category.colour), category.shape});
    styles.resize(std::min<std::size_t>(styles.size(), MapCanvas::kNoStyle));
    for (const std::int32_t category : colouring.category)
        styleOf.push_back(category < 0 ? MapCanvas::kNoStyle : static_cast<std::uint8_t>(std::min<std::int32_t>(category, MapCanvas::kNoStyle)));
    return styleOf;
}

}  // namespace

MapPage::MapPage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), model_(workbench), groups_(workbench.previewQueue) {
    setObjectName(QStringLiteral("mapPage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    stack_ = new QStackedWidget(this);
    stack_->addWidget(buildMap());
    stack_->addWidget(buildEmptyPage());
    column->addWidget(stack_, 1);
    buildActions();
    connectModels();
    connectView();
    connectSide();
    takeSet();
    takeData();
}

QWidget* MapPage::buildMap() {
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QWidget* strip = nullptr;
    QHBoxLayout* bar = makeToolBar(page, &strip);
    buildBar(bar);
    column->addWidget(strip);
    mapping_ = buildProgress();
    column->addWidget(mapping_);
    trouble_ = makeLabel({}, "error", page);
    trouble_->setObjectName(QStringLiteral("mapTrouble"));
    trouble_->setContentsMargins(12, 6, 12, 6);
    trouble_->setWordWrap(true);
    trouble_->hide();
    column->addWidget(trouble_);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    view_ = new MapView(QStringLiteral("mapView"), page);
    view_->setAccessibleName(tr("Map of the particles"));
    side_ = new MapSide(page);
    row->addWidget(view_, 1);
    row->addWidget(side_);
    column->addLayout(row, 1);
    return page;
}

void MapPage::buildBar(QHBoxLayout* bar) {
    embeddings_ = new QComboBox;
    embeddings_->setObjectName(QStringLiteral("mapEmbedding"));
    embeddings_->setAccessibleName(tr("Embedding"));
    embeddings_->setToolTip(tr("The network whose view of the particles is shown"));
    embeddings_->setMinimumWidth(120);
    embeddings_->setMaximumWidth(220);
    embed_ = makeButton(tr("New…"), "mapEmbed");
    embed_->setToolTip(tr("Embeds the current set with another network"));
    embedMenu_ = new QMenu(embed_);
    embedMenu_->setObjectName(QStringLiteral("mapEmbedMenu"));
    embed_->setMenu(embedMenu_);
    pca_ = makeToggle(tr("PCA"), "mapPca");
    pca_->setToolTip(tr("The two directions in which the vectors differ most; there at once"));
    umap_ = makeToggle(tr("UMAP"), "mapUmap");
    umap_->setToolTip(tr("Neighbours stay together; computed in the background"));
    auto* layouts = new QButtonGroup(this);
    bar->addWidget(embeddings_);
    bar->addWidget(embed_);
    bar->addSpacing(4);
    for (QPushButton* button : {pca_, umap_}) {
        layouts->addButton(button);
        bar->addWidget(button);
    }
    umap_->setChecked(true);
    bar->addStretch(1);
    addTools(bar);
    connect(embeddings_, &QComboBox::activated, this, [this] { model_.choose(embeddings_->currentData().toString()); });
    connect(embedMenu_, &QMenu::aboutToShow, this, [this] { fillModels(embedMenu_); });
    connect(pca_, &QPushButton::clicked, this, [this] { model_.setLayout(MapModel::Layout::Pca); });
    connect(umap_, &QPushButton::clicked, this, [this] { model_.setLayout(MapModel::Layout::Umap); });
}

void MapPage::addTools(QHBoxLayout* bar) {
    auto* tools = new QButtonGroup(this);
    const auto add = [&](const QString& text, const char* name, const QString& help, MapView::Tool tool) {
        QPushButton* button = makeToggle(text, name);
        button->setProperty("density", QStringLiteral("compact"));
        button->setToolTip(help);
        tools->addButton(button);
        bar->addWidget(button);
        button->setChecked(tool == MapView::Tool::Lasso);
        connect(button, &QPushButton::clicked, this, [this, tool] { view_->setTool(tool); });
    };
    add(tr("Lasso"), "mapLasso", tr("Draw around particles to select them; Shift adds, Ctrl takes away"), MapView::Tool::Lasso);
    add(tr("Rectangle"), "mapRectangle", tr("Select what lies in a rectangle; Shift adds, Ctrl takes away"), MapView::Tool::Rectangle);
    add(tr("Move"), "mapMove", tr("Drag the map; the middle button does always"), MapView::Tool::Move);
    QPushButton* fit = makeButton(tr("Fit"), "mapFit");
    fit->setProperty("density", QStringLiteral("compact"));
    fit->setToolTip(tr("All particles in sight"));
    bar->addWidget(fit);
    connect(fit, &QPushButton::clicked, this, [this] { view_->fit(); });
}

QWidget* MapPage::buildProgress() {
    auto* strip = new QWidget(this);
    strip->setProperty("role", QStringLiteral("toolbar"));
    strip->setAttribute(Qt::WA_StyledBackground);
    strip->setFixedHeight(36);
    auto* row = new QHBoxLayout(strip);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(12);
    mappingBar_ = new QProgressBar(strip);
    mappingBar_->setObjectName(QStringLiteral("mapProgress"));
    mappingBar_->setAccessibleName(tr("Progress of the map"));
    mappingBar_->setTextVisible(false);
    mappingBar_->setRange(0, 1000);
    mappingBar_->setFixedSize(120, 6);
    mappingText_ = makeLabel({}, "muted", strip);
    mappingText_->setObjectName(QStringLiteral("mapProgressText"));
    QPushButton* finish = makeButton(tr("Finish"), "mapFinish", strip);
    finish->setToolTip(tr("Stop soon and keep the map as far as it is"));
    QPushButton* cancel = makeButton(tr("Cancel"), "mapCancel", strip);
    cancel->setToolTip(tr("Stop now; PCA stays"));
    row->addWidget(mappingBar_);
    row->addWidget(mappingText_, 1);
    row->addWidget(finish);
    row->addWidget(cancel);
    strip->hide();
    connect(finish, &QPushButton::clicked, this, [this] { model_.request(StopWish::Finish); });
    connect(cancel, &QPushButton::clicked, this, [this] { model_.request(StopWish::Cancel); });
    return strip;
}

QWidget* MapPage::buildEmptyPage() {
    make_ = makePrimaryButton(tr("Make a map"), "mapMake");
    make_->setToolTip(tr("Does what the map needs first"));
    others_ = makeButton(tr("Another network…"), "mapOthers");
    others_->setToolTip(tr("Choose the network that turns particles into vectors"));
    othersMenu_ = new QMenu(others_);
    othersMenu_->setObjectName(QStringLiteral("mapOthersMenu"));
    others_->setMenu(othersMenu_);
    const EmptyState empty = makeEmptyState(this, "mapEmpty", {make_, others_});
    emptyText_ = empty.text;
    connect(othersMenu_, &QMenu::aboutToShow, this, [this] { fillModels(othersMenu_); });
    connect(make_, &QPushButton::clicked, this, [this] {
        if (want_ == Want::Import) return Q_EMIT importWanted();
        if (want_ == Want::Extract) return Q_EMIT extractWanted();
        const auto models = model_.models();
        model_.embed(models.empty() ? QString() : models.front().id);
    });
    return empty.page;
}

void MapPage::buildActions() {
    actions_ = new LabelActions(bench_.project, this, {view_}, QStringLiteral("OnMap"));
    actions_->add(tr("Drop the selection"), "actionMapDropSelection", tr("What is done goes to the current particle alone"), {Qt::Key_Escape},
                  [this] { bench_.project.setSelection({}); });
    actions_->add(tr("Select the neighbours"), "actionMapNeighbours", tr("The particles nearest to the current one in the embedding"),
                  {Qt::Key_N}, [this] { findNeighbours(); });
    actions_->add(tr("Show the whole map"), "actionMapFit", tr("All particles in sight"), {Qt::Key_F}, [this] { view_->fit(); });
    connect(actions_, &LabelActions::goOn, this, &MapPage::goOn);
    connect(actions_, &LabelActions::selectionDone, this, [this] { bench_.project.setSelection({}); });
}

void MapPage::connectModels() {
    ProjectModel* project = &bench_.project;
    connect(project, &ProjectModel::setChanged, this, &MapPage::takeSet);
    connect(project, &ProjectModel::classesChanged, this, &MapPage::recolour);
    connect(project, &ProjectModel::labelsChanged, this, [this] {
        coloursStale_ = coloursStale_ || side_->colour() == MapColour::Class;
        if (coloursStale_ && isVisible()) recolour();
    });
    connect(project, &ProjectModel::particleChanged, this, [this] { view_->setCurrent(bench_.project.currentParticle()); });
    connect(project, &ProjectModel::selectionChanged, this, &MapPage::showSelection);
    connect(&model_, &MapModel::embeddingsChanged, this, &MapPage::showEmbeddings);
    connect(&model_, &MapModel::dataChanged, this, &MapPage::takeData);
    connect(&model_, &MapModel::positionsChanged, this, &MapPage::showPositions);
    connect(&model_, &MapModel::mappingChanged, this, &MapPage::showMapping);
    connect(&model_, &MapModel::failed, this, &MapPage::showTrouble);
    connect(&groups_, &MapGroups::busyChanged, this, [this] { side_->setBusy(groups_.busy()); });
    connect(&groups_, &MapGroups::failed, this, &MapPage::showTrouble);
    connect(&groups_, &MapGroups::found, this, [this] {
        facts_.groups = groups_.groups();
        const auto between = std::count(facts_.groups->begin(), facts_.groups->end(), -1);
        side_->setColour(MapColour::Group);
        side_->setGroups(groups_.count(), between);
    });
    connect(&groups_, &MapGroups::neighboursFound, this,
            [this](const std::vector<std::int64_t>& near) { chooseParticles(near, MapView::Change::Replace); });
}

void MapPage::connectView() {
    connect(view_, &MapView::pointChosen, this, &MapPage::choosePoint);
    connect(view_, &MapView::areaChosen, this, &MapPage::chooseParticles);
    connect(view_, &MapView::hovered, this, &MapPage::showHover);
}

void MapPage::connectSide() {
    connect(side_, &MapSide::colourChanged, this, &MapPage::recolour);
    connect(side_, &MapSide::categoryChosen, this,
            [this](int category, MapView::Change change) { chooseParticles(particlesOf(colouring_, category), change); });
    connect(side_, &MapSide::groupsWanted, this,
            [this](MapGroups::Method method, int number) { groups_.find(model_.data(), model_.positions(), method, number); });
    connect(side_, &MapSide::groupLabelWanted, this, &MapPage::labelGroups);
    connect(side_, &MapSide::allGroupsLabelWanted, this, [this] { labelGroups(-1, {}); });
    connect(side_, &MapSide::neighboursWanted, this, &MapPage::findNeighbours);
}

bool MapPage::idle() const {
    const bool empty = stack_->currentIndex() == Empty;
    return !model_.mapping() && !groups_.busy() && (empty || !model_.data() || view_->drawn());
}

void MapPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (coloursStale_) recolour();
    view_->setFocus();
}

void MapPage::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    showHover(-1);
}

void MapPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && side_) recolour();
}

void MapPage::takeSet() {
    const SetContents* set = bench_.project.set();
    ++*latestFacts_;
    facts_.particles.reset();
    facts_.column.reset();
    QStringList columns;
    if (set)
        for (const std::string& name : set->table->columnNames) columns.append(toQString(name));
    side_->setColumns(columns);
    recolour();
    showEmptyPage();
}

void MapPage::showEmbeddings() {
    const QSignalBlocker quiet(embeddings_);
    const auto& choices = model_.embeddings();
    bool same = embeddings_->count() == static_cast<int>(choices.size());
    for (std::size_t i = 0; same && i < choices.size(); ++i) same = embeddings_->itemText(static_cast<int>(i)) == choices[i].text;
    if (!same) {  // a list that is open stays open
        embeddings_->clear();
        for (const MapModel::Choice& choice : choices) embeddings_->addItem(choice.text, choice.id);
    }
    embeddings_->setCurrentIndex(embeddings_->findData(model_.chosen()));
    embed_->setEnabled(model_.embeddingJob() == 0);
    showEmptyPage();
}

void MapPage::showEmptyPage() {
    const SetContents* set = bench_.project.set();
    const bool full = set && !model_.embeddings().empty();
    stack_->setCurrentIndex(full ? Full : Empty);
    if (full) return;
    const int job = model_.embeddingJob();
    QString text, button;
    want_ = Want::Embed;
    if (!bench_.project.isOpen()) {
        text = tr("A map shows which particles look alike.\nOpen or make a project first (Menu).");
    } else if (!set) {
        text = tr("A map shows which particles look alike; this project has none yet.");
        button = tr("Import subtomograms…");
        want_ = Want::Import;
    } else if (!set->source) {
        text = tr("A map shows which particles look alike.\nThe subtomograms of \"%1\" must be cut out first.").arg(toQString(set->record.name));
        button = tr("Extract…");
        want_ = Want::Extract;
    } else if (job != 0) {
        const Progress progress = bench_.jobs.progress(job);
        const QString stage = progress.stageName.empty() ? tr("waiting for its turn") : toQString(progress.stageName);
        text = tr("The particles of \"%1\" are being embedded: %2 %3 %").arg(toQString(set->record.name), stage).arg(int(progress.stageFraction * 100));
    } else {
        const auto models = model_.models();
        text = models.empty() ? tr("A map shows which particles of \"%1\" look alike to a network.\nNone is trained yet; one with random weights tells shapes "
                                   "apart already. A trained one makes a better map.")
                              : tr("A map shows which particles of \"%1\" look alike to a network.");
        text = text.arg(toQString(set->record.name));
        button = models.empty() ? tr("Make a map with random weights") : tr("Make a map with %1").arg(models.front().text);
    }
    emptyText_->setText(text);
    make_->setText(button);
    make_->setVisible(!button.isEmpty());
    others_->setVisible(want_ == Want::Embed && !button.isEmpty() && !model_.models().empty());
}

void MapPage::fillModels(QMenu* menu) {
    menu->clear();
    for (const MapModel::Choice& choice : model_.models()) menu->addAction(choice.text, this, [this, id = choice.id] { model_.embed(id); });
    menu->addAction(tr("random weights"), this, [this] { model_.embed({}); });
}

void MapPage::takeData() {
    showTrouble({});
    groups_.clear();
    facts_.groups.reset();
    side_->setGroups(0, 0);
    view_->setPoints({});
    showPositions();
    recolour();
    view_->setCurrent(bench_.project.currentParticle());
    showSelection();
}

void MapPage::showPositions() {
    const bool shown = model_.data() != nullptr;
    view_->setPoints(model_.positions(), /*fit=*/true);
    pca_->setChecked(model_.layout() == MapModel::Layout::Pca);
    umap_->setChecked(model_.layout() == MapModel::Layout::Umap);
    pca_->setEnabled(shown);
    umap_->setEnabled(shown);
    showCaption();
}

void MapPage::showMapping() {
    mapping_->setVisible(model_.mapping());
    if (!model_.mapping()) return showCaption();
    const Progress progress = model_.progress();
    QString text = progress.stageName.empty() ? tr("UMAP: starting…")
                                              : tr("UMAP: %1 %2 %").arg(toQString(progress.stageName).toLower()).arg(int(progress.stageFraction * 100));
    if (progress.remainingSeconds) text += tr(" · %1 left").arg(toQString(durationText(*progress.remainingSeconds)));
    mappingText_->setText(text);
    mappingBar_->setValue(int(progress.fraction * 1000));
}

bool MapPage::haveFacts() {
    const MapColour by = side_->colour();
    const bool wantsParticles = by == MapColour::Confidence || by == MapColour::Score || by == MapColour::Tomogram;
    const QString column = side_->column();
    const bool wantsColumn = by == MapColour::Column && (!facts_.column || factsColumn_ != column);
    if (!(wantsParticles && !facts_.particles) && !wantsColumn) return true;
    struct Read {
        std::shared_ptr<const ParticleFacts> particles;
        std::shared_ptr<const SourceColumn> column;
    };
    bench_.io.post(
        this,
        [set = bench_.project.sharedSet(), project = bench_.project.project(), column, wantsColumn] {
            Read read;
            if (wantsColumn)
                read.column = std::make_shared<const SourceColumn>(makeSourceColumn(project->column(set->record.id, column.toStdString())));
            else
                read.particles = std::make_shared<const ParticleFacts>(factsOf(*set));
            return read;
        },
        [this, column](const Read& read) {
            if (read.particles) facts_.particles = read.particles;
            if (read.column) {
                facts_.column = read.column;
                factsColumn_ = column;
            }
            recolour();
        },
        [this](const QString& sentence) { showTrouble(sentence); }, latestFacts_);
    return false;
}

void MapPage::recolour() {
    coloursStale_ = false;
    if (!bench_.project.set() || !model_.data()) return;
    const std::vector<QColor> ramp = valueRamp(palette());
    const bool ready = haveFacts();
    colouring_ = ready ? mapColouring(side_->colour(), bench_.project, facts_) : MapColouring();
    std::vector<PointStyle> styles;
    const std::vector<std::uint8_t> styleOf = stylesOf(colouring_, ramp, styles);
    side_->setRamp(ramp);
    side_->setColouring(colouring_, styles, mutedColour(palette()));
    view_->setStyles(styleOf, std::move(styles));
    const bool nothing = ready && colouring_.category.empty() && colouring_.values.empty();
    const MapColour by = side_->colour();
    side_->setNote(!nothing                                                         ? QString()
                   : by == MapColour::Prediction || by == MapColour::Confidence ? tr("Nothing was predicted yet: fine-tune, then predict.")
                   : by == MapColour::Group                                     ? tr("No groups yet: find some below.")
                                                                                : tr("The particles tell nothing of this."));
}

void MapPage::showSelection() {
    view_->setSelected(bench_.project.selection());
    showCaption();
}

void MapPage::showCaption() {
    const auto shown = model_.data();
    if (!shown) return view_->setCaption({}, stack_->currentIndex() == Full ? tr("reading…") : QString());
    const QLocale locale;
    const auto selected = static_cast<std::int64_t>(bench_.project.selection().size());
    QString words = tr("%1 particles").arg(locale.toString(qlonglong(shown->count())));
    if (model_.showsUmap()) {
        const auto& metadata = shown->umap->metadata;
        const auto told = [&](const char* key) { return metadata.count(key) ? toQString(metadata.at(key)) : QString(); };
        words = tr("UMAP · %1").arg(words);
        if (const QString trust = told("trustworthiness"); !trust.isEmpty())
            words += tr(" · trustworthiness %1").arg(trust.toDouble(), 0, 'f', 2);
        if (!told("finished_early").isEmpty()) words += tr(" · finished early");
    } else {
        const auto& variances = shown->embedding.variances;
        words = tr("PCA · %1").arg(words);
        if (variances.size() > 1)
            words += tr(" · %1 % of the variance").arg(qRound(100 * static_cast<double>(variances[0] + variances[1])));
    }
    view_->setCaption(selected > 0 ? tr("%1 selected").arg(locale.toString(qlonglong(selected))) : QString(), words);
}

void MapPage::showTrouble(const QString& sentence) {
    trouble_->setText(sentence);
    trouble_->setVisible(!sentence.isEmpty());
}

void MapPage::showHover(std::int64_t particle) {
    const SetContents* set = bench_.project.set();
    if (particle < 0 || !set || particle >= set->record.count) {
        if (hover_) hover_->leave();
        return;
    }
    if (!hover_) hover_ = new TileHover(bench_.io, window());
    const Particle& row = set->particles()[static_cast<std::size_t>(particle)];
    QStringList words{tr("Particle %1").arg(particle)};
    if (!row.tomogram.empty()) words.append(toQString(row.tomogram));
    if (const std::int64_t label = bench_.project.labelOf(particle); label != 0)
        words.append(bench_.project.className(label));
    else if (const auto prediction = bench_.project.predictionOf(particle))
        words.append(bench_.project.className(prediction->classId) + QStringLiteral(" ?"));
    const QPoint at = view_->mapTo(window(), view_->positionOf(particle).toPoint());
    hover_->showFor({set->source, particle, TileLook(), words.join(QStringLiteral("  ·  "))}, QRect(at - QPoint(8, 8), QSize(16, 16)));
}

void MapPage::choosePoint(std::int64_t particle, MapView::Change change) {
    if (particle >= 0) bench_.project.setCurrentParticle(particle);
    if (change != MapView::Change::Replace && particle >= 0) return chooseParticles({particle}, change);
    if (change == MapView::Change::Replace) bench_.project.setSelection({});
}

void MapPage::chooseParticles(const std::vector<std::int64_t>& particles, MapView::Change change) {
    std::vector<std::int64_t> wanted = particles, result;
    std::sort(wanted.begin(), wanted.end());
    const std::vector<std::int64_t>& before = bench_.project.selection();
    if (change == MapView::Change::Replace)
        result = wanted;
    else if (change == MapView::Change::Add)
        std::set_union(before.begin(), before.end(), wanted.begin(), wanted.end(), std::back_inserter(result));
    else
        std::set_difference(before.begin(), before.end(), wanted.begin(), wanted.end(), std::back_inserter(result));
    bench_.project.setSelection(std::move(result));
    view_->setFocus();
}

/// To the nearest particle of the map without a label.
void MapPage::goOn() {
    const SetContents* set = bench_.project.set();
    const std::int64_t current = bench_.project.currentParticle();
    const std::span<const float> places = model_.positions();
    if (!set || current < 0 || 2 * current + 1 >= static_cast<std::int64_t>(places.size())) return;
    const float x = places[static_cast<std::size_t>(2 * current)], y = places[static_cast<std::size_t>(2 * current + 1)];
    double nearest = INFINITY;
    std::int64_t next = -1;
    for (std::size_t i = 0; 2 * i < places.size() && i < set->labels.size(); ++i) {
        if (set->labels[i] != 0 || static_cast<std::int64_t>(i) == current) continue;
        const double squared = std::pow(places[2 * i] - x, 2) + std::pow(places[2 * i + 1] - y, 2);
        if (squared >= nearest) continue;
        nearest = squared;
        next = static_cast<std::int64_t>(i);
    }
    if (next >= 0) bench_.project.setCurrentParticle(next);
}

void MapPage::findNeighbours() { groups_.findNeighbours(model_.data(), bench_.project.currentParticle(), side_->neighbours()); }

/// Of one group, or (-1) of each by its number; what a person labelled stays.
void MapPage::labelGroups(int group, const QString& className) {
    const SetContents* set = bench_.project.set();
    if (!set || !facts_.groups || facts_.groups->size() != set->labels.size()) return;
    std::vector<ProjectModel::NamedGroup> named(group >= 0 ? 1 : static_cast<std::size_t>(groups_.count()));
    for (std::size_t g = 0; g < named.size(); ++g) named[g].className = group >= 0 ? className : tr("group %1").arg(g + 1);
    for (std::size_t i = 0; i < set->labels.size(); ++i) {
        const std::int32_t own = (*facts_.groups)[i];
        if (own < 0 || set->labels[i] != 0 || (group >= 0 && own != group)) continue;
        named[group >= 0 ? 0 : static_cast<std::size_t>(own)].particles.push_back(static_cast<std::int64_t>(i));
    }
    std::erase_if(named, [](const ProjectModel::NamedGroup& one) { return one.particles.empty(); });
    if (named.empty()) return showTrouble(tr("Nothing was labelled: all these particles have a label already."));
    showTrouble({});
    if (!bench_.project.labelByName(named)) return;
    bench_.project.setSelection({});
    view_->setFocus();
    side_->setColour(MapColour::Class);
}

}  // namespace tomoloupe
