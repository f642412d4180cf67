#pragma once

#include <QWidget>
#include <array>
#include <map>

#include "ui/models/runs_model.h"
#include "ui/models/workbench.h"

class QComboBox;
class QPushButton;

namespace tomoloupe {

class CurveChart;

/// The curves of runs over each other: loss, kNN accuracy, validation accuracy, learning rate; smoothed and logarithmic where wished.
class CurvePanel : public QWidget {
    Q_OBJECT
  public:
    explicit CurvePanel(const Workbench& workbench, QWidget* parent = nullptr);
    /// Reads their curves anew. At most as many as there are colours.
    void setRuns(const std::vector<const RunRow*>& runs);
    void addMetrics(const QString& runId, const std::vector<Metric>& metrics);
    /// The colour of the curves of the run chosen so manyth.
    [[nodiscard]] QColor colourOf(std::size_t place) const;

  protected:
    void changeEvent(QEvent* event) override;

  private:
    enum Quantity { Loss, Neighbours, Accuracy, Rate, QuantityCount };
    using Points = std::vector<MetricPoint>;

    QWidget* buildBar();
    void showCurves();
    void placeCharts();

    Workbench bench_;
    std::array<CurveChart*, QuantityCount> charts_{};
    std::array<QPushButton*, QuantityCount> toggles_{};
    QComboBox* smoothing_ = nullptr;
    QPushButton* logarithmic_ = nullptr;
    std::vector<std::pair<QString, Points>> runs_;
    Latest latest_ = makeLatest();
};

}  // namespace tomoloupe
