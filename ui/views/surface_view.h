#pragma once

#include <QImage>
#include <QString>
#include <QWidget>
#include <memory>

#include "core/volume/volume.h"
#include "ui/render/surface_scene.h"
#include "ui/views/surface_marks.h"

class QLabel;

namespace tomoloupe {

class HeatCloud;
class VtkView;

/// What lies over the scene in a saved picture.
struct SurfaceParts {
    bool scaleBar = true, words = true, particles = true, crosshair = false;
};

/// A surface that the mouse turns (left), moves (middle) and zooms (right, wheel). Without OpenGL it says so instead.
class SurfaceView : public QWidget {
    Q_OBJECT
  public:
    explicit SurfaceView(const QString& name, QWidget* parent = nullptr);
    ~SurfaceView() override;

    /// Keeps the camera when the shape stays the same.
    void setVolume(const Volume& volume, const Volume& heat = {});
    /// With the scale of the volume, found on another thread. A block of the same size somewhere else takes the camera
    /// along.
    void setVolume(const Volume& volume, const DensityScale& scale, const VolumePlace& place = {});
    /// A cloud instead of a surface.
    void setCloud(bool on);
    void setLevel(double level);
    void setHeatStyle(const HeatStyle& style);
    /// The heat as a cloud within a surface that is hardly there, instead of on the surface.
    void setHeatCloud(bool on);
    /// One camera for both from now on: what is turned here turns there.
    void shareCamera(SurfaceView* other);
    void setCaption(const QString& caption);

    // In a tomogram, whose voxels are the unit: its edges, a crosshair, a plane, particles.
    void setTomogram(Index3 shape, double voxelSizeAngstrom);
    void setCrosshair(Vec3 voxel);
    void setTrace(std::vector<Vec3> corners);
    void setParticles(std::vector<PoseMark> marks, const GlyphStyle& style, const SliceLegend& legend);
    /// The one with a ring around it.
    void setCurrent(const std::optional<PoseMark>& current);
    void setMaps(const std::vector<MapGlyph>& maps);
    /// Parallel projection, in which the scale bar holds everywhere, or perspective.
    void setParallel(bool parallel);
    /// All of the tomogram in sight, or of the volume.
    void lookAtTomogram();
    void lookAtVolume();
    /// Where a place is seen; none behind the eye.
    [[nodiscard]] std::optional<QPointF> positionOf(Vec3 voxel) const { return stage().positionOf(voxel); }
    [[nodiscard]] const SurfaceMarks& marks() const { return marks_; }
    [[nodiscard]] const ParticleGlyphs& particles() const { return scene_->particles(); }

    /// The surface `width` pixels wide, the height as that of the view. Null without OpenGL.
    [[nodiscard]] QImage picture(int width, const SurfaceParts& parts = {});
    /// Mean and spread of the volume shown, for a level slider in standard deviations.
    [[nodiscard]] const DensityScale& scale() const { return scale_; }
    /// A new frame.
    void redraw();

  Q_SIGNALS:
    /// A click without a drag hit this of the particles.
    void particleClicked(std::size_t mark);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    class Overlay;
    void take(const Volume& volume, const VolumePlace& place);
    void click(QPointF position);
    [[nodiscard]] SurfaceStage stage() const;

    std::unique_ptr<SurfaceScene> scene_;
    SurfaceView* partner_ = nullptr;  // with the same camera
    std::unique_ptr<HeatCloud> heatCloud_;
    VtkView* view_ = nullptr;
    Overlay* overlay_;
    QLabel* caption_;
    SurfaceMarks marks_;
    GlyphStyle style_;
    DensityScale scale_;
    Index3 shape_;
    VolumePlace place_;
    bool cloud_ = false;
};

}  // namespace tomoloupe
