#pragma once

#include <QWidget>

#include "ui/models/workbench.h"
#include "ui/render/colour_map.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSlider;
class QStackedLayout;

namespace tomoloupe {

class OrthogonalViews;

/// Why a model says what it says of the current particle: its heat map over slices and surface. What was computed
/// before for the same particle, model and class is shown at once.
class ExplainPage : public QWidget {
    Q_OBJECT
  public:
    explicit ExplainPage(const Workbench& workbench, QWidget* parent = nullptr);
    /// Runs what is chosen, unless it is there already.
    void explain();
    [[nodiscard]] OrthogonalViews* views() const { return views_; }

  Q_SIGNALS:
    void trainWanted();

  private:
    class ColourBar;
    void buildToolBar();
    QWidget* buildEmptyPage();
    void reloadChoices();
    void showParticle();
    void readMap(const RunRow& row);
    void readPlain();
    void showVolumes(const Volume& volume, const Volume& heat);
    void showWords(const RunRow* row);
    void applyStyle();
    /// Of the newest explanation; empty when there is none.
    [[nodiscard]] QString lastExplainedModel() const;
    [[nodiscard]] const RunRow* finishedRun() const;
    [[nodiscard]] bool pending() const;

    Workbench bench_;
    Latest latestMap_ = makeLatest();
    QStackedLayout* stack_;
    QWidget* toolBar_ = nullptr;
    QComboBox* model_ = nullptr;
    QComboBox* class_ = nullptr;
    QComboBox* method_ = nullptr;
    QPushButton* explain_ = nullptr;
    QSlider* opacity_ = nullptr;
    QSlider* threshold_ = nullptr;
    QSlider* level_ = nullptr;
    QLabel* title_ = nullptr;
    QLabel* figures_ = nullptr;
    OrthogonalViews* views_;
    ColourBar* bar_;
    Volume volume_, heat_;
    QString wanted_;  // id of the explain run that was started last
};

}  // namespace tomoloupe
