#include "ui/panels/results_page.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "core/recipe/learning.h"
#include "ui/bridge/text.h"
#include "ui/models/runs_model.h"
#include "ui/panels/averages_panel.h"
#include "ui/panels/empty_state.h"
#include "ui/panels/experiment_panel.h"
#include "ui/panels/parts.h"
#include "ui/panels/predictions_panel.h"
#include "ui/panels/results_overview.h"
#include "ui/views/fraction_chart.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr int kRestMs = 200;
constexpr std::array kStartColours{"#4477AA", "#EE6677", "#228833", "#CCBB44",
                                   "#66CCEE", "#AA3377", "#EE7733", "#009988"};
enum StackPage { EmptyPage, FullPage };

QString partText(JudgedPart part) {
    switch (part) {
        case JudgedPart::Test:
            return ResultsPage::tr("test part");
        case JudgedPart::Validation:
            return ResultsPage::tr("validation part");
        case JudgedPart::HeldOut:
            return ResultsPage::tr("labels not learnt from");
        case JudgedPart::AllLabelled:
            return ResultsPage::tr("all labels");
    }
    return {};
}

}  // namespace

ResultsPage::ResultsPage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      bench_(workbench),
      stack_(new QStackedWidget(this)),
      pages_(new QStackedWidget),
      overview_(new ResultsOverview(workbench.project)),
      predictions_(new PredictionsPanel(workbench)),
      averages_(new AveragesPanel(workbench)),
      experiment_(new ExperimentPanel(workbench)) {
    setObjectName(QStringLiteral("resultsPage"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    pages_->setObjectName(QStringLiteral("resultPages"));
    for (QWidget* page : {static_cast<QWidget*>(overview_), static_cast<QWidget*>(predictions_),
                          static_cast<QWidget*>(averages_), buildFractions(),
                          static_cast<QWidget*>(experiment_)})
        pages_->addWidget(page);
    toolBar_ = buildToolBar();
    column->addWidget(toolBar_);
    stack_->addWidget(buildEmptyPage());
    stack_->addWidget(pages_);
    column->addWidget(stack_, 1);
    labelsRest_.setSingleShot(true);
    labelsRest_.setInterval(kRestMs);
    connect(&labelsRest_, &QTimer::timeout, this, &ResultsPage::judgeRun);
    ProjectModel* project = &bench_.project;
    connect(project, &ProjectModel::runsChanged, this, &ResultsPage::reloadRuns);
    connect(project, &ProjectModel::contentsChanged, this, &ResultsPage::reloadRuns);
    connect(project, &ProjectModel::setChanged, this, &ResultsPage::reloadRuns);
    connect(project, &ProjectModel::classesChanged, this, &ResultsPage::judgeRun);
    connect(project, &ProjectModel::labelsChanged, this, [this] {
        if (const RunRow* chosen = row(); chosen && chosen->run.config().kind == "predict") labelsRest_.start();
    });
    connect(overview_, &ResultsOverview::cellChosen, this, &ResultsPage::showCell);
    connect(predictions_, &PredictionsPanel::predictWanted, this, &ResultsPage::predict);
    connect(predictions_, &PredictionsPanel::galleryWanted, this, &ResultsPage::galleryWanted);
    connect(averages_, &AveragesPanel::galleryWanted, this, &ResultsPage::galleryWanted);
    reloadRuns();
}

QWidget* ResultsPage::buildToolBar() {
    QWidget* bar = nullptr;
    QHBoxLayout* row = makeToolBar(this, &bar);
    const auto makeBox = [bar](const char* name, const QString& words, const QString& help, int length) {
        auto* box = new QComboBox(bar);
        box->setObjectName(QString::fromLatin1(name));
        box->setAccessibleName(words);
        box->setToolTip(help);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(length);
        box->setMaxVisibleItems(24);
        return box;
    };
    runs_ = makeBox("resultRun", tr("Run"), tr("The fine-tuning or prediction that is judged"), 16);
    parts_ = makeBox("resultPart", tr("Particles judged"), tr("Which particles the figures are of"), 12);
    row->addWidget(runs_, 4);
    row->addWidget(parts_, 2);
    row->addSpacing(8);
    auto* group = new QButtonGroup(this);
    const std::array names{
        std::pair(tr("Overview"), "resultTabOverview"), std::pair(tr("Predictions"), "resultTabPredictions"),
        std::pair(tr("Class means"), "resultTabAverages"), std::pair(tr("Labels needed"), "resultTabFractions"),
        std::pair(tr("Experiment"), "resultTabExperiment")};
    const std::array help{tr("Confusion, precision, recall, reliability"),
                          tr("Particle by particle; predictions become labels here"),
                          tr("The mean of the particles of each class"),
                          tr("Accuracy against the part of the labels that was learnt from"),
                          tr("The tables of the experiment that made this project")};
    for (std::size_t i = 0; i < names.size(); ++i) {
        tabs_[i] = makeToggle(names[i].first, names[i].second, bar);
        tabs_[i]->setProperty("density", QStringLiteral("compact"));
        tabs_[i]->setToolTip(help[i]);
        group->addButton(tabs_[i], static_cast<int>(i));
        row->addWidget(tabs_[i]);
    }
    tabs_[0]->setChecked(true);
    connect(group, &QButtonGroup::idClicked, pages_, &QStackedWidget::setCurrentIndex);
    connect(runs_, &QComboBox::currentIndexChanged, this, &ResultsPage::runChosen);
    connect(parts_, &QComboBox::currentIndexChanged, this, [this] {
        if (!filling_) judgeRun();
    });
    return bar;
}

QWidget* ResultsPage::buildFractions() {
    fractionStack_ = new QStackedWidget;
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(
        makeLabel(tr("Held-out accuracy against the part of the labels that was learnt from"), "heading", page));
    fractions_ = new FractionChart(QStringLiteral("fractionChart"), page);
    column->addWidget(fractions_, 1);
    QLabel* words = makeLabel(tr("Fine-tunings of this set with the same start belong to one line; a bar is the "
                                 "standard deviation over their seeds. "
                                 "Compare runs with the same split."),
                              "muted", page);
    words->setWordWrap(true);
    column->addWidget(words);
    QLabel* none = makeLabel(tr("No fine-tuning of this set has ended yet.\nFine-tune with several parts of the "
                                "labels, and from several starts, "
                                "to see how many labels are worth it."),
                             "empty");
    none->setAlignment(Qt::AlignCenter);
    fractionStack_->addWidget(none);
    fractionStack_->addWidget(page);
    return fractionStack_;
}

QWidget* ResultsPage::buildEmptyPage() {
    emptyButton_ = makePrimaryButton(tr("Go to training"), "resultsDoFirst");
    emptyButton_->setToolTip(tr("What has to be done before there is something to judge"));
    const EmptyState empty = makeEmptyState(this, "resultsEmpty", {emptyButton_});
    emptyText_ = empty.text;
    connect(emptyButton_, &QPushButton::clicked, this, [this] {
        if (wantsPredict_) {
            predict();
        } else {
            Q_EMIT trainWanted();
        }
    });
    return empty.page;
}

const RunRow* ResultsPage::row() const {
    const std::string id = runs_->currentData().toString().toStdString();
    for (const RunRow& row : bench_.project.contents().runs) {
        if (row.run.id() == id) return &row;
    }
    return nullptr;
}

const RunRow* ResultsPage::newestOf(const std::string& setName) const {
    for (const RunRow& row : bench_.project.contents().runs) {  // newest first
        if (canBeJudged(row) && row.run.config().particleSet == setName) return &row;
    }
    return nullptr;
}

void ResultsPage::reloadRuns() {
    const QString before = runs_->currentData().toString();
    const SetContents* set = bench_.project.set();
    filling_ = true;
    runs_->clear();
    for (const RunRow& row : bench_.project.contents().runs) {
        if (!canBeJudged(row)) continue;
        const QString figure = RunsModel::figureText(row), id = toQString(row.run.id());
        QString words = id + QChar(' ') + RunsModel::whatText(row);
        if (!figure.isEmpty()) words += QStringLiteral(" · ") + figure;
        if (set && row.run.config().particleSet != set->record.name)
            words += QStringLiteral(" · ") + toQString(row.run.config().particleSet);
        runs_->addItem(words, id);
    }
    const RunRow* newest = set ? newestOf(set->record.name) : nullptr;
    int current = runs_->findData(before);
    const RunRow* kept = nullptr;
    for (const RunRow& row : bench_.project.contents().runs) {
        if (current >= 0 && toQString(row.run.id()) == before) kept = &row;
    }
    if (!kept || (set && kept->run.config().particleSet != set->record.name))
        current = newest ? runs_->findData(toQString(newest->run.id())) : -1;
    runs_->setCurrentIndex(current);
    filling_ = false;
    const bool same =
        current >= 0 && runs_->currentData().toString() == before && result_ && toQString(result_->runId) == before;
    if (!same) fillParts();
    judgeRun();
    showFractions();
    QPushButton* experiment = tabs_.back();
    experiment->setVisible(experiment_->hasExperiment());
    if (experiment->isChecked() && !experiment_->hasExperiment()) tabs_.front()->click();
    if (experiment_->isVisible()) experiment_->reload();
}

void ResultsPage::selectRun(const QString& runId) {
    if (const int at = runs_->findData(runId); at >= 0) runs_->setCurrentIndex(at);
}

void ResultsPage::runChosen() {
    if (filling_) return;
    fillParts();
    const RunRow* chosen = row();
    const SetContents* set = bench_.project.set();
    if (chosen && set && chosen->run.config().particleSet != set->record.name) {
        bench_.project.setCurrentSet(toQString(chosen->run.config().particleSet));  // comes back as setChanged
    } else {
        judgeRun();
    }
}

void ResultsPage::fillParts() {
    filling_ = true;
    parts_->clear();
    if (const RunRow* chosen = row()) {
        for (const JudgedPart part : partsOf(*chosen)) parts_->addItem(partText(part), static_cast<int>(part));
    }
    parts_->setCurrentIndex(parts_->count() > 0 ? 0 : -1);
    filling_ = false;
}

void ResultsPage::judgeRun() {
    const RunRow* chosen = row();
    const auto set = bench_.project.sharedSet();
    if (!chosen || !set || chosen->run.config().particleSet != set->record.name) return showNothing();
    predictions_->setPart(chosen->run.config().kind == "finetune");
    const auto part = static_cast<JudgedPart>(parts_->currentData().toInt());
    bench_.io.post(
        this,
        [project = bench_.project.project(), run = chosen->run, part, set, labels = set->labels] {
            return std::make_shared<const JudgedResult>(judge(*project, run, part, *set, labels));
        },
        [this](const std::shared_ptr<const JudgedResult>& result) { take(result); },
        [this](const QString& sentence) { showTrouble(sentence, {}); }, latest_);
}

void ResultsPage::take(const std::shared_ptr<const JudgedResult>& result) {
    const RunRow* chosen = row();
    if (!chosen || chosen->run.id() != result->runId) return;
    if (result->trouble == JudgedResult::Trouble::NotStored) {
        wantsPredict_ = true;
        return showTrouble(tr("Run %1 was made by an older version, which kept no predictions of single particles.\n"
                              "Let it predict the whole set: that can be judged here.")
                               .arg(toQString(result->runId)),
                           tr("Predict with %1").arg(toQString(result->runId)));
    }
    if (result->trouble == JudgedResult::Trouble::NotPredicted) {
        wantsPredict_ = false;
        return showTrouble(tr("Run %1 predicted nothing for this set.").arg(toQString(result->runId)),
                           tr("Go to training"));
    }
    result_ = result;
    overview_->setResult(result);
    predictions_->setResult(result);
    averages_->setResult(result);
    showFull(true);
}

void ResultsPage::showTrouble(const QString& sentence, const QString& button) {
    result_.reset();
    emptyText_->setText(sentence);
    emptyButton_->setText(button);
    emptyButton_->setVisible(!button.isEmpty());
    showFull(false);
}

void ResultsPage::showFull(bool full) {
    toolBar_->setVisible(runs_->count() > 0);
    for (QPushButton* tab : tabs_) tab->setEnabled(full);
    stack_->setCurrentIndex(full ? FullPage : EmptyPage);
}

void ResultsPage::showNothing() {
    wantsPredict_ = false;
    QString words =
        tr("Nothing to judge yet.\nFine-tune a model on labelled particles: what it says of those it was not taught is "
           "kept and shown here.");
    const SetContents* set = bench_.project.set();
    for (const RunRow& row : bench_.project.contents().runs) {
        if (!set || row.run.config().kind != "finetune" || row.run.config().particleSet != set->record.name) continue;
        if (row.state == RunState::Failed && row.result.is_object())
            words = tr("Run %1 failed, so there is nothing to judge yet:\n%2")
                        .arg(toQString(row.run.id()), toQString(row.result.value("message", std::string())));
        break;
    }
    showTrouble(words, tr("Go to training"));
}

void ResultsPage::showFractions() {
    const SetContents* set = bench_.project.set();
    std::vector<FractionChart::Series> shown;
    if (set) {
        for (const FractionSeries& one : fractionSeries(bench_.project.contents(), set->record.name)) {
            FractionChart::Series series;
            series.name = one.start == "random" ? tr("random weights") : tr("from %1").arg(toQString(one.start));
            series.colour = QColor(QLatin1String(kStartColours[shown.size() % kStartColours.size()]));
            for (const auto& point : one.points)
                series.points.push_back({point.fraction, point.mean(), point.spread(), point.accuracies});
            shown.push_back(std::move(series));
        }
    }
    fractionStack_->setCurrentIndex(shown.empty() ? 0 : 1);
    fractions_->setSeries(std::move(shown));
}

void ResultsPage::showCell(int truth, int predicted) {
    if (!result_) return;
    std::vector<std::int64_t> particles =
        result_->cell(static_cast<std::size_t>(truth), static_cast<std::size_t>(predicted));
    const QString label = toQString(result_->classNames[static_cast<std::size_t>(truth)]);
    const QString called = toQString(result_->classNames[static_cast<std::size_t>(predicted)]);
    const QString count = QLocale().toString(qlonglong(particles.size())), run = toQString(result_->runId);
    Q_EMIT galleryWanted(truth == predicted
                             ? tr("%1 particles of class %2 that run %3 knew").arg(count, label, run)
                             : tr("%1 particles of class %2 that run %3 called %4").arg(count, label, run, called),
                         particles);
}

void ResultsPage::predict() {
    const RunRow* chosen = row();
    const SetContents* set = bench_.project.set();
    if (!chosen || !set) return;
    PredictOptions options;
    RunConfig config;
    config.kind = "predict";
    config.options = toJson(options.describe());
    config.particleSet = set->record.name;
    config.inputs = {chosen->run.id()};
    config.title = tr("by %1").arg(toQString(chosen->run.id())).toStdString();
    bench_.launcher.start(config);
}

void ResultsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    showFractions();
}

}  // namespace tomoloupe
