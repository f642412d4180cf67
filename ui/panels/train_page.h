#pragma once

#include <QWidget>
#include <map>

#include "ui/models/runs_model.h"
#include "ui/models/workbench.h"

class QLabel;
class QPushButton;
class QTableView;

namespace tomoloupe {

class CurveChart;
class RunForm;

/// Training: the curves of the runs chosen in the table, the runs, and the forms that start new ones.
class TrainPage : public QWidget {
    Q_OBJECT
  public:
    explicit TrainPage(const Workbench& workbench, QWidget* parent = nullptr);
    void selectRun(const QString& runId);
    /// Emits runChosen for the present choice.
    void announceRun() { showSelected(); }
    /// Opens the form for pre-training or fine-tuning.
    void showForm(RunForm* form);
    [[nodiscard]] RunForm* pretrainForm() const { return pretrain_; }
    [[nodiscard]] RunForm* finetuneForm() const { return finetune_; }

  Q_SIGNALS:
    /// The run whose details belong in the inspector; empty: none.
    void runChosen(const QString& runId);

  private:
    void buildToolBar();
    void buildTable();
    void connectModels();
    void keepSelection();
    void showSelected();
    void showCurves();
    void addMetrics(int job, const std::vector<Metric>& metrics);
    void resumeRow(int row);
    void predict();
    [[nodiscard]] std::vector<const RunRow*> chosen() const;

    Workbench bench_;
    RunsModel model_;
    QWidget* toolBar_ = nullptr;
    QPushButton* pretrainButton_ = nullptr;
    QPushButton* finetuneButton_ = nullptr;
    QPushButton* resumeButton_ = nullptr;
    QPushButton* predictButton_ = nullptr;
    CurveChart* loss_;
    CurveChart* accuracy_;
    QTableView* table_;
    QLabel* empty_;
    RunForm* pretrain_;
    RunForm* finetune_;
    Latest latestCurves_ = makeLatest();
    QStringList chosenIds_;
    bool restoring_ = false;
};

}  // namespace tomoloupe
