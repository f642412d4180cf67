#include "ui/panels/orthogonal_views.h"

#include <algorithm>
#include <cmath>

#include "ui/views/number_text.h"
#include "ui/views/surface_view.h"

namespace tomoloupe {
namespace {

constexpr std::array kPlanes{Plane::XY, Plane::XZ, Plane::YZ};
constexpr int kGap = 2;

}  // namespace

OrthogonalViews::OrthogonalViews(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setProperty("role", QStringLiteral("canvas"));
    setAttribute(Qt::WA_StyledBackground);
    const std::array names{"XY", "XZ", "YZ"};
    for (const Plane plane : kPlanes) {
        const auto at = static_cast<std::size_t>(plane);
        views_[at] = new SliceView(name + QString::fromLatin1(names[at]), this);
        connectView(plane);
    }
    surface_ = new SurfaceView(name + QStringLiteral("Surface"), this);
    setMinimumSize(240, 240);
}

void OrthogonalViews::connectView(Plane plane) {
    SliceView* slices = view(plane);
    connect(slices, &SliceView::picked, this, [this, plane](QPointF voxel) {
        setPosition(lifted(plane, {voxel.x(), voxel.y()}, position_));
        Q_EMIT clicked(plane, voxel);
    });
    connect(slices, &SliceView::stepped, this,
            [this, plane](int steps) { setPosition(withDepth(plane, position_, depthOf(plane, position_) + steps)); });
    connect(slices, &SliceView::zoomed, this, [this, plane](double factor, QPointF voxel) {
        const double before = pixelsPerVoxel_;
        pixelsPerVoxel_ = std::clamp(before * factor, 0.02, 200.0);
        const PlanePoint middle = projected(plane, centre_);
        const double kept = before / pixelsPerVoxel_;  // the point under the pointer stays
        centre_ = lifted(plane, {voxel.x() + (middle.u - voxel.x()) * kept, voxel.y() + (middle.v - voxel.y()) * kept},
                         centre_);
        fitted_ = false;
        showViewport();
    });
    connect(slices, &SliceView::panned, this, [this, plane](QPointF voxels) {
        const PlanePoint middle = projected(plane, centre_);
        centre_ = lifted(plane, {middle.u + voxels.x(), middle.v + voxels.y()}, centre_);
        fitted_ = false;
        showViewport();
    });
    connect(slices, &SliceView::centred, this, [this](QPointF) {
        centre_ = position_;
        fitted_ = false;
        showViewport();
    });
}

void OrthogonalViews::setVolumeShape(Index3 shape, double voxelSizeAngstrom) {
    const bool same = shape == shape_;
    shape_ = shape;
    voxelSizeAngstrom_ = voxelSizeAngstrom;
    xySlice_ = {};
    for (SliceView* slices : views_) slices->setVoxelSize(voxelSizeAngstrom);
    if (!same) {
        position_ = {double(shape.x / 2), double(shape.y / 2), double(shape.z / 2)};
        placeViews();
        fit();
    }
    showCrosshair();
    showCaptions();
    requestSlices();
}

std::int64_t OrthogonalViews::indexOf(Plane plane) const {
    return std::llround(depthOf(plane, position_));
}

void OrthogonalViews::requestSlices() {
    if (shape_.product() == 0) return;
    for (const Plane plane : kPlanes) Q_EMIT sliceWanted(plane, indexOf(plane));
}

void OrthogonalViews::setSlice(Plane plane, std::int64_t index, const Volume& slice) {
    view(plane)->setSlice(slice);
    if (plane != Plane::XY) return;
    xySlice_ = slice;
    xyIndex_ = index;
    showCaptions();
}

void OrthogonalViews::setHeat(Plane plane, const Volume& slice) {
    view(plane)->setHeat(slice);
}

void OrthogonalViews::setContrast(double low, double high) {
    for (SliceView* slices : views_) slices->setContrast(low, high);
}

void OrthogonalViews::setHeatStyle(const HeatStyle& style) {
    for (SliceView* slices : views_) slices->setHeatStyle(style);
    surface_->setHeatStyle(style);
}

void OrthogonalViews::setMarks(std::vector<ParticleMark> marks) {
    marks_ = std::move(marks);
    showMarks();
}

void OrthogonalViews::setPosition(Vec3 position) {
    const Vec3 before = position_;
    auto inside = [](double value, std::int64_t size) {
        return std::clamp(std::round(value), 0.0, static_cast<double>(std::max<std::int64_t>(0, size - 1)));
    };
    position_ = {inside(position.x, shape_.x), inside(position.y, shape_.y), inside(position.z, shape_.z)};
    if (position_ == before) return;
    for (const Plane plane : kPlanes) {
        if (depthOf(plane, before) != depthOf(plane, position_)) Q_EMIT sliceWanted(plane, indexOf(plane));
    }
    showCrosshair();
    showMarks();
    showCaptions();
    Q_EMIT positionChanged();
}

void OrthogonalViews::fit() {
    fitted_ = true;
    centre_ = {double(shape_.x - 1) / 2, double(shape_.y - 1) / 2, double(shape_.z - 1) / 2};
    if (shape_.product() == 0) return;
    const SliceView* xy = view(Plane::XY);
    const double acrossX = double(xy->width()) / double(shape_.x), acrossY = double(xy->height()) / double(shape_.y);
    // Fill the pane, unless that hides more than a third of a long volume.
    const double most = fitsWhole_ ? 1 : 1.5;
    pixelsPerVoxel_ = std::max(0.02, std::min(std::max(acrossX, acrossY), most * std::min(acrossX, acrossY)));
    showViewport();
}

void OrthogonalViews::setFitsWhole(bool whole) {
    fitsWhole_ = whole;
    if (fitted_) fit();
}

void OrthogonalViews::resizeEvent(QResizeEvent*) {
    placeViews();
    if (fitted_) {
        fit();
    } else {
        showViewport();
    }
}

void OrthogonalViews::placeViews() {
    const bool known = shape_.product() > 0;
    auto share = [known](std::int64_t first, std::int64_t second) {
        const double part = known ? double(first) / double(first + second) : 0.5;
        return std::clamp(part, 0.5, 0.7);
    };
    const int left = static_cast<int>((width() - kGap) * share(shape_.x, shape_.z));
    const int top = static_cast<int>((height() - kGap) * share(shape_.y, shape_.z));
    const QRect upper(0, 0, left, top);
    view(Plane::XY)->setGeometry(upper);
    view(Plane::YZ)->setGeometry(left + kGap, 0, width() - left - kGap, top);
    view(Plane::XZ)->setGeometry(0, top + kGap, left, height() - top - kGap);
    surface_->setGeometry(left + kGap, top + kGap, width() - left - kGap, height() - top - kGap);
}

void OrthogonalViews::showViewport() {
    for (const Plane plane : kPlanes) {
        const PlanePoint middle = projected(plane, centre_);
        view(plane)->setViewport({middle.u, middle.v, pixelsPerVoxel_});
    }
}

void OrthogonalViews::showCrosshair() {
    for (const Plane plane : kPlanes) {
        const PlanePoint at = projected(plane, position_);
        view(plane)->setCrosshair(QPointF(at.u, at.v));
    }
}

void OrthogonalViews::showMarks() {
    for (const Plane plane : kPlanes) {
        std::vector<SliceCircle> circles;
        for (const ParticleMark& mark : marks_) {
            const double distance = std::abs(depthOf(plane, mark.position) - depthOf(plane, position_));
            if (distance > mark.radius) continue;
            const PlanePoint at = projected(plane, mark.position);
            circles.push_back(
                {at.u, at.v, std::sqrt(mark.radius * mark.radius - distance * distance), mark.colour, mark.current});
        }
        view(plane)->setCircles(std::move(circles));
    }
}

void OrthogonalViews::showCaptions() {
    if (shape_.product() == 0) return;
    const auto x = static_cast<std::int64_t>(position_.x), y = static_cast<std::int64_t>(position_.y);
    QString value;
    if (!xySlice_.empty() && xyIndex_ == indexOf(Plane::XY) && x < xySlice_.shape().x && y < xySlice_.shape().y) {
        value = tr("  ·  value %1").arg(figureText(xySlice_.at(x, y, 0)));
    }
    view(Plane::XY)->setCaption(
        tr("XY · z %1 / %2 · %3 Å").arg(indexOf(Plane::XY)).arg(shape_.z).arg(voxelSizeAngstrom_, 0, 'g', 4),
        tr("x %1, y %2, z %3").arg(x).arg(y).arg(indexOf(Plane::XY)) + value);
    view(Plane::XZ)->setCaption(tr("XZ · y %1 / %2").arg(indexOf(Plane::XZ)).arg(shape_.y));
    view(Plane::YZ)->setCaption(tr("YZ · x %1 / %2").arg(indexOf(Plane::YZ)).arg(shape_.x));
}

}  // namespace tomoloupe
