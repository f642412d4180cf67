#pragma once

#include <QWidget>

#include "ui/models/particle_model.h"
#include "ui/models/workbench.h"
#include "ui/panels/particle_looks.h"
#include "ui/panels/tile_pictures.h"
#include "ui/views/tile_view.h"

class QLabel;
class QStackedWidget;
class QTableView;

namespace tomoloupe {

class GalleryBar;
class GalleryMemory;
class LabelActions;
class TileHover;

/// The particles of the current set as tiles or rows, filtered and sorted, labelled by keys (see LabelActions). The
/// current particle and the selection are the project's; what is selected is always in the list.
class GalleryPage : public QWidget {
    Q_OBJECT
  public:
    explicit GalleryPage(const Workbench& workbench, QWidget* parent = nullptr);
    /// Looks and lists as it did last time, and keeps that for the next.
    void remember();
    [[nodiscard]] TileView* tiles() const { return tiles_; }
    [[nodiscard]] ParticleModel* model() { return &model_; }
    [[nodiscard]] const TilePictures& pictures() const { return pictures_; }

    /// These particles of the current set alone, ascending; `title` says what they have in common.
    void showOnly(const QString& title, std::vector<std::int64_t> particles);

  Q_SIGNALS:
    void importWanted();

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    void buildTiles();
    void buildTable();
    QWidget* buildEmptyPage();
    void buildActions();
    void connectModels();
    void connectBar();
    void connectViews();
    void takeSet();
    void takeChoices();
    void showEmptyPage();
    void showNothingListed();
    void showAll();
    void ask(const ParticleQuery& query);
    void showList();
    void showCounts();
    void showCurrent();
    void showSelection();
    void showLabels(const std::vector<std::int64_t>& particles);
    void showHover(int tile);
    void showTrouble(const QString& sentence);
    void takeTileSelection();
    void takeTableSelection();
    void goOn();
    void fetchPictures();
    [[nodiscard]] bool inList() const;
    [[nodiscard]] QWidget* view() const;

    Workbench bench_;
    ParticleModel model_;
    ParticleLooks looks_;
    TilePictures pictures_;
    TileView* tiles_;
    QTableView* table_;
    QStackedWidget* stack_;
    GalleryBar* bar_;
    LabelActions* actions_ = nullptr;
    TileHover* hover_ = nullptr;
    QLabel *trouble_ = nullptr, *emptyText_ = nullptr;
    QWidget *importButton_ = nullptr, *showAllButton_ = nullptr;
    int firstShown_ = 0, lastShown_ = -1;
    bool startAtTop_ = false;       // of the list that was asked for
    bool takingSelection_ = false;  // from a view, which need not be told
};

}  // namespace tomoloupe
