#pragma once

#include <QWidget>

#include "ui/models/prediction_list.h"
#include "ui/models/workbench.h"

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QTableView;

namespace tomoloupe {

class ValueSlider;

/// What a run said of each particle, filtered and sorted, what is wrong though the model was sure of it first. The
/// current particle and the selection are the project's. Below: predictions become labels from a probability on, as one
/// step for undo.
class PredictionsPanel : public QWidget {
    Q_OBJECT
  public:
    explicit PredictionsPanel(const Workbench& workbench, QWidget* parent = nullptr);
    void setResult(const std::shared_ptr<const JudgedResult>& result);
    [[nodiscard]] PredictionList* list() { return &list_; }

    /// Offers to predict the whole set, of which the result shows a part.
    void setPart(bool part);

  Q_SIGNALS:
    void predictWanted();
    void galleryWanted(const QString& title, const std::vector<std::int64_t>& particles);

  private:
    QWidget* buildFilters();
    QWidget* buildLabelling();
    QComboBox* addBox(QHBoxLayout* row, const char* name, const QString& help, const QStringList& entries);
    void fillChoices();
    void readFilter();
    void showCount();
    void takeSelection();
    void showCurrent();
    void showLabelCount();
    void label();

    Workbench bench_;
    PredictionList list_;
    std::shared_ptr<const JudgedResult> result_;
    QComboBox *order_ = nullptr, *agreement_ = nullptr, *truth_ = nullptr, *predicted_ = nullptr, *tomogram_ = nullptr;
    ValueSlider *from_ = nullptr, *threshold_ = nullptr;
    QLabel *count_ = nullptr, *labelCount_ = nullptr;
    QPushButton *gallery_ = nullptr, *label_ = nullptr, *predict_ = nullptr;
    QCheckBox* unlabelledOnly_ = nullptr;
    QTableView* table_;
    std::vector<IndexedLabel> edits_;  // that the button would store
    std::int64_t filledFor_ = 0;       // the set whose tomograms can be chosen
    bool taking_ = false;              // from or into the table: it need not be told
};

}  // namespace tomoloupe
