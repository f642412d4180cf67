#pragma once

#include <QWidget>
#include <array>

#include "ui/models/explain_wish.h"
#include "ui/models/workbench.h"

class QStackedLayout;

namespace tomoloupe {

class ExplainPane;
class ExplainPanel;
class HeatBar;

/// Why a model says what it says of a particle, or of a class: heat maps over slices and surface, of one model or of
/// two beside each other. What was computed before for the same wish is shown at once.
class ExplainPage : public QWidget {
    Q_OBJECT
  public:
    explicit ExplainPage(const Workbench& workbench, QWidget* parent = nullptr);
    /// Runs what is chosen, unless it is there already.
    void explain();
    [[nodiscard]] ExplainPane* pane(int at) const { return panes_[static_cast<std::size_t>(at)]; }
    [[nodiscard]] ExplainPanel* panel() const { return panel_; }

  Q_SIGNALS:
    void trainWanted();

  private:
    QWidget* buildEmptyPage();
    void reload();
    void showWish();
    void showPane(int at);
    void readMap(int at, const RunRow& row);
    void readPlain(int at);
    void applyLook();
    void saveMap();
    void savePicture();
    [[nodiscard]] bool pending(int at) const;
    [[nodiscard]] double voxelSize() const;
    [[nodiscard]] QString modelWords(const std::string& id) const;

    Workbench bench_;
    std::array<Latest, 2> latest_{makeLatest(), makeLatest()};
    QStackedLayout* stack_;
    QWidget* pictures_ = nullptr;
    ExplainPanel* panel_;
    std::array<ExplainPane*, 2> panes_{};
    HeatBar* bar_;
    std::array<QString, 2> started_;  // explain runs that were started last
    std::array<QString, 2> shown_;    // what the panes show: a run, or a plain particle
};

}  // namespace tomoloupe
