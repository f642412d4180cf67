#pragma once

#include <QCache>
#include <QImage>
#include <QWidget>

#include "ui/models/particle_model.h"
#include "ui/models/workbench.h"

class QComboBox;
class QLabel;
class QStackedWidget;
class QTableView;

namespace tomoloupe {

class TileView;

/// The particles of the current set as tiles or rows, labelled by keys: 1-9 and 0 give a class and go on, Enter takes
/// the suggestion, Space goes on.
class GalleryPage : public QWidget {
    Q_OBJECT
  public:
    explicit GalleryPage(const Workbench& workbench, QWidget* parent = nullptr);
    [[nodiscard]] TileView* tiles() const { return tiles_; }
    [[nodiscard]] ParticleModel* model() { return &model_; }

  Q_SIGNALS:
    void importWanted();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void buildToolBar(QWidget* page);
    QWidget* buildEmptyPage();
    void connectModels();
    void showSet();
    void showCounts();
    void showCurrent();
    void handleKey(int key);
    void labelAndGoOn(std::optional<std::int64_t> classId);
    void goOn();
    void fetchImages();
    void fetchMore(int first, int last);

    Workbench bench_;
    ParticleModel model_;
    TileView* tiles_;
    QTableView* table_;
    QStackedWidget* stack_;
    QWidget* toolBar_ = nullptr;
    QLabel* counts_ = nullptr;
    QLabel* hint_ = nullptr;
    QComboBox* filter_ = nullptr;
    QCache<std::int64_t, QImage> images_;
    Latest latestImages_ = makeLatest();
    int firstShown_ = 0, lastShown_ = -1;
};

}  // namespace tomoloupe
