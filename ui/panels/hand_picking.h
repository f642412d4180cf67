#pragma once

#include <QObject>
#include <QPointF>
#include <array>
#include <optional>
#include <vector>

#include "ui/models/plane.h"
#include "ui/models/project_model.h"
#include "ui/panels/orthogonal_views.h"

class QAction;

namespace tomoloupe {

/// How picks are drawn and how near a click must be.
struct PickSize {
    double radiusVoxels = 8;
    double boxVoxels = 0;  ///< 0: no box
};

/// What the left button does in the slices of the current tomogram: move the crosshair, or add, drag and remove picks.
/// Borrows the project and the views; its actions belong to the page.
class HandPicking : public QObject {
    Q_OBJECT
  public:
    enum Mode { Navigate, Pick, Move, Erase, ModeCount };

    HandPicking(ProjectModel& project, OrthogonalViews* views, QWidget* page);

    [[nodiscard]] QAction* action(Mode mode) const { return actions_[mode]; }
    [[nodiscard]] Mode mode() const { return mode_; }
    void setMode(Mode mode);
    /// Whether the slices in sight are those of the project's current tomogram: nothing is picked in others.
    void setReady(bool ready);
    /// Whether there is a tomogram of a project to pick in.
    void setPossible(bool possible);
    void setSize(const PickSize& size);

  Q_SIGNALS:
    void modeChanged();
    /// Pressed in Move or Erase where no pick is.
    void missed(tomoloupe::Plane plane, QPointF voxel);
    /// A click outside of the volume.
    void outside();

  private:
    struct Drag {
        HandPick pick;
        Vec3 from;
        PlanePoint grip;  ///< from the pointer to the pick
    };
    void buildActions(QWidget* page);
    void addPickAt(Plane plane, QPointF voxel);
    void press(Plane plane, QPointF voxel);
    void drag(Plane plane, QPointF voxel);
    void release();
    void picksChanged();
    void showPicks();
    /// The pick nearest to a point among those whose mark the slice shows there.
    [[nodiscard]] const HandPick* pickAt(Plane plane, QPointF voxel) const;

    ProjectModel& project_;
    OrthogonalViews* views_;
    std::array<QAction*, ModeCount> actions_{};
    Mode mode_ = Navigate;
    bool ready_ = false;
    PickSize size_;
    std::optional<Drag> drag_;
};

}  // namespace tomoloupe
