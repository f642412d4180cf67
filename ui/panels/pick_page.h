#pragma once

#include <QWidget>

#include "ui/models/pick_preview.h"
#include "ui/models/tomogram_model.h"
#include "ui/models/workbench.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSlider;
class QStackedLayout;

namespace tomoloupe {

class ExtractForm;
class PickForm;
class RangeSlider;
class SlicePane;

/// Picking: the current slice with the picker's response and its picks over it while options move, and the forms that
/// pick the whole tomogram and cut the particles out.
class PickPage : public QWidget {
    Q_OBJECT
  public:
    explicit PickPage(const Workbench& workbench, QWidget* parent = nullptr);
    [[nodiscard]] SlicePane* pane() const { return pane_; }
    [[nodiscard]] PickForm* form() const { return pick_; }

  Q_SIGNALS:
    void addTomogramWanted();
    void showTomogramWanted();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    QWidget* buildPicture();
    void buildToolBar(QWidget* parent);
    QWidget* buildDoneRow(QWidget* parent);
    QWidget* buildSide();
    QWidget* buildEmptyPage();
    void connectModels();
    void reloadTomograms();
    void showTomogram();
    void showOpened();
    void showSide(bool extract);
    void ask();
    void showPreview(const PickPreview& preview, std::int64_t z);
    void clearPreview();
    void showSpots();
    void showCaption();
    void showProblem(const QString& sentence);
    void autoContrast();
    void applyContrast();
    void applyHeat();
    void runEnded(int job, const JobOutcome& outcome);

    Workbench bench_;
    TomogramModel tomogram_;
    PickPreviewModel preview_;
    QStackedLayout* stack_ = nullptr;
    QWidget* toolBar_ = nullptr;
    QWidget* doneRow_ = nullptr;
    QLabel* doneText_ = nullptr;
    QLabel* emptyText_ = nullptr;
    QPushButton* addButton_ = nullptr;
    QComboBox* tomograms_ = nullptr;
    RangeSlider* contrast_ = nullptr;
    QPushButton* response_ = nullptr;
    QSlider* opacity_ = nullptr;
    QLabel* problem_ = nullptr;
    SlicePane* pane_ = nullptr;
    PickForm* pick_ = nullptr;
    ExtractForm* extract_ = nullptr;
    QPushButton* pickTab_ = nullptr;
    QPushButton* extractTab_ = nullptr;
    std::vector<PickPreview::Spot> spots_;
    std::int64_t spotsZ_ = -1;  // slice that the preview shown belongs to; -1: none
    QString wanted_, wantedSet_;  // run started here last, and the set it makes
};

}  // namespace tomoloupe
