#pragma once

#include <QWidget>

#include "ui/models/run_comparison.h"

class QLabel;
class QTableWidget;

namespace tomoloupe {

/// What chosen runs differ in, their accuracies with spread, and whether the difference is more than chance.
class ComparePanel : public QWidget {
    Q_OBJECT
  public:
    explicit ComparePanel(QWidget* parent = nullptr);
    void setComparison(const RunComparison& comparison);

  private:
    QLabel* verdict_;
    QTableWidget* table_;
};

}  // namespace tomoloupe
