#pragma once

#include <QTimer>
#include <QWidget>
#include <array>
#include <optional>
#include <vector>

#include "ui/models/oblique_plane.h"
#include "ui/models/plane.h"
#include "ui/views/slice_view.h"

namespace tomoloupe {

class SurfaceView;

/// A particle to circle in all three planes.
struct ParticleMark {
    Vec3 position;  ///< voxels
    double radius = 1;
    QColor colour;
    bool current = false;
    bool byHand = false;
    double boxSide = 0;  ///< voxels; 0: no box is drawn
    Rotation tomogramFromParticle = {};
};

/// Which axes of particles are drawn.
struct ParticleArrows {
    bool axis = false, secondAxis = false;
};

/// Three slices of one volume, linked by a crosshair, one scale and one middle, and a surface in the fourth corner. XY
/// and XZ share x, XY and YZ share y. Slices are asked for with sliceWanted() and given back with setSlice().
class OrthogonalViews : public QWidget {
    Q_OBJECT
  public:
    explicit OrthogonalViews(const QString& name, QWidget* parent = nullptr);

    /// A new volume: crosshair in its middle, everything in sight.
    void setVolumeShape(Index3 shape, double voxelSizeAngstrom);
    /// A mean over a slab counts as the slice in its middle.
    void setSlice(Plane plane, std::int64_t index, const Volume& slice);
    /// Instead of a slice: why there is none.
    void setMessage(Plane plane, const QString& sentence);
    /// A word in the corner of a plane whose slice is still being read: percent, 0 when not known, -1 for no longer.
    void setReading(Plane plane, int percent);
    /// How many slices the slices shown are means of; words only.
    void setSlab(std::int64_t slices);
    void setLegend(const SliceLegend& legend);
    void setHeat(Plane plane, const Volume& slice);
    void setContrast(double low, double high);
    void setHeatStyle(const HeatStyle& style);
    void setMarks(std::vector<ParticleMark> marks, const ParticleArrows& arrows = {});
    /// Over those: picks made by hand.
    void setPickMarks(std::vector<ParticleMark> marks);
    /// Whether the left button moves the crosshair; else pressed(), dragged() and released() alone tell of it.
    void setLeftMovesCrosshair(bool moves) { leftMovesCrosshair_ = moves; }
    void setPointer(Qt::CursorShape shape);
    void setPosition(Vec3 position);
    /// Å of the first voxel's middle as the file has it.
    void setOrigin(Vec3 angstrom) { originAngstrom_ = angstrom; }
    /// A place in voxels, in Å from the first voxel's middle, and in the file's own frame where that is another one.
    [[nodiscard]] QString placeWords(Vec3 voxel, int decimals) const;
    /// Another view in the place of YZ, whose slices are not asked for then; null: YZ again. It shows `plane`, whose
    /// lines are drawn in the other slices.
    void setInsteadOfYZ(QWidget* other);
    void setOblique(const std::optional<ObliquePlane>& plane);
    [[nodiscard]] Vec3 centre() const { return centre_; }
    [[nodiscard]] double pixelsPerVoxel() const { return pixelsPerVoxel_; }
    /// One place stays where it is.
    void zoomAbout(double factor, Vec3 fixed);
    void moveCentre(Vec3 by);
    [[nodiscard]] const std::vector<ParticleMark>& marks() const { return marks_; }
    [[nodiscard]] const std::vector<ParticleMark>& pickMarks() const { return pickMarks_; }
    [[nodiscard]] const ParticleArrows& arrows() const { return arrows_; }
    [[nodiscard]] Vec3 position() const { return position_; }
    /// The point lies in the volume.
    [[nodiscard]] bool contains(Vec3 voxel) const;
    [[nodiscard]] SurfaceView* surface() const { return surface_; }
    [[nodiscard]] SliceView* view(Plane plane) const { return views_[static_cast<std::size_t>(plane)]; }
    /// The surface's world is the volume's: its edges and the crosshair are drawn there, with a scale bar.
    void linkSurface() { surfaceLinked_ = true; }
    /// The surface and XY change places.
    void setSurfaceLarge(bool large);
    /// Everything in sight again.
    void fit();
    /// Whether fit() shows all of a slice (small volumes), or fills the pane and may hide up to a third of a long one.
    void setFitsWhole(bool whole);
    /// Asks for the three slices anew.
    void requestSlices();

    /// Scale and middle, for views that look at the same place.
    struct Look {
        Vec3 centre;
        double pixelsPerVoxel = 1;
        bool fitted = true;  ///< as fit() leaves it
        friend bool operator==(const Look&, const Look&) = default;
    };
    [[nodiscard]] Look look() const { return {centre_, pixelsPerVoxel_, fitted_}; }
    /// Emits nothing.
    void setLook(const Look& look);

  Q_SIGNALS:
    /// By hand.
    void lookChanged();
    void sliceWanted(tomoloupe::Plane plane, std::int64_t index);
    void positionChanged();
    /// Middle or scale of what is in sight.
    void viewportChanged();
    void marksChanged();
    /// Thicker or thinner, by so many steps.
    void slabWanted(int steps);
    /// A plain click, for choosing what lies there.
    void clicked(tomoloupe::Plane plane, QPointF voxel);
    /// The left button on a plane, whatever it does there.
    void pressed(tomoloupe::Plane plane, QPointF voxel);
    void dragged(tomoloupe::Plane plane, QPointF voxel);
    void released(tomoloupe::Plane plane, QPointF voxel);

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    void connectView(Plane plane);
    void placeViews();
    void showViewport();
    void showCrosshair();
    void showMarks();
    void showMarksIn(Plane plane);
    void showCaptions();
    void showNotes();
    void holdWords(bool held);
    [[nodiscard]] QString noteAt(Plane plane, PlanePoint voxel) const;
    [[nodiscard]] QString thicknessWords() const;
    [[nodiscard]] std::int64_t indexOf(Plane plane) const;
    [[nodiscard]] bool isReplaced(Plane plane) const { return plane == Plane::YZ && insteadOfYZ_; }

    std::array<SliceView*, 3> views_{};
    SurfaceView* surface_;
    QWidget* insteadOfYZ_ = nullptr;
    std::optional<ObliquePlane> oblique_;
    Vec3 originAngstrom_;
    ParticleArrows arrows_;
    Index3 shape_;
    Vec3 position_, centre_;
    double pixelsPerVoxel_ = 1;
    double voxelSizeAngstrom_ = 1;
    bool fitsWhole_ = false, surfaceLinked_ = false, surfaceLarge_ = false;
    bool fitted_ = true;  // nobody has zoomed or panned yet
    std::array<Volume, 3> slices_;  // for the values under pointer and crosshair
    std::array<std::int64_t, 3> indices_{-1, -1, -1};
    std::int64_t slab_ = 1;
    QTimer* holding_;  // words wait for the slice that they belong to
    std::optional<Plane> hoveredPlane_;
    QPointF hoveredVoxel_;
    std::vector<ParticleMark> marks_, pickMarks_;
    bool leftMovesCrosshair_ = true;
};

}  // namespace tomoloupe
