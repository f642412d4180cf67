#pragma once

#include <QTimer>
#include <QWidget>
#include <array>
#include <memory>

#include "ui/models/judged_result.h"
#include "ui/models/workbench.h"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace tomoloupe {

class AveragesPanel;
class ExperimentPanel;
class FractionChart;
class PredictionsPanel;
class ResultsOverview;

/// How good a run is, and where it errs: figures, single predictions, class means, accuracy against the part of the
/// labels. Choosing a run of another set makes that set the current one.
class ResultsPage : public QWidget {
    Q_OBJECT
  public:
    explicit ResultsPage(const Workbench& workbench, QWidget* parent = nullptr);
    void selectRun(const QString& runId);

  Q_SIGNALS:
    void trainWanted();
    void galleryWanted(const QString& title, const std::vector<std::int64_t>& particles);

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    QWidget* buildToolBar();
    QWidget* buildFractions();
    QWidget* buildEmptyPage();
    void reloadRuns();
    void runChosen();
    void fillParts();
    void judgeRun();
    void take(const std::shared_ptr<const JudgedResult>& result);
    void showFull(bool full);
    void showTrouble(const QString& sentence, const QString& button);
    void showNothing();
    void showFractions();
    void showCell(int truth, int predicted);
    void predict();
    [[nodiscard]] const RunRow* row() const;
    [[nodiscard]] const RunRow* newestOf(const std::string& setName) const;

    Workbench bench_;
    Latest latest_ = makeLatest();
    std::shared_ptr<const JudgedResult> result_;
    QWidget* toolBar_ = nullptr;
    QStackedWidget* stack_;
    QComboBox *runs_ = nullptr, *parts_ = nullptr;
    std::array<QPushButton*, 5> tabs_{};
    QStackedWidget* pages_;
    QStackedWidget* fractionStack_ = nullptr;
    ResultsOverview* overview_;
    PredictionsPanel* predictions_;
    AveragesPanel* averages_;
    ExperimentPanel* experiment_;
    FractionChart* fractions_ = nullptr;
    QLabel* emptyText_ = nullptr;
    QPushButton* emptyButton_ = nullptr;
    QTimer labelsRest_;          // labels changed: judged again once they rest
    bool wantsPredict_ = false;  // what the button of the empty page does
    bool filling_ = false;
};

}  // namespace tomoloupe
