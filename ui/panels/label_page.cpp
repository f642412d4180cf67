#include "ui/panels/label_page.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/progress.h"
#include "ui/bridge/text.h"
#include "ui/models/runs_model.h"
#include "ui/panels/empty_state.h"
#include "ui/panels/label_actions.h"
#include "ui/panels/parts.h"
#include "ui/views/standing_chart.h"
#include "ui/views/tile_view.h"

namespace tomoloupe {
namespace {

constexpr int kTileSide = 100;  // so that a round is in sight at 1280 x 800
constexpr int kPictureSide = 256;
constexpr int kSideWidth = 288;

QProgressBar* makeBar(const char* name, QWidget* parent) {
    auto* bar = new QProgressBar(parent);
    bar->setObjectName(QString::fromLatin1(name));
    bar->setTextVisible(false);
    bar->setFixedHeight(6);
    return bar;
}

}  // namespace

LabelPage::LabelPage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), rounds_(workbench), looks_(workbench.project), pictures_(workbench.io) {
    setObjectName(QStringLiteral("labelPage"));
    auto* full = new QWidget(this);
    auto* row = new QHBoxLayout(full);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    buildTiles();
    row->addWidget(tiles_, 1);
    row->addWidget(buildSide());
    stack_ = new QStackedLayout(this);
    stack_->addWidget(buildEmptyPage());
    stack_->addWidget(full);
    buildActions();
    connectModels();
    looks_.readClasses();
    reloadStarts();
    takeSet();
}

QWidget* LabelPage::buildEmptyPage() {
    QPushButton* import = makePrimaryButton(tr("Import subtomograms…"), "labelImport");
    import->setToolTip(tr("One volume a file becomes a particle set"));
    const EmptyState empty = makeEmptyState(this, "labelEmpty", {import});
    empty_ = empty.text;
    connect(import, &QPushButton::clicked, this, &LabelPage::importWanted);
    return empty.page;
}

void LabelPage::buildTiles() {
    tiles_ = new TileView(QStringLiteral("labelTiles"), this);
    tiles_->setAccessibleName(tr("Proposed particles"));
    tiles_->setTileSide(kTileSide);
    tiles_->setEmptyText(tr("Every particle of this set has a label."));
    pictures_.setSide(kPictureSide);
    const auto particleAt = [this](int tile) { return rounds_.proposed()[static_cast<std::size_t>(tile)]; };
    tiles_->setSource({.image = [this, particleAt](int tile) { return pictures_.image(particleAt(tile)); },
                       .text = [this, particleAt](int tile) { return looks_.of(particleAt(tile)); },
                       .trouble = [this, particleAt](int tile) { return pictures_.trouble(particleAt(tile)); }});
    connect(tiles_, &TileView::currentChanged, this,
            [this, particleAt](int tile) { bench_.project.setCurrentParticle(particleAt(tile)); });
    connect(tiles_, &TileView::selectionChanged, this, [this, particleAt] {
        std::vector<std::int64_t> particles;
        for (const int tile : tiles_->selection().tiles()) particles.push_back(particleAt(tile));
        std::sort(particles.begin(), particles.end());
        bench_.project.setSelection(std::move(particles));
    });
}

QWidget* LabelPage::buildSide() {
    auto* side = new QWidget(this);
    side->setProperty("role", QStringLiteral("panel"));
    side->setAttribute(Qt::WA_StyledBackground);
    side->setFixedWidth(kSideWidth);
    heading_ = makeLabel({}, "heading", side);
    heading_->setObjectName(QStringLiteral("labelHeading"));
    decided_ = makeBar("labelDecided", side);
    others_ = makeButton(tr("Propose others"), "labelOthers", side);
    others_->setToolTip(tr("Other particles in place of those that are not decided yet"));
    start_ = new QComboBox(side);
    start_->setObjectName(QStringLiteral("labelStart"));
    start_->setToolTip(tr("Weights that each round's learning starts from. With random ones the encoder is moments3d, which tells most shapes apart untaught"));
    start_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    automatic_ = new QCheckBox(tr("Learn after each round"), side);
    automatic_->setObjectName(QStringLiteral("labelAutomatic"));
    automatic_->setChecked(true);
    automatic_->setToolTip(tr("A round whose particles are all decided is learnt from at once"));
    mapping_ = new QCheckBox(tr("Renew the map too"), side);
    mapping_->setObjectName(QStringLiteral("labelMapping"));
    mapping_->setChecked(true);
    mapping_->setToolTip(tr("The Map page shows the set as the model of the newest round sees it; not for more than 20,000 particles"));
    state_ = makeLabel({}, "muted", side);
    state_->setObjectName(QStringLiteral("labelState"));
    state_->setWordWrap(true);
    learning_ = makeBar("labelLearning", side);
    learning_->setRange(0, 1000);
    learn_ = makePrimaryButton(tr("Learn now"), "labelLearn", side);
    learn_->setToolTip(tr("A short fine-tuning on all labels there are, then a prediction of the set"));
    stop_ = makeButton(tr("Cancel"), "labelStop", side);
    stop_->setToolTip(tr("Ends the learning; labels stay"));
    standing_ = makeLabel({}, "fact", side);
    standing_->setObjectName(QStringLiteral("labelStanding"));
    standing_->setWordWrap(true);
    chart_ = new StandingChart(QStringLiteral("labelChart"), tr("labels"), side);
    chart_->setEmptyText(tr("After the first round: accuracy against number of labels."));

    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(heading_);
    column->addWidget(decided_);
    column->addWidget(others_);
    column->addSpacing(12);
    column->addWidget(makeLabel(tr("The model"), "heading", side));
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Start from"), start_);
    column->addLayout(form);
    column->addWidget(automatic_);
    column->addWidget(mapping_);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(learn_, 1);
    buttons->addWidget(stop_);
    column->addLayout(buttons);
    column->addWidget(learning_);
    column->addWidget(state_);
    column->addSpacing(12);
    column->addWidget(makeLabel(tr("Accuracy on labels held out"), "heading", side));
    column->addWidget(chart_);
    column->addWidget(standing_);
    column->addStretch(1);
    return side;
}

void LabelPage::buildActions() {
    actions_ = new LabelActions(bench_.project, this, {tiles_}, QStringLiteral("InRounds"));
    connect(actions_, &LabelActions::goOn, this, [this] {
        const std::int64_t particle = bench_.project.currentParticle();
        goOn(tileOf(particle) >= 0 && bench_.project.labelOf(particle) == 0);
    });
    connect(actions_, &LabelActions::selectionDone, this, [this] {
        bench_.project.setSelection({});
        goOn(false);
    });
    connect(others_, &QPushButton::clicked, &rounds_, &LabelRounds::propose);
    connect(learn_, &QPushButton::clicked, &rounds_, &LabelRounds::learn);
    connect(stop_, &QPushButton::clicked, &rounds_, &LabelRounds::stopLearning);
    connect(automatic_, &QCheckBox::toggled, &rounds_, &LabelRounds::setAutomatic);
    connect(mapping_, &QCheckBox::toggled, &rounds_, &LabelRounds::setMapping);
    connect(start_, &QComboBox::currentIndexChanged, this,
            [this] { rounds_.setStart(start_->currentData().toString()); });
}

void LabelPage::connectModels() {
    const ProjectModel* project = &bench_.project;
    connect(project, &ProjectModel::setChanged, this, &LabelPage::takeSet);
    connect(project, &ProjectModel::contentsChanged, this, [this] {
        looks_.readClasses();
        reloadStarts();
        tiles_->refresh();
    });
    connect(project, &ProjectModel::runsChanged, this, &LabelPage::reloadStarts);
    connect(project, &ProjectModel::classesChanged, this, [this] {
        looks_.readClasses();
        tiles_->refresh();
    });
    connect(project, &ProjectModel::labelsChanged, tiles_, &TileView::refresh);
    connect(project, &ProjectModel::particleChanged, this, &LabelPage::showCurrent);
    connect(&rounds_, &LabelRounds::proposedChanged, this, &LabelPage::showProposed);
    connect(&rounds_, &LabelRounds::decidedChanged, this, &LabelPage::showDecided);
    connect(&rounds_, &LabelRounds::learningChanged, this, &LabelPage::showLearning);
    connect(&rounds_, &LabelRounds::standingsChanged, this, &LabelPage::showStandings);
    connect(&rounds_, &LabelRounds::failed, this, [this](const QString& sentence) {
        state_->setText(sentence);
        setRole(state_, "error");
    });
    connect(&pictures_, &TilePictures::arrived, tiles_, &TileView::refresh);
}

void LabelPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    showCurrent();
    tiles_->setFocus();
}

void LabelPage::takeSet() {
    const SetContents* set = bench_.project.set();
    const bool ready = set && set->source;
    empty_->setText(set ? tr("The particles of %1 are places in tomograms.\nExtract their subtomograms first "
                             "(tomoloupe-cli extract), or import subtomograms.").arg(toQString(set->record.name))
                        : tr("Here the model proposes what to label next and learns from each round.\nIt needs a set of subtomograms."));
    stack_->setCurrentIndex(ready ? 1 : 0);
    pictures_.setSource(ready ? set->source : nullptr);
    showProposed();
    showStandings();
    showLearning();
}

void LabelPage::showProposed() {
    tiles_->setCount(static_cast<int>(rounds_.proposed().size()));
    pictures_.want(rounds_.proposed());
    if (isVisible() && !rounds_.proposed().empty() && tileOf(bench_.project.currentParticle()) < 0)
        bench_.project.setCurrentParticle(rounds_.proposed().front());
    showCurrent();
    showDecided();
}

void LabelPage::showDecided() {
    const int count = static_cast<int>(rounds_.proposed().size()), done = rounds_.decidedCount();
    heading_->setText(count > 0 ? tr("%1 of %2 decided").arg(done).arg(count) : tr("Nothing is left to label"));
    decided_->setRange(0, std::max(1, count));
    decided_->setValue(done);
    showLearning();
}

void LabelPage::showLearning() {
    const QString obstacle = rounds_.obstacle();
    learn_->setEnabled(obstacle.isEmpty() && !rounds_.learning());
    stop_->setVisible(rounds_.learning());
    learning_->setVisible(rounds_.learning());
    setRole(state_, "muted");
    if (!rounds_.learning()) {
        state_->setText(!obstacle.isEmpty() ? obstacle : tr("Learns from %1 labels, then predicts the set anew.").arg(bench_.project.labelled()));
        return;
    }
    const Progress progress = rounds_.progress();
    learning_->setValue(static_cast<int>(progress.stageFraction * 1000));
    QStringList words{progress.stageName.empty() ? tr("Waiting…") : toQString(progress.stageName)};
    if (progress.remainingSeconds) words.append(tr("%1 left").arg(toQString(durationText(*progress.remainingSeconds))));
    words.append(tr("you can go on labelling"));
    state_->setText(words.join(QStringLiteral(" · ")));
}

void LabelPage::showStandings() {
    std::vector<StandingChart::Point> points;
    const QLocale locale;
    const auto percent = [&](double part) { return locale.toString(100 * part, 'f', 0); };
    for (const LabelRounds::Standing& standing : rounds_.standings()) {
        const QString tip = tr("%1 labels: %2 % right of %3 held out (95 % interval %4 to %5 %), run %6")
                                .arg(standing.labels).arg(percent(standing.accuracy)).arg(standing.tested)
                                .arg(percent(standing.low), percent(standing.high), standing.runId);
        points.push_back({static_cast<double>(standing.labels), standing.accuracy, standing.low, standing.high, tip});
    }
    standing_->setText(points.empty() ? QString() : points.back().tip);
    chart_->setPoints(std::move(points));
}

void LabelPage::showCurrent() {
    tiles_->setCurrent(tileOf(bench_.project.currentParticle()));
}

void LabelPage::reloadStarts() {
    const QString chosen = start_->currentData().toString();
    const bool first = start_->count() == 0;
    const QSignalBlocker quiet(start_);
    start_->clear();
    start_->addItem(tr("random weights"), QString());
    for (const RunRow& row : bench_.project.contents().runs) {
        const bool usable = row.state == RunState::Done || row.state == RunState::FinishedEarly;
        if (usable && row.run.config().kind == "pretrain")
            start_->addItem(toQString(row.run.id()) + QChar(' ') + RunsModel::whatText(row), toQString(row.run.id()));
    }
    if (const int at = start_->findData(chosen); at >= 0 && !first) start_->setCurrentIndex(at);
    rounds_.setStart(start_->currentData().toString());
}

int LabelPage::tileOf(std::int64_t particle) const {
    const auto& proposed = rounds_.proposed();
    const auto found = std::find(proposed.begin(), proposed.end(), particle);
    return found == proposed.end() ? -1 : static_cast<int>(found - proposed.begin());
}

/// To the next one that is not decided, going round.
void LabelPage::goOn(bool skipped) {
    const int from = tiles_->current();
    if (skipped) rounds_.skip(bench_.project.currentParticle());
    const auto& proposed = rounds_.proposed();
    const int count = static_cast<int>(proposed.size());
    for (int step = 1; step <= count; ++step) {
        const std::int64_t particle = proposed[static_cast<std::size_t>((std::max(from, 0) + step) % count)];
        if (rounds_.decided(particle)) continue;
        bench_.project.setCurrentParticle(particle);
        return;
    }
}

}  // namespace tomoloupe
