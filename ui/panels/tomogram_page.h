#pragma once

#include <QKeySequence>
#include <QWidget>
#include <functional>
#include <vector>

#include "ui/models/tomogram_model.h"
#include "ui/models/workbench.h"

class QLabel;
class QPushButton;
class QSlider;
class QSpinBox;
class QStackedLayout;
class QTimer;

namespace tomoloupe {

class ContrastPanel;
class DropButton;
class FilterPanel;
class OrthogonalViews;

/// The current tomogram: three linked slices, its surface, the particles in it.
class TomogramPage : public QWidget {
    Q_OBJECT
  public:
    explicit TomogramPage(const Workbench& workbench, QWidget* parent = nullptr);

    /// A file of its own, without a project.
    void openFile(const std::filesystem::path& path);
    [[nodiscard]] OrthogonalViews* views() const { return views_; }
    [[nodiscard]] const TomogramModel& tomogram() const { return tomogram_; }
    /// Slices that a slab is the mean of, 1 to TomogramModel::kMostSlab.
    void setSlab(std::int64_t slices);
    void setFilter(const DisplayFilter& filter);

  Q_SIGNALS:
    void addTomogramWanted();

  private:
    void buildToolBar();
    void buildActions();
    void addPageAction(const QString& text, const char* name, const QKeySequence& key, const std::function<void()>& does);
    void applyStyle();
    QWidget* buildEmptyPage();
    void connectModels();
    void showTomogram();
    void showOpened();
    void readMarks();
    void showMarks();
    void goToParticle();
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
    QSpinBox* slab_ = nullptr;
    DropButton* filterButton_ = nullptr;
    FilterPanel* filter_ = nullptr;
    ContrastPanel* contrast_ = nullptr;
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
