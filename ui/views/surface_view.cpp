#include "ui/views/surface_view.h"

#include <vtkCamera.h>
#include <vtkRenderer.h>

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/render/heat_cloud.h"
#include "ui/views/palette_roles.h"
#include "ui/views/vtk_view.h"

namespace tomoloupe {
namespace {

// Past a sphere's edge that a click still means it.
constexpr double kClickReach = 1.1;

}  // namespace

/// Lines and the scale bar, drawn by Qt over the last frame: the crosshair moves without a new one.
class SurfaceView::Overlay : public QWidget {
  public:
    explicit Overlay(SurfaceView* view) : QWidget(view), view_(view) { setAttribute(Qt::WA_TransparentForMouseEvents); }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        SurfaceMarks marks = view_->marks_;
        marks.legend = {};  // stands in the first slice
        drawSurfaceMarks(painter, marks, view_->stage());
    }

  private:
    SurfaceView* view_;
};

SurfaceView::SurfaceView(const QString& name, QWidget* parent)
    : QWidget(parent), scene_(std::make_unique<SurfaceScene>()) {
    setObjectName(name);
    setMinimumSize(48, 48);
    scene_->setBackground(toColour(canvasColour(palette())));
    heatCloud_ = std::make_unique<HeatCloud>(scene_->renderer());
    if (VtkView::available()) {
        view_ = new VtkView(scene_->renderer(), this);
        view_->setInteractive(true);
        connect(view_, &VtkView::clicked, this, &SurfaceView::click);
    }
    overlay_ = new Overlay(this);
    caption_ = new QLabel(this);
    caption_->setProperty("role", QStringLiteral("picture-caption"));
    caption_->setAttribute(Qt::WA_TransparentForMouseEvents);
    caption_->move(8, 6);
}

SurfaceView::~SurfaceView() = default;

void SurfaceView::setVolume(const Volume& volume, const Volume& heat) {
    if (!volume.empty()) scale_ = densityScaleOf(volume);
    take(volume, {});
    if (!volume.empty()) scene_->setHeat(heat);
    heatCloud_->setHeat(volume.empty() ? Volume() : heat);
    redraw();
}

void SurfaceView::setVolume(const Volume& volume, const DensityScale& scale, const VolumePlace& place) {
    scale_ = scale;
    take(volume, place);
    redraw();
}

void SurfaceView::setCloud(bool on) {
    cloud_ = on;
    scene_->setCloud(on, scale_);
    redraw();
}

void SurfaceView::take(const Volume& volume, const VolumePlace& place) {
    scene_->setCloud(false, scale_);
    scene_->setVolume(volume, place);
    if (cloud_) scene_->setCloud(true, scale_);
    if (volume.empty()) return;
    if (volume.shape() == shape_ && place.step == place_.step) {
        scene_->moveCamera(place.first - place_.first);
    } else {
        shape_ = volume.shape();
        if (!partner_ || !(partner_->shape_ == shape_)) scene_->resetCamera();  // else the camera they share stands right already
        if (partner_) partner_->redraw();
    }
    place_ = place;
}

void SurfaceView::setTomogram(Index3 shape, double voxelSizeAngstrom) {
    marks_ = {};
    marks_.shape = shape;
    marks_.voxelSizeAngstrom = voxelSizeAngstrom;
    overlay_->update();
}

void SurfaceView::setCrosshair(Vec3 voxel) {
    marks_.crosshair = voxel;
    overlay_->update();
}

void SurfaceView::setTrace(std::vector<Vec3> corners) {
    marks_.trace = std::move(corners);
    overlay_->update();
}

void SurfaceView::setCurrent(const std::optional<PoseMark>& current) {
    marks_.current = current;
    if (current) marks_.current->radius *= style_.sphereScale;
    overlay_->update();
}

void SurfaceView::setParticles(std::vector<PoseMark> marks, const GlyphStyle& style, const SliceLegend& legend) {
    marks_.legend = legend;
    const bool sameMarks = marks == scene_->particles().marks();
    if (sameMarks && style == style_) return;  // a frame may cost a tenth of a second
    style_ = style;
    scene_->particles().setStyle(style);
    if (!sameMarks) scene_->particles().setMarks(std::move(marks));
    redraw();
}

void SurfaceView::setMaps(const std::vector<MapGlyph>& maps) {
    scene_->particles().setMaps(maps);
    redraw();
}

void SurfaceView::setParallel(bool parallel) {
    scene_->setParallel(parallel);
    redraw();
}

void SurfaceView::lookAtTomogram() {
    if (marks_.shape.product() == 0) return;
    scene_->lookAt({0, 0, 0}, {double(marks_.shape.x), double(marks_.shape.y), double(marks_.shape.z)});
    redraw();
}

void SurfaceView::lookAtVolume() {
    scene_->resetCamera();
    redraw();
}

SurfaceStage SurfaceView::stage() const {
    return {.size = QSizeF(size()),
            .look = scene_->look(),
            .accent = accentColour(palette()),
            .line = lineColour(palette()),
            .plane = warnColour(palette())};
}

void SurfaceView::click(QPointF position) {
    const auto hit = firstHit(scene_->particles().marks(), stage().rayAt(position), style_.sphereScale * kClickReach);
    if (hit) Q_EMIT particleClicked(*hit);
}

void SurfaceView::setLevel(double level) {
    scene_->setLevel(level);
    redraw();
}

void SurfaceView::setHeatStyle(const HeatStyle& style) {
    scene_->setHeatStyle(style);
    heatCloud_->setStyle(style);
    redraw();
}

void SurfaceView::setHeatCloud(bool on) {
    heatCloud_->setOn(on);
    scene_->setOpacity(on ? 0.22 : 1);
    redraw();
}

void SurfaceView::shareCamera(SurfaceView* other) {
    partner_ = other;
    other->partner_ = this;
    scene_->renderer()->SetActiveCamera(other->scene_->renderer()->GetActiveCamera());
    if (!view_ || !other->view_) return;
    connect(view_, &VtkView::turned, other, &SurfaceView::redraw);
    connect(other->view_, &VtkView::turned, this, &SurfaceView::redraw);
}

void SurfaceView::setCaption(const QString& caption) {
    caption_->setText(caption);
    caption_->adjustSize();
}

QImage SurfaceView::picture(int width, const SurfaceParts& parts) {
    if (!view_ || this->width() < 1) return {};
    const double scale = double(width) / this->width();
    const std::vector<PoseMark> particles = scene_->particles().marks();
    if (!parts.particles) scene_->particles().setMarks({});
    QImage image = view_->picture(QSize(width, std::max(1, static_cast<int>(std::lround(height() * scale)))));
    if (!parts.particles) scene_->particles().setMarks(particles);
    SurfaceMarks marks = marks_;
    if (!parts.scaleBar) marks.voxelSizeAngstrom = 0;
    if (!parts.particles) {
        marks.current.reset();
        marks.legend = {};
    }
    if (!parts.crosshair) marks.crosshair.reset();
    if (!parts.crosshair) marks.trace.clear();
    QPainter painter(&image);
    painter.setFont(font());
    painter.scale(scale, scale);
    drawSurfaceMarks(painter, marks, stage());
    return image;
}

void SurfaceView::redraw() {
    if (view_) view_->redraw();
}

void SurfaceView::resizeEvent(QResizeEvent*) {
    if (view_) view_->setGeometry(rect());
    overlay_->setGeometry(rect());
}

void SurfaceView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && scene_) {
        scene_->setBackground(toColour(canvasColour(palette())));
        redraw();
    }
    QWidget::changeEvent(event);
}

}  // namespace tomoloupe
