#pragma once

#include <QWidget>
#include <optional>

#include "ui/models/oblique_plane.h"
#include "ui/panels/orthogonal_views.h"

namespace tomoloupe {

/// The slice of a plane turned at will, through the crosshair of three others and linked with them: middle, scale,
/// crosshair, marks. Shift and drag turn it, the wheel moves the crosshair along its normal. Asks for slices with
/// sliceWanted().
class ObliquePane : public QWidget {
    Q_OBJECT
  public:
    /// Borrows the views, in which it takes the place of YZ while it is on.
    explicit ObliquePane(OrthogonalViews* views);

    void setOn(bool on);
    [[nodiscard]] bool isOn() const { return on_; }
    void setVolumeShape(Index3 shape, double voxelSizeAngstrom);
    void setRotation(const Rotation& tomogramFromPlane);
    [[nodiscard]] const Rotation& rotation() const { return plane_.tomogramFromPlane; }
    [[nodiscard]] const ObliquePlane& plane() const { return plane_; }
    void setSlice(const ObliqueGrid& grid, const Volume& slice, bool finest);
    void setMessage(const QString& sentence);
    void setContrast(double low, double high);
    void setSlab(std::int64_t slices);
    /// Asks anew.
    void requestSlice();
    [[nodiscard]] SliceView* view() const { return view_; }
    /// Of the slice that is shown.
    [[nodiscard]] const ObliqueGrid& grid() const { return grid_; }

  Q_SIGNALS:
    void sliceWanted(const tomoloupe::ObliquePlane& plane);
    /// By hand, in the view.
    void turned();
    /// A plain click there.
    void clicked(tomoloupe::Vec3 voxel);

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void connectView();
    void follow();
    void moveTo(Vec3 voxel);
    void turn(QPointF pixels);
    void showViewport();
    void showMarks();
    void showWords();
    [[nodiscard]] QString noteAt(QPointF sample) const;

    OrthogonalViews* views_;
    SliceView* view_;
    ObliquePlane plane_;
    ObliqueGrid grid_;
    Volume slice_;
    Index3 volumeShape_;
    double voxelSizeAngstrom_ = 1;
    std::int64_t slab_ = 1;
    std::optional<QPointF> hovered_;
    bool on_ = false, moving_ = false;
};

}  // namespace tomoloupe
