#pragma once

#include <QWidget>

#include "ui/models/label_rounds.h"
#include "ui/models/workbench.h"
#include "ui/panels/particle_looks.h"
#include "ui/panels/tile_pictures.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedLayout;

namespace tomoloupe {

class LabelActions;
class StandingChart;
class TileView;

/// Label with the model: a round of proposed particles as tiles with the keys of the gallery, and beside them how the
/// model does, taught anew behind the scenes after each round.
class LabelPage : public QWidget {
    Q_OBJECT
  public:
    explicit LabelPage(const Workbench& workbench, QWidget* parent = nullptr);
    [[nodiscard]] TileView* tiles() const { return tiles_; }
    [[nodiscard]] LabelRounds& rounds() { return rounds_; }

  Q_SIGNALS:
    void importWanted();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    QWidget* buildEmptyPage();
    void buildTiles();
    QWidget* buildSide();
    void buildActions();
    void connectModels();
    void takeSet();
    void showProposed();
    void showDecided();
    void showLearning();
    void showStandings();
    void showCurrent();
    void reloadStarts();
    void goOn(bool skipped);
    [[nodiscard]] int tileOf(std::int64_t particle) const;

    Workbench bench_;
    LabelRounds rounds_;
    ParticleLooks looks_;
    TilePictures pictures_;
    QStackedLayout* stack_;
    TileView* tiles_ = nullptr;
    LabelActions* actions_ = nullptr;
    QLabel *heading_ = nullptr, *state_ = nullptr, *standing_ = nullptr, *empty_ = nullptr;
    QProgressBar *decided_ = nullptr, *learning_ = nullptr;
    QPushButton *others_ = nullptr, *learn_ = nullptr, *stop_ = nullptr;
    QCheckBox *automatic_ = nullptr, *mapping_ = nullptr;
    QComboBox* start_ = nullptr;
    StandingChart* chart_ = nullptr;
};

}  // namespace tomoloupe
