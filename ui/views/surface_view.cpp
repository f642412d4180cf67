#include "ui/views/surface_view.h"

#include <vtkCamera.h>
#include <vtkRenderer.h>

#include <QEvent>
#include <QLabel>
#include <algorithm>
#include <cmath>

#include "ui/render/heat_cloud.h"
#include "ui/views/palette_roles.h"
#include "ui/views/vtk_view.h"

namespace tomoloupe {

SurfaceView::SurfaceView(const QString& name, QWidget* parent)
    : QWidget(parent), scene_(std::make_unique<SurfaceScene>()) {
    setObjectName(name);
    setMinimumSize(48, 48);
    scene_->setBackground(toColour(canvasColour(palette())));
    heatCloud_ = std::make_unique<HeatCloud>(scene_->renderer());
    if (VtkView::available()) {
        view_ = new VtkView(scene_->renderer(), this);
        view_->setInteractive(true);
    }
    caption_ = new QLabel(this);
    caption_->setProperty("role", QStringLiteral("picture-caption"));
    caption_->setAttribute(Qt::WA_TransparentForMouseEvents);
    caption_->move(8, 6);
}

SurfaceView::~SurfaceView() = default;

void SurfaceView::setVolume(const Volume& volume, const Volume& heat) {
    if (!volume.empty()) scale_ = densityScaleOf(volume);
    take(volume);
    if (!volume.empty()) scene_->setHeat(heat);
    heatCloud_->setHeat(volume.empty() ? Volume() : heat);
    redraw();
}

void SurfaceView::setVolume(const Volume& volume, const DensityScale& scale) {
    scale_ = scale;
    take(volume);
    redraw();
}

void SurfaceView::setCloud(bool on) {
    cloud_ = on;
    scene_->setCloud(on, scale_);
    redraw();
}

void SurfaceView::take(const Volume& volume) {
    scene_->setCloud(false, scale_);
    scene_->setVolume(volume);
    if (cloud_) scene_->setCloud(true, scale_);
    if (volume.empty() || volume.shape() == shape_) return;
    shape_ = volume.shape();
    if (partner_ && partner_->shape_ == shape_) return;  // the camera they share stands right already
    scene_->resetCamera();
    if (partner_) partner_->redraw();
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

QImage SurfaceView::picture(int width) {
    if (!view_ || this->width() < 1) return {};
    return view_->picture(
        QSize(width, std::max(1, static_cast<int>(std::lround(double(width) * height() / this->width())))));
}

void SurfaceView::redraw() {
    if (view_) view_->redraw();
}

void SurfaceView::resizeEvent(QResizeEvent*) {
    if (view_) view_->setGeometry(rect());
}

void SurfaceView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && scene_) {
        scene_->setBackground(toColour(canvasColour(palette())));
        redraw();
    }
    QWidget::changeEvent(event);
}

}  // namespace tomoloupe
