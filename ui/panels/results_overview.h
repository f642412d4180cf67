#pragma once

#include <QWidget>
#include <memory>

#include "ui/models/judged_result.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace tomoloupe {

class ClassBars;
class ConfusionView;
class ReliabilityChart;

/// The figures of one result at a glance: accuracy with its interval, confusion matrix, classes one by one,
/// reliability.
class ResultsOverview : public QWidget {
    Q_OBJECT
  public:
    explicit ResultsOverview(const ProjectModel& project, QWidget* parent = nullptr);
    void setResult(const std::shared_ptr<const JudgedResult>& result);

  Q_SIGNALS:
    void cellChosen(int truth, int predicted);

  private:
    QLabel* addFigure(QHBoxLayout* row, const QString& name, const char* objectName, const QString& help);

    const ProjectModel& project_;
    QLabel *accuracy_ = nullptr, *macroF1_ = nullptr, *error_ = nullptr, *count_ = nullptr;
    QPushButton* percent_ = nullptr;
    ConfusionView* matrix_;
    ClassBars* bars_;
    ReliabilityChart* reliability_;
};

}  // namespace tomoloupe
