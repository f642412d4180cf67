#pragma once

#include <QWidget>
#include <vector>

#include "ui/models/tomogram_model.h"
#include "ui/models/workbench.h"

class QLabel;
class QPushButton;
class QSlider;
class QStackedLayout;
class QTimer;

namespace tomoloupe {

class OrthogonalViews;
class RangeSlider;

/// The current tomogram: three linked slices, its surface, the particles in it.
class TomogramPage : public QWidget {
    Q_OBJECT
  public:
    explicit TomogramPage(const Workbench& workbench, QWidget* parent = nullptr);

    /// A file of its own, without a project.
    void openFile(const std::filesystem::path& path);
    [[nodiscard]] OrthogonalViews* views() const { return views_; }
    [[nodiscard]] const TomogramModel& tomogram() const { return tomogram_; }

  Q_SIGNALS:
    void addTomogramWanted();

  private:
    void buildToolBar();
    QWidget* buildEmptyPage();
    void connectModels();
    void showTomogram();
    void showOpened();
    void readMarks();
    void showMarks();
    void goToParticle();
    void autoContrast();
    void applyContrast();
    void applyLevel();
    void chooseParticleAt(Plane plane, QPointF voxel);

    Workbench bench_;
    TomogramModel tomogram_;
    Latest latestMarks_ = makeLatest();
    std::vector<PlacedParticle> placed_;
    QStackedLayout* stack_;
    QWidget* toolBar_ = nullptr;
    OrthogonalViews* views_;
    RangeSlider* contrast_ = nullptr;
    QPushButton* invert_ = nullptr;
    QPushButton* particles_ = nullptr;
    QSlider* level_ = nullptr;
    QLabel* levelText_ = nullptr;
    QLabel* emptyText_ = nullptr;
    QPushButton* addButton_ = nullptr;
    QTimer* surfaceDelay_;
    QString message_;
};

}  // namespace tomoloupe
