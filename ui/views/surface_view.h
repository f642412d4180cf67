#pragma once

#include <QImage>
#include <QString>
#include <QWidget>
#include <memory>

#include "core/volume/volume.h"
#include "ui/render/surface_scene.h"

class QLabel;

namespace tomoloupe {

class HeatCloud;
class VtkView;

/// A surface that the mouse turns (left), moves (middle) and zooms (right, wheel). Without OpenGL it says so instead.
class SurfaceView : public QWidget {
    Q_OBJECT
  public:
    explicit SurfaceView(const QString& name, QWidget* parent = nullptr);
    ~SurfaceView() override;

    /// Keeps the camera when the shape stays the same.
    void setVolume(const Volume& volume, const Volume& heat = {});
    /// With the scale of the volume, found on another thread.
    void setVolume(const Volume& volume, const DensityScale& scale);
    /// A cloud instead of a surface.
    void setCloud(bool on);
    void setLevel(double level);
    void setHeatStyle(const HeatStyle& style);
    /// The heat as a cloud within a surface that is hardly there, instead of on the surface.
    void setHeatCloud(bool on);
    /// One camera for both from now on: what is turned here turns there.
    void shareCamera(SurfaceView* other);
    void setCaption(const QString& caption);
    /// The surface `width` pixels wide, the height as that of the view. Null without OpenGL.
    [[nodiscard]] QImage picture(int width);
    /// Mean and spread of the volume shown, for a level slider in standard deviations.
    [[nodiscard]] const DensityScale& scale() const { return scale_; }

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void redraw();
    void take(const Volume& volume);

    std::unique_ptr<SurfaceScene> scene_;
    SurfaceView* partner_ = nullptr;  // with the same camera
    std::unique_ptr<HeatCloud> heatCloud_;
    VtkView* view_ = nullptr;
    QLabel* caption_;
    DensityScale scale_;
    Index3 shape_;
    bool cloud_ = false;
};

}  // namespace tomoloupe
