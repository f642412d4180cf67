#include "ui/panels/train_page.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/recipe/learning.h"
#include "ui/bridge/text.h"
#include "ui/panels/parts.h"
#include "ui/panels/run_form.h"
#include "ui/views/curve_chart.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr std::array kCurveColours{"#4CC2FF", "#CCBB44", "#EE6677", "#5FCB7A", "#AA3377", "#EE7733"};

/// Colours the words of a run's state.
class RunDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

  protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        option->state &= ~QStyle::State_HasFocus;
        const auto state = static_cast<RunState>(index.data(RunsModel::kStateRole).toInt());
        const bool way = index.data().toString().endsWith(QChar(0x203A));  // "Resume ›"
        QColor colour = textColour(option->palette);
        if (index.column() == RunsModel::State) colour = stateColour(state, option->palette);
        if (index.column() == RunsModel::Note) {
            colour = way                         ? accentColour(option->palette)
                     : state == RunState::Failed ? badColour(option->palette)
                                                 : mutedColour(option->palette);
        }
        option->palette.setColor(QPalette::Text, colour);
        option->palette.setColor(QPalette::HighlightedText, colour);
    }
};

using RunCurves = std::pair<QString, std::vector<MetricPoint>>;

std::vector<QPointF> pointsOf(const std::vector<MetricPoint>& metrics, const std::string& name) {
    std::vector<QPointF> points;
    for (const MetricPoint& metric : metrics) {
        if (metric.name == name) points.emplace_back(metric.step, metric.value);
    }
    return points;
}

}  // namespace

TrainPage::TrainPage(const Workbench& workbench, QWidget* parent)
    : QWidget(parent), bench_(workbench), model_(workbench.project, workbench.jobs) {
    setObjectName(QStringLiteral("trainPage"));
    buildToolBar();
    loss_ = new CurveChart(QStringLiteral("lossChart"), tr("Loss (lower is better)"), this);
    loss_->setEmptyText(tr("Choose a run below, or start one."));
    accuracy_ = new CurveChart(QStringLiteral("accuracyChart"), tr("Validation accuracy"), this);
    accuracy_->setEmptyText(tr("Fine-tuning draws its curve here."));
    accuracy_->setPercent(true);
    buildTable();
    empty_ =
        makeLabel(tr("No run yet. Pre-train on all particles, then fine-tune on the labelled ones."), "empty", this);
    empty_->setAlignment(Qt::AlignCenter);
    auto* charts = new QHBoxLayout;
    charts->setSpacing(12);
    charts->addWidget(loss_, 1);
    charts->addWidget(accuracy_, 1);
    auto* main = new QVBoxLayout;
    main->setContentsMargins(12, 12, 12, 0);
    main->setSpacing(12);
    main->addLayout(charts, 2);
    main->addWidget(empty_, 3);
    main->addWidget(table_, 3);
    pretrain_ = new RunForm(bench_, RunForm::Kind::Pretrain, this);
    finetune_ = new RunForm(bench_, RunForm::Kind::Finetune, this);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addLayout(main, 1);
    row->addWidget(pretrain_);
    row->addWidget(finetune_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(toolBar_);
    column->addLayout(row, 1);
    showForm(nullptr);
    connectModels();
    keepSelection();
}

void TrainPage::buildToolBar() {
    QHBoxLayout* bar = makeToolBar(this, &toolBar_);
    pretrainButton_ = makePrimaryButton(tr("Pre-train…"), "pretrainButton");
    finetuneButton_ = makeButton(tr("Fine-tune…"), "finetuneButton");
    predictButton_ = makeButton({}, "predictButton");
    resumeButton_ = makeButton({}, "resumeButton");
    bar->addWidget(pretrainButton_);
    bar->addWidget(finetuneButton_);
    bar->addSpacing(8);
    bar->addWidget(predictButton_);
    bar->addWidget(resumeButton_);
    bar->addStretch(1);
    connect(pretrainButton_, &QPushButton::clicked, this,
            [this] { showForm(pretrain_->isVisible() ? nullptr : pretrain_); });
    connect(finetuneButton_, &QPushButton::clicked, this, [this] {
        const auto runs = chosen();
        if (runs.size() == 1 && runs.front()->run.config().kind == "pretrain")
            finetune_->setStart(toQString(runs.front()->run.id()));
        showForm(finetune_->isVisible() ? nullptr : finetune_);
    });
    connect(resumeButton_, &QPushButton::clicked, this, [this] { resumeRow(table_->currentIndex().row()); });
    connect(predictButton_, &QPushButton::clicked, this, &TrainPage::predict);
}

void TrainPage::buildTable() {
    table_ = new QTableView(this);
    table_->setObjectName(QStringLiteral("runsTable"));
    table_->setModel(&model_);
    table_->setItemDelegate(new RunDelegate(table_));
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setShowGrid(false);
    table_->setFrameShape(QFrame::NoFrame);
    table_->setWordWrap(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(30);
    table_->horizontalHeader()->setHighlightSections(false);
    table_->horizontalHeader()->setSectionResizeMode(RunsModel::What, QHeaderView::Stretch);
    table_->setColumnWidth(RunsModel::Number, 56);
    table_->setColumnWidth(RunsModel::State, 112);
    table_->setColumnWidth(RunsModel::Figure, 144);
    table_->setColumnWidth(RunsModel::Note, 176);
    connect(table_, &QTableView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == RunsModel::Note && model_.resumable(index.row())) resumeRow(index.row());
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!restoring_) showSelected();
    });
}

void TrainPage::connectModels() {
    connect(&bench_.project, &ProjectModel::setChanged, this, &TrainPage::showSelected);
    connect(&model_, &QAbstractItemModel::modelReset, this, &TrainPage::keepSelection);
    connect(&bench_.jobs, &JobController::metricsArrived, this, &TrainPage::addMetrics);
    for (RunForm* form : {pretrain_, finetune_}) {
        connect(form, &RunForm::closed, this, [this] { showForm(nullptr); });
        connect(form, &RunForm::started, this, [this](const QString& id) {
            showForm(nullptr);
            chosenIds_ = {id};
        });
    }
}

void TrainPage::showForm(RunForm* form) {
    pretrain_->setVisible(form == pretrain_);
    finetune_->setVisible(form == finetune_);
    // Room for the form: what a person needs while filling it in stays.
    accuracy_->setVisible(!form);
    table_->setColumnHidden(RunsModel::Note, form != nullptr);
}

void TrainPage::selectRun(const QString& runId) {
    chosenIds_ = {runId};
    keepSelection();
}

/// After the table was filled anew: the same runs as before, else the newest training.
void TrainPage::keepSelection() {
    table_->setVisible(model_.rowCount() > 0);
    empty_->setVisible(model_.rowCount() == 0);
    if (chosenIds_.isEmpty()) {
        for (int row = 0; row < model_.rowCount() && chosenIds_.isEmpty(); ++row) {
            const std::string& kind = model_.rowAt(row)->run.config().kind;
            if (kind == "pretrain" || kind == "finetune") chosenIds_ = {toQString(model_.rowAt(row)->run.id())};
        }
    }
    restoring_ = true;
    for (const QString& id : chosenIds_) {
        const int row = model_.rowOf(id);
        if (row < 0) continue;
        table_->selectionModel()->select(model_.index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        table_->selectionModel()->setCurrentIndex(model_.index(row, 0), QItemSelectionModel::NoUpdate);
    }
    restoring_ = false;
    showSelected();
}

std::vector<const RunRow*> TrainPage::chosen() const {
    std::vector<const RunRow*> runs;
    for (const QModelIndex& index : table_->selectionModel()->selectedRows()) {
        if (const RunRow* row = model_.rowAt(index.row())) runs.push_back(row);
    }
    return runs;
}

void TrainPage::showSelected() {
    const auto runs = chosen();
    chosenIds_.clear();
    for (const RunRow* row : runs) chosenIds_.append(toQString(row->run.id()));
    const RunRow* one = runs.size() == 1 ? runs.front() : nullptr;
    const bool resumable = one && model_.resumable(model_.rowOf(toQString(one->run.id())));
    const bool model = one && one->run.config().kind == "finetune" &&
                       (one->state == RunState::Done || one->state == RunState::FinishedEarly);
    resumeButton_->setVisible(resumable);
    predictButton_->setVisible(model && bench_.project.set() != nullptr);
    if (one) {
        const QString id = toQString(one->run.id());
        resumeButton_->setText(tr("Resume %1").arg(id));
        predictButton_->setText(tr("Predict with %1").arg(id));
    }
    Q_EMIT runChosen(one ? toQString(one->run.id()) : QString());
    showCurves();
}

void TrainPage::showCurves() {
    std::vector<std::pair<QString, std::filesystem::path>> files;
    for (const RunRow* row : chosen()) {
        if (files.size() < kCurveColours.size()) files.emplace_back(toQString(row->run.id()), row->run.metricsPath());
    }
    bench_.io.post(
        this,
        [files] {
            std::vector<RunCurves> curves;
            for (const auto& [id, path] : files) {
                curves.emplace_back(id, std::filesystem::exists(path) ? readMetrics(path) : std::vector<MetricPoint>());
            }
            return curves;
        },
        [this](const std::vector<RunCurves>& runs) {
            std::vector<CurveChart::Curve> losses, accuracies;
            for (std::size_t i = 0; i < runs.size(); ++i) {
                const QColor colour(kCurveColours[i]);
                losses.push_back({runs[i].first, colour, pointsOf(runs[i].second, "loss")});
                accuracies.push_back({runs[i].first, colour, pointsOf(runs[i].second, "validation accuracy")});
            }
            loss_->setCurves(std::move(losses));
            accuracy_->setCurves(std::move(accuracies));
        },
        {}, latestCurves_);
}

void TrainPage::addMetrics(int job, const std::vector<Metric>& metrics) {
    const int at = [&] {
        for (int row = 0; row < model_.rowCount(); ++row) {
            if (model_.rowAt(row)->run.folder() == bench_.jobs.runFolder(job)) return row;
        }
        return -1;
    }();
    if (at < 0) return;
    const QString id = toQString(model_.rowAt(at)->run.id());
    std::vector<QPointF> losses, accuracies;
    for (const Metric& metric : metrics) {
        if (metric.name == "loss") losses.emplace_back(metric.step, metric.value);
        if (metric.name == "validation accuracy") accuracies.emplace_back(metric.step, metric.value);
    }
    if (!losses.empty()) loss_->append(id, losses);
    if (!accuracies.empty()) accuracy_->append(id, accuracies);
}

void TrainPage::resumeRow(int row) {
    if (!model_.resumable(row)) return;
    const Run run = model_.rowAt(row)->run;  // a copy: launching reads the table anew
    bench_.launcher.resume(run);
}

void TrainPage::predict() {
    const auto runs = chosen();
    if (runs.size() != 1 || !bench_.project.set()) return;
    RunConfig config;
    config.kind = "predict";
    config.particleSet = bench_.project.set()->record.name;
    config.inputs = {runs.front()->run.id()};
    config.title = tr("%1 by %2").arg(toQString(config.particleSet), toQString(config.inputs.front())).toStdString();
    PredictOptions options;
    config.options = toJson(options.describe());
    bench_.launcher.start(config);
}

}  // namespace tomoloupe
