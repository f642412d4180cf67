#pragma once

#include <QColor>
#include <QString>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "core/volume/volume.h"
#include "ui/render/slice_scene.h"
#include "ui/views/slice_marks.h"
#include "ui/views/slice_picture.h"

namespace tomoloupe {

class VtkView;

/// One slice with the words, the crosshair and the circles over it. Speaks in voxels (u, v) of its slice, v upwards;
/// knows nothing of planes. Without OpenGL it says so instead.
class SliceView : public QWidget {
    Q_OBJECT
  public:
    explicit SliceView(const QString& name, QWidget* parent = nullptr);
    ~SliceView() override;

    void setSlice(const Volume& slice);
    void setContrast(double low, double high);
    void setHeat(const Volume& heat);
    void setHeatStyle(const HeatStyle& style);
    void setViewport(const SliceViewport& viewport);
    void setCrosshair(std::optional<QPointF> uv);
    void setCircles(std::vector<SliceCircle> circles);
    /// Arrows and the lines of other planes.
    void setStrokes(std::vector<SliceStroke> strokes);
    /// Small words in the corners: what is shown (top left) and what lies under the pointer or the crosshair (bottom
    /// left). Words too long for a line are broken at " · ".
    void setCaption(const QString& top, const QString& bottom = {});
    /// One line below the caption, such as "reading…"; empty: none.
    void setStatus(const QString& status);
    /// A sentence in the middle that says why there is no slice; empty: none.
    void setMessage(const QString& sentence);
    [[nodiscard]] QString message() const;
    [[nodiscard]] QString status() const;
    [[nodiscard]] QString caption() const;
    /// What is written at the bottom left.
    [[nodiscard]] QString note() const;
    /// In the top right corner.
    void setLegend(const SliceLegend& legend);
    /// Words and lines changed while held are drawn when they are no longer: together with the slice that they belong
    /// to, in one frame instead of two.
    void holdOverlay(bool held);
    /// 0: no scale bar.
    void setVoxelSize(double angstrom);
    /// Whether Shift and the left button turn the plane: see turned().
    void setTurnable(bool turnable) { turnable_ = turnable; }
    /// The pointer over the slice while nothing is dragged.
    void setPointer(Qt::CursorShape shape);

    /// What the view shows as a picture `width` pixels wide, to be drawn with pictureOf() on any thread.
    [[nodiscard]] SlicePicture picture(int width, const PictureParts& parts = {}) const;
    [[nodiscard]] const SliceViewport& viewport() const { return viewport_; }
    [[nodiscard]] QPointF voxelAt(QPointF widgetPosition) const;
    [[nodiscard]] QPointF positionOf(QPointF voxel) const;

  Q_SIGNALS:
    /// The left button: where it went down, and every place it was dragged over.
    void picked(QPointF voxel);
    /// The same told apart, with the end.
    void pressed(QPointF voxel);
    void dragged(QPointF voxel);
    void released(QPointF voxel);
    void centred(QPointF voxel);
    /// Wheel steps, up is positive.
    void stepped(int steps);
    /// The point that stays where it is while zooming.
    void zoomed(double factor, QPointF voxel);
    void panned(QPointF voxels);
    /// Dragged with the left button while Shift is held: by so many pixels, down and right are positive. Nothing else is
    /// told then.
    void turned(QPointF pixels);
    /// Wheel steps with Shift, up is positive.
    void slabbed(int steps);
    /// The pointer, pressed or not; left() when it goes.
    void hovered(QPointF voxel);
    void left();

  protected:
    void leaveEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    class Overlay;
    void applyViewport();
    void redraw();
    /// The part of the widget that the slice covers; all of it where that is too small for words.
    [[nodiscard]] QRectF pictureRect() const;
    [[nodiscard]] MarkStage stage() const;

    std::unique_ptr<SliceScene> scene_;
    VtkView* view_ = nullptr;  // absent without OpenGL
    Overlay* overlay_ = nullptr;
    SliceViewport viewport_;
    Volume slice_;
    double low_ = 0, high_ = 1;
    Qt::CursorShape pointer_ = Qt::CrossCursor;
    QPointF lastMouse_;
    bool turnable_ = false, turning_ = false;
    int wheelRest_ = 0, slabRest_ = 0;
};

}  // namespace tomoloupe
