#pragma once

#include <QWidget>

#include "ui/models/map_colours.h"
#include "ui/models/map_groups.h"
#include "ui/models/map_model.h"
#include "ui/models/workbench.h"
#include "ui/views/map_view.h"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QMenu;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace tomoloupe {

class LabelActions;
class MapSide;
class TileHover;

/// The particles of the current set as a network sees them: near together what looks alike. The current particle and the selection are the
/// project's; keys label as in the gallery.
class MapPage : public QWidget {
    Q_OBJECT
  public:
    explicit MapPage(const Workbench& workbench, QWidget* parent = nullptr);
    [[nodiscard]] MapView* view() const { return view_; }
    [[nodiscard]] MapModel& model() { return model_; }
    [[nodiscard]] MapGroups& groups() { return groups_; }
    /// Nothing is read, computed or drawn.
    [[nodiscard]] bool idle() const;

  Q_SIGNALS:
    void importWanted();
    void extractWanted();

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void buildBar(QHBoxLayout* bar);
    void addTools(QHBoxLayout* bar);
    QWidget* buildProgress();
    QWidget* buildEmptyPage();
    QWidget* buildMap();
    void buildActions();
    void connectModels();
    void connectView();
    void connectSide();
    void takeSet();
    void showEmbeddings();
    void showEmptyPage();
    void fillModels(QMenu* menu);
    void takeData();
    void showPositions();
    void showMapping();
    void recolour();
    /// Reads what the chosen colour needs; false while it is not there.
    bool haveFacts();
    void showSelection();
    void showCaption();
    void showTrouble(const QString& sentence);
    void showHover(std::int64_t particle);
    void choosePoint(std::int64_t particle, MapView::Change change);
    void chooseParticles(const std::vector<std::int64_t>& particles, MapView::Change change);
    void goOn();
    void findNeighbours();
    void labelGroups(int group, const QString& className);

    Workbench bench_;
    MapModel model_;
    MapGroups groups_;
    MapView* view_ = nullptr;
    MapSide* side_ = nullptr;
    QStackedWidget* stack_ = nullptr;
    QComboBox* embeddings_ = nullptr;
    QPushButton *pca_ = nullptr, *umap_ = nullptr, *embed_ = nullptr, *make_ = nullptr, *others_ = nullptr;
    QMenu *embedMenu_ = nullptr, *othersMenu_ = nullptr;
    QLabel *trouble_ = nullptr, *emptyText_ = nullptr, *mappingText_ = nullptr;
    QProgressBar* mappingBar_ = nullptr;
    QWidget* mapping_ = nullptr;
    LabelActions* actions_ = nullptr;
    TileHover* hover_ = nullptr;
    MapFacts facts_;
    QString factsColumn_;
    Latest latestFacts_ = makeLatest();
    MapColouring colouring_;
    bool coloursStale_ = false;  // labels changed while the page was out of sight
    enum class Want { Import, Extract, Embed } want_ = Want::Embed;
};

}  // namespace tomoloupe
