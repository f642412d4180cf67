#pragma once

#include <QWidget>
#include <memory>

#include "ui/models/judged_result.h"
#include "ui/models/workbench.h"

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QSlider;

namespace tomoloupe {

class OrthogonalViews;

/// The mean of the particles that are labelled, or predicted, as one class: slices and surface, turned by their poses
/// where the set has some.
class AveragesPanel : public QWidget {
    Q_OBJECT
  public:
    explicit AveragesPanel(const Workbench& workbench, QWidget* parent = nullptr);
    void setResult(const std::shared_ptr<const JudgedResult>& result);
    [[nodiscard]] OrthogonalViews* views() const { return views_; }

  Q_SIGNALS:
    void galleryWanted(const QString& title, const std::vector<std::int64_t>& particles);

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    QWidget* buildSide();
    void fillClasses();
    void average();
    void showAverage(const Volume& volume);
    void applyLevel();
    void save();
    [[nodiscard]] std::vector<std::int64_t> members() const;
    [[nodiscard]] std::vector<std::int64_t> membersOf(int place) const;

    Workbench bench_;
    Latest latest_ = makeLatest();
    std::shared_ptr<const JudgedResult> result_;
    QComboBox* basis_ = nullptr;
    QListWidget* classes_ = nullptr;
    QLabel* words_ = nullptr;
    QSlider* level_ = nullptr;
    QPushButton *gallery_ = nullptr, *save_ = nullptr;
    OrthogonalViews* views_;
    Volume volume_;
    bool stale_ = true;  // to be averaged when next in sight
};

}  // namespace tomoloupe
