#include "ui/panels/slice_pane.h"

#include <QKeyEvent>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/views/slice_view.h"

namespace tomoloupe {

SlicePane::SlicePane(const QString& name, QWidget* parent)
    : QWidget(parent), view_(new SliceView(name + QStringLiteral("XY"), this)), slider_(new QSlider(Qt::Horizontal, this)) {
    setObjectName(name);
    setFocusPolicy(Qt::StrongFocus);
    setProperty("role", QStringLiteral("canvas"));
    setAttribute(Qt::WA_StyledBackground);
    slider_->setObjectName(name + QStringLiteral("Slider"));
    slider_->setAccessibleName(tr("Slice"));
    slider_->setToolTip(tr("The slice shown (wheel over the picture, Up and Down)"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(view_, 1);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 6, 12, 6);
    row->addWidget(slider_);
    column->addLayout(row);
    connect(slider_, &QSlider::valueChanged, this, [this](int z) { setZ(z); });
    connectView();
}

void SlicePane::connectView() {
    connect(view_, &SliceView::stepped, this, [this](int steps) { setZ(z_ + steps); });
    connect(view_, &SliceView::picked, this, [this] { setFocus(); });
    connect(view_, &SliceView::zoomed, this, &SlicePane::zoom);
    connect(view_, &SliceView::panned, this, [this](QPointF voxels) {
        SliceViewport viewport = view_->viewport();
        viewport.centreU += voxels.x();
        viewport.centreV += voxels.y();
        fitted_ = false;
        view_->setViewport(viewport);
    });
    connect(view_, &SliceView::centred, this, [this](QPointF voxel) {
        fitted_ = false;
        view_->setViewport({voxel.x(), voxel.y(), view_->viewport().pixelsPerVoxel});
    });
}

void SlicePane::setVolumeShape(Index3 shape, double voxelSizeAngstrom) {
    shape_ = shape;
    view_->setVoxelSize(voxelSizeAngstrom);
    const QSignalBlocker quiet(slider_);
    slider_->setRange(0, static_cast<int>(std::max<std::int64_t>(0, shape.z - 1)));
    z_ = -1;
    fit();
    setZ(shape.z / 2);
}

void SlicePane::setZ(std::int64_t z) {
    const std::int64_t inside = std::clamp<std::int64_t>(z, 0, std::max<std::int64_t>(0, shape_.z - 1));
    if (inside == z_ || shape_.product() == 0) return;
    z_ = inside;
    const QSignalBlocker quiet(slider_);
    slider_->setValue(static_cast<int>(z_));
    Q_EMIT sliceWanted(z_);
}

void SlicePane::fit() {
    fitted_ = true;
    if (shape_.product() == 0) return;
    const double across = std::min(double(view_->width()) / double(shape_.x), double(view_->height()) / double(shape_.y));
    view_->setViewport({double(shape_.x - 1) / 2, double(shape_.y - 1) / 2, std::max(0.02, across)});
}

void SlicePane::zoom(double factor, QPointF voxel) {
    const SliceViewport before = view_->viewport();
    const double pixels = std::clamp(before.pixelsPerVoxel * factor, 0.02, 200.0);
    const double kept = before.pixelsPerVoxel / pixels;  // the point under the pointer stays
    fitted_ = false;
    view_->setViewport({voxel.x() + (before.centreU - voxel.x()) * kept, voxel.y() + (before.centreV - voxel.y()) * kept, pixels});
}

void SlicePane::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    layout()->activate();
    if (fitted_) fit();
}

void SlicePane::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Up:
            return setZ(z_ + 1);
        case Qt::Key_Down:
            return setZ(z_ - 1);
        case Qt::Key_PageUp:
            return setZ(z_ + 10);
        case Qt::Key_PageDown:
            return setZ(z_ - 10);
        default:
            QWidget::keyPressEvent(event);
    }
}

}  // namespace tomoloupe
