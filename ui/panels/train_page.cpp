#include "ui/panels/train_page.h"

#include <QButtonGroup>
#include <QFileDialog>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/recipe/learning.h"
#include "ui/bridge/text.h"
#include "ui/models/run_comparison.h"
#include "ui/panels/compare_panel.h"
#include "ui/panels/curve_panel.h"
#include "ui/panels/parts.h"
#include "ui/panels/wizard_page.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr std::streamoff kLogTail = 200000;  // bytes of a log that are shown

/// Colours the words of a run's state.
class RunDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

  protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        option->state &= ~QStyle::State_HasFocus;
        const auto state = static_cast<RunState>(index.data(RunsModel::kStateRole).toInt());
        QColor colour = textColour(option->palette);
        if (index.column() == RunsModel::State) colour = stateColour(state, option->palette);
        if (index.column() == RunsModel::Way) colour = accentColour(option->palette);
        if (index.column() == RunsModel::Note) {
            colour = state == RunState::Failed        ? badColour(option->palette)
                     : state == RunState::Interrupted ? warnColour(option->palette)
                                                      : mutedColour(option->palette);
        }
        option->palette.setColor(QPalette::Text, colour);
        option->palette.setColor(QPalette::HighlightedText, colour);
    }
};

QString endOf(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary | std::ios::ate);
    if (!stream) return {};
    const std::streamoff size = stream.tellg(), from = std::max<std::streamoff>(0, size - kLogTail);
    stream.seekg(from);
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (from > 0) text.erase(0, text.find('\n') + 1);
    return toQString(text).trimmed();
}

}  // namespace

TrainPage::TrainPage(const Workbench& workbench, QWidget* parent) : QWidget(parent), bench_(workbench), model_(workbench.project, workbench.jobs) {
    setObjectName(QStringLiteral("trainPage"));
    stack_ = new QStackedWidget(this);
    stack_->addWidget(buildRuns());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(stack_);
    connectModels();
    keepSelection();
}

QWidget* TrainPage::buildRuns() {
    auto* runs = new QWidget(stack_);
    buildToolBar();
    buildTable();
    empty_ = makeLabel(tr("No run yet. Pre-train on all particles, then fine-tune on the labelled ones."), "empty", runs);
    empty_->setAlignment(Qt::AlignCenter);
    auto* main = new QVBoxLayout;
    main->setContentsMargins(12, 12, 12, 0);
    main->setSpacing(12);
    main->addWidget(buildViews(), 5);
    main->addWidget(empty_, 5);
    main->addWidget(table_, 5);
    auto* column = new QVBoxLayout(runs);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(toolBar_);
    column->addLayout(main, 1);
    return runs;
}

void TrainPage::buildToolBar() {
    QHBoxLayout* bar = makeToolBar(this, &toolBar_);
    QPushButton* pretrain = makePrimaryButton(tr("Pre-train…"), "pretrainButton");
    QPushButton* finetune = makeButton(tr("Fine-tune…"), "finetuneButton");
    predictButton_ = makeButton({}, "predictButton");
    resumeButton_ = makeButton({}, "resumeButton");
    QPushButton* import = makeButton(tr("Import a run…"), "importRunButton");
    for (QPushButton* button : {pretrain, finetune, predictButton_, resumeButton_}) bar->addWidget(button);
    bar->addStretch(1);
    bar->addWidget(import);
    connect(pretrain, &QPushButton::clicked, this, [this] { openWizard(true); });
    connect(finetune, &QPushButton::clicked, this, [this] {
        const auto runs = chosen();
        const bool usable = runs.size() == 1 && (runs.front()->state == RunState::Done || runs.front()->state == RunState::FinishedEarly);
        if (usable && runs.front()->run.config().kind == "pretrain") return finetuneFrom(toQString(runs.front()->run.id()));
        openWizard(false);
    });
    connect(resumeButton_, &QPushButton::clicked, this, [this] { resumeRow(table_->currentIndex().row()); });
    connect(predictButton_, &QPushButton::clicked, this, &TrainPage::predict);
    connect(import, &QPushButton::clicked, this, &TrainPage::askForRun);
}

QWidget* TrainPage::buildViews() {
    auto* box = new QWidget(stack_);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    viewGroup_ = new QButtonGroup(this);
    viewGroup_->setExclusive(true);
    views_ = new QStackedWidget(box);
    curves_ = new CurvePanel(bench_, views_);
    log_ = new QPlainTextEdit(views_);
    log_->setObjectName(QStringLiteral("runLog"));
    log_->setAccessibleName(tr("Log"));
    log_->setToolTip(tr("What the run told while it worked; the whole of it is log.txt in its folder"));
    log_->setReadOnly(true);
    log_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    log_->setTabChangesFocus(true);
    log_->setLineWrapMode(QPlainTextEdit::NoWrap);
    compare_ = new ComparePanel(views_);
    int number = 0;
    for (const auto& [name, words, help] : {std::tuple{"viewCurves", tr("Curves"), tr("The curves of the chosen runs")}, {"viewLog", tr("Log"), tr("What the chosen run tells")},
                                            {"viewCompare", tr("Compare"), tr("What the chosen runs differ in; choose several with Ctrl+click")}}) {
        QPushButton* button = makeToggle(words, name, box);
        button->setToolTip(help);
        button->setProperty("density", QStringLiteral("compact"));
        viewGroup_->addButton(button, number++);
        row->addWidget(button);
    }
    row->addStretch(1);
    for (QWidget* view : {static_cast<QWidget*>(curves_), static_cast<QWidget*>(log_), static_cast<QWidget*>(compare_)}) views_->addWidget(view);
    column->addLayout(row);
    column->addWidget(views_, 1);
    connect(viewGroup_, &QButtonGroup::idClicked, this, &TrainPage::showView);
    viewGroup_->button(Curves)->setChecked(true);
    return box;
}

void TrainPage::buildTable() {
    table_ = new QTableView(this);
    table_->setObjectName(QStringLiteral("runsTable"));
    table_->setAccessibleName(tr("Runs"));
    table_->setToolTip({});
    table_->setModel(&model_);
    table_->setItemDelegate(new RunDelegate(table_));
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setShowGrid(false);
    table_->setFrameShape(QFrame::NoFrame);
    table_->setWordWrap(false);
    table_->setTabKeyNavigation(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(30);
    table_->horizontalHeader()->setHighlightSections(false);
    table_->horizontalHeader()->setSectionResizeMode(RunsModel::What, QHeaderView::Stretch);
    table_->horizontalHeader()->setSectionResizeMode(RunsModel::Note, QHeaderView::Stretch);
    table_->setColumnWidth(RunsModel::Number, 80);
    table_->setColumnWidth(RunsModel::State, 112);
    table_->setColumnWidth(RunsModel::Figure, 96);
    table_->setColumnWidth(RunsModel::Way, 96);
    connect(table_, &QTableView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == RunsModel::Way && model_.resumable(index.row())) resumeRow(index.row());
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!restoring_) showSelected();
    });
}

void TrainPage::connectModels() {
    connect(&bench_.project, &ProjectModel::setChanged, this, &TrainPage::showSelected);
    connect(&model_, &QAbstractItemModel::modelReset, this, &TrainPage::keepSelection);
    connect(&bench_.jobs, &JobController::metricsArrived, this, &TrainPage::addMetrics);
    connect(&bench_.jobs, &JobController::logged, this, &TrainPage::addLines);
}

WizardPage* TrainPage::prepared(WizardPage*& wizard, bool pretrain) {
    if (wizard) return wizard;
    wizard = new WizardPage(bench_, pretrain ? TrainingDraft::Kind::Pretrain : TrainingDraft::Kind::Finetune, stack_);
    stack_->addWidget(wizard);
    connect(wizard, &WizardPage::closed, this, [this] { showWizard(nullptr); });
    connect(wizard, &WizardPage::started, this, [this](const QString& id) {
        wantedId_ = id;  // chosen as soon as the table has it
        showWizard(nullptr);
    });
    return wizard;
}

WizardPage* TrainPage::pretrainWizard() {
    return prepared(pretrain_, true);
}

WizardPage* TrainPage::finetuneWizard() {
    return prepared(finetune_, false);
}

bool TrainPage::wizardOpen() const {
    return stack_->currentIndex() != 0;
}

void TrainPage::showWizard(WizardPage* wizard) {
    if (wizard)
        stack_->setCurrentWidget(wizard);
    else
        stack_->setCurrentIndex(0);
    Q_EMIT wizardShown();
    if (!wizard) table_->setFocus();
}

void TrainPage::openWizard(bool pretrain, int step) {
    WizardPage* wizard = pretrain ? pretrainWizard() : finetuneWizard();
    showWizard(wizard);
    wizard->open();
    wizard->showStep(step - 1);
}

void TrainPage::duplicate(const QString& runId) {
    const RunRow* row = model_.rowAt(model_.rowOf(runId));
    if (!row) return;
    const std::string& kind = row->run.config().kind;
    if (kind != "pretrain" && kind != "finetune") return;
    WizardPage* wizard = kind == "pretrain" ? pretrainWizard() : finetuneWizard();
    const RunConfig config = row->run.config();
    showWizard(wizard);
    wizard->openWith(config);
}

void TrainPage::finetuneFrom(const QString& runId) {
    WizardPage* wizard = finetuneWizard();
    wizard->draft().setStart(runId);
    if (const RunRow* row = model_.rowAt(model_.rowOf(runId)); row && wizard->draft().set().isEmpty()) wizard->draft().setSet(toQString(row->run.config().particleSet));
    showWizard(wizard);
    wizard->open();
}

void TrainPage::compare() {
    viewGroup_->button(Compare)->setChecked(true);
    showView(Compare);
}

void TrainPage::showView(int view) {
    views_->setCurrentIndex(view);
    showSelected();
}

void TrainPage::selectRun(const QString& runId) {
    if (wizardOpen()) showWizard(nullptr);
    wantedId_ = runId;
    keepSelection();
}

/// After the table was filled anew: the same runs as before, else the newest training.
void TrainPage::keepSelection() {
    table_->setVisible(model_.rowCount() > 0);
    empty_->setVisible(model_.rowCount() == 0);
    if (!wantedId_.isEmpty() && model_.rowOf(wantedId_) >= 0) chosenIds_ = {std::exchange(wantedId_, {})};
    if (chosenIds_.isEmpty()) {
        for (int row = 0; row < model_.rowCount() && chosenIds_.isEmpty(); ++row) {
            const std::string& kind = model_.rowAt(row)->run.config().kind;
            if (kind == "pretrain" || kind == "finetune") chosenIds_ = {toQString(model_.rowAt(row)->run.id())};
        }
    }
    restoring_ = true;
    table_->selectionModel()->clearSelection();
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
    const bool model = one && one->run.config().kind == "finetune" && (one->state == RunState::Done || one->state == RunState::FinishedEarly);
    resumeButton_->setVisible(resumable);
    predictButton_->setVisible(model && bench_.project.set() != nullptr);
    if (one) {
        const QString id = toQString(one->run.id());
        resumeButton_->setText(tr("Resume %1").arg(id));
        predictButton_->setText(tr("Predict with %1").arg(id));
    }
    Q_EMIT runChosen(one ? toQString(one->run.id()) : QString());
    if (views_->currentIndex() == Curves) curves_->setRuns(runs);
    if (views_->currentIndex() == Log) showLog();
    if (views_->currentIndex() == Compare) showComparison();
}

void TrainPage::showLog() {
    const auto runs = chosen();
    if (runs.size() != 1) {
        log_->setPlainText(tr("Choose one run to read its log."));
        return;
    }
    bench_.io.post(
        this, [file = runs.front()->run.logPath()] { return endOf(file); },
        [this](const QString& text) {
            log_->setPlainText(text.isEmpty() ? tr("It has told nothing yet.") : text);
            log_->verticalScrollBar()->setValue(log_->verticalScrollBar()->maximum());
        },
        {}, latestLog_);
}

void TrainPage::showComparison() {
    compare_->setComparison(compareRuns(chosenIds_, bench_.project.contents().runs));
}

QString TrainPage::runOf(int job) const {
    const std::filesystem::path folder = bench_.jobs.runFolder(job);
    for (const RunRow& row : bench_.project.contents().runs) {
        if (row.run.folder() == folder) return toQString(row.run.id());
    }
    return {};
}

void TrainPage::addMetrics(int job, const std::vector<Metric>& metrics) {
    if (const QString id = runOf(job); !id.isEmpty()) curves_->addMetrics(id, metrics);
}

void TrainPage::addLines(int job, const QStringList& lines) {
    if (views_->currentIndex() != Log || chosenIds_ != QStringList{runOf(job)}) return;
    for (const QString& line : lines) log_->appendPlainText(line);
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

void TrainPage::askForRun() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder of a run, such as runs/0007-pretrain-moco of another project"));
    if (!folder.isEmpty()) importRun(folder.toStdString());
}

void TrainPage::importRun(const std::filesystem::path& folder) {
    if (!bench_.project.isOpen()) return;
    bench_.io.post(
        this, [project = bench_.project.project(), folder] { return toQString(project->importRun(folder).id()); },
        [this](const QString& id) {
            wantedId_ = id;
            bench_.project.refreshRuns();
        },
        [this](const QString& sentence) { Q_EMIT bench_.project.failed(sentence); });
}

}  // namespace tomoloupe
