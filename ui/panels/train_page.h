#pragma once

#include <QWidget>

#include "ui/models/runs_model.h"
#include "ui/models/workbench.h"

class QButtonGroup;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace tomoloupe {

class ComparePanel;
class CurvePanel;
class WizardPage;

/// Training: the runs with their curves, log and comparison, and the wizards that start new ones.
class TrainPage : public QWidget {
    Q_OBJECT
  public:
    explicit TrainPage(const Workbench& workbench, QWidget* parent = nullptr);
    void selectRun(const QString& runId);
    /// Emits runChosen for the present choice.
    void announceRun() { showSelected(); }
    /// Opens the wizard; null: back to the runs.
    void showWizard(WizardPage* wizard);
    [[nodiscard]] WizardPage* pretrainWizard();
    [[nodiscard]] WizardPage* finetuneWizard();
    [[nodiscard]] bool wizardOpen() const;
    /// At a step, counted from 1; 0 and 1: the first.
    void openWizard(bool pretrain, int step = 1);
    /// The wizard with the options of this run.
    void duplicate(const QString& runId);
    /// The fine-tune wizard, starting from this run.
    void finetuneFrom(const QString& runId);
    void compare();
    /// Copies a run's folder from elsewhere, in the background.
    void importRun(const std::filesystem::path& folder);

  Q_SIGNALS:
    /// The run whose details belong in the inspector; empty: none.
    void runChosen(const QString& runId);
    /// A wizard came into sight or left it.
    void wizardShown();

  private:
    enum View { Curves, Log, Compare };

    QWidget* buildRuns();
    void buildToolBar();
    QWidget* buildViews();
    void buildTable();
    void connectModels();
    WizardPage* prepared(WizardPage*& wizard, bool pretrain);
    void showView(int view);
    void keepSelection();
    void showSelected();
    void showLog();
    void showComparison();
    void addMetrics(int job, const std::vector<Metric>& metrics);
    void addLines(int job, const QStringList& lines);
    void resumeRow(int row);
    void predict();
    void askForRun();
    [[nodiscard]] std::vector<const RunRow*> chosen() const;
    [[nodiscard]] QString runOf(int job) const;

    Workbench bench_;
    RunsModel model_;
    QStackedWidget* stack_;
    QWidget* toolBar_ = nullptr;
    QPushButton* predictButton_ = nullptr;
    QPushButton* resumeButton_ = nullptr;
    QStackedWidget* views_ = nullptr;
    QButtonGroup* viewGroup_ = nullptr;
    CurvePanel* curves_ = nullptr;
    QPlainTextEdit* log_ = nullptr;
    ComparePanel* compare_ = nullptr;
    QTableView* table_ = nullptr;
    QLabel* empty_ = nullptr;
    WizardPage* pretrain_ = nullptr;
    WizardPage* finetune_ = nullptr;
    Latest latestLog_ = makeLatest();
    QStringList chosenIds_;
    QString wantedId_;
    bool restoring_ = false;
};

}  // namespace tomoloupe
