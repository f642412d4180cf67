#include "ui/panels/orthogonal_views.h"

#include <algorithm>
#include <cmath>

#include "ui/panels/slice_of_marks.h"
#include "ui/views/number_text.h"
#include "ui/views/palette_roles.h"
#include "ui/views/surface_view.h"

namespace tomoloupe {
namespace {

constexpr std::array kPlanes{Plane::XY, Plane::XZ, Plane::YZ};
constexpr int kGap = 2;
constexpr int kHold = 60;  // ms; a slice that is not there by then comes in a frame of its own

}  // namespace

OrthogonalViews::OrthogonalViews(const QString& name, QWidget* parent) : QWidget(parent), holding_(new QTimer(this)) {
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
    holding_->setSingleShot(true);
    holding_->setInterval(kHold);
    connect(holding_, &QTimer::timeout, this, [this] { holdWords(false); });
}

void OrthogonalViews::connectView(Plane plane) {
    SliceView* slices = view(plane);
    connect(slices, &SliceView::picked, this, [this, plane](QPointF voxel) {
        if (!leftMovesCrosshair_) return;
        setPosition(lifted(plane, {voxel.x(), voxel.y()}, position_));
        Q_EMIT clicked(plane, voxel);
    });
    connect(slices, &SliceView::pressed, this, [this, plane](QPointF voxel) { Q_EMIT pressed(plane, voxel); });
    connect(slices, &SliceView::dragged, this, [this, plane](QPointF voxel) { Q_EMIT dragged(plane, voxel); });
    connect(slices, &SliceView::released, this, [this, plane](QPointF voxel) { Q_EMIT released(plane, voxel); });
    connect(slices, &SliceView::stepped, this,
            [this, plane](int steps) { setPosition(withDepth(plane, position_, depthOf(plane, position_) + steps)); });
    connect(slices, &SliceView::zoomed, this, [this, plane](double factor, QPointF voxel) {
        zoomAbout(factor, lifted(plane, {voxel.x(), voxel.y()}, centre_));
    });
    connect(slices, &SliceView::panned, this,
            [this, plane](QPointF voxels) { moveCentre(lifted(plane, {voxels.x(), voxels.y()}, {})); });
    connect(slices, &SliceView::slabbed, this, &OrthogonalViews::slabWanted);
    connect(slices, &SliceView::hovered, this, [this, plane](QPointF voxel) {
        hoveredPlane_ = plane;
        hoveredVoxel_ = voxel;
        showNotes();
    });
    connect(slices, &SliceView::left, this, [this] {
        hoveredPlane_.reset();
        showNotes();
    });
    connect(slices, &SliceView::centred, this, [this](QPointF) {
        centre_ = position_;
        fitted_ = false;
        showViewport();
        Q_EMIT lookChanged();
    });
}

void OrthogonalViews::zoomAbout(double factor, Vec3 fixed) {
    const double before = pixelsPerVoxel_;
    pixelsPerVoxel_ = std::clamp(before * factor, 0.02, 200.0);
    centre_ = fixed + before / pixelsPerVoxel_ * (centre_ - fixed);
    fitted_ = false;
    showViewport();
    Q_EMIT lookChanged();
}

void OrthogonalViews::moveCentre(Vec3 by) {
    centre_ = centre_ + by;
    fitted_ = false;
    showViewport();
    Q_EMIT lookChanged();
}

void OrthogonalViews::setVolumeShape(Index3 shape, double voxelSizeAngstrom) {
    const bool same = shape == shape_;
    shape_ = shape;
    voxelSizeAngstrom_ = voxelSizeAngstrom;
    slices_ = {};
    indices_ = {-1, -1, -1};
    for (SliceView* slices : views_) slices->setVoxelSize(voxelSizeAngstrom);
    if (surfaceLinked_) surface_->setTomogram(shape, voxelSizeAngstrom);
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
    for (const Plane plane : kPlanes)
        if (!isReplaced(plane)) Q_EMIT sliceWanted(plane, indexOf(plane));
}

void OrthogonalViews::setInsteadOfYZ(QWidget* other) {
    if (insteadOfYZ_ && insteadOfYZ_ != other) insteadOfYZ_->hide();
    insteadOfYZ_ = other;
    view(Plane::YZ)->setVisible(!other);
    if (other) other->show();
    placeViews();
    if (!other && shape_.product() > 0) Q_EMIT sliceWanted(Plane::YZ, indexOf(Plane::YZ));
}

void OrthogonalViews::setOblique(const std::optional<ObliquePlane>& plane) {
    oblique_ = plane;
    surface_->setTrace(plane ? outlineOf(*plane, shape_) : std::vector<Vec3>());
    for (const Plane slice : kPlanes) showMarksIn(slice);
}

void OrthogonalViews::setSlice(Plane plane, std::int64_t index, const Volume& slice) {
    view(plane)->setSlice(slice);
    view(plane)->setMessage({});
    slices_[static_cast<std::size_t>(plane)] = slice;
    indices_[static_cast<std::size_t>(plane)] = index;
    showNotes();
    holdWords(false);
}

void OrthogonalViews::holdWords(bool held) {
    if (held) holding_->start();
    for (SliceView* slices : views_) slices->holdOverlay(held);
}

void OrthogonalViews::setMessage(Plane plane, const QString& sentence) {
    view(plane)->setSlice({});
    view(plane)->setMessage(sentence);
    slices_[static_cast<std::size_t>(plane)] = {};
    showNotes();
}

void OrthogonalViews::setReading(Plane plane, int percent) {
    view(plane)->setStatus(percent < 0 ? QString() : percent == 0 ? tr("reading…") : tr("reading… %1 %").arg(percent));
}

void OrthogonalViews::setSlab(std::int64_t slices) {
    slab_ = slices;
    showCaptions();
}

void OrthogonalViews::setLegend(const SliceLegend& legend) {
    view(Plane::XY)->setLegend(legend);
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

void OrthogonalViews::setMarks(std::vector<ParticleMark> marks, const ParticleArrows& arrows) {
    marks_ = std::move(marks);
    arrows_ = arrows;
    showMarks();
}

void OrthogonalViews::setPickMarks(std::vector<ParticleMark> marks) {
    pickMarks_ = std::move(marks);
    showMarks();
}

void OrthogonalViews::setPointer(Qt::CursorShape shape) {
    for (SliceView* slices : views_) slices->setPointer(shape);
}

bool OrthogonalViews::contains(Vec3 voxel) const {
    const auto within = [](double value, std::int64_t size) {
        return value >= -0.5 && value < static_cast<double>(size) - 0.5;
    };
    return within(voxel.x, shape_.x) && within(voxel.y, shape_.y) && within(voxel.z, shape_.z);
}

void OrthogonalViews::setPosition(Vec3 position) {
    const Vec3 before = position_;
    auto inside = [](double value, std::int64_t size) {
        return std::clamp(std::round(value), 0.0, static_cast<double>(std::max<std::int64_t>(0, size - 1)));
    };
    position_ = {inside(position.x, shape_.x), inside(position.y, shape_.y), inside(position.z, shape_.z)};
    if (position_ == before) return;
    holdWords(true);
    for (const Plane plane : kPlanes) {
        if (!isReplaced(plane) && depthOf(plane, before) != depthOf(plane, position_)) Q_EMIT sliceWanted(plane, indexOf(plane));
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

void OrthogonalViews::setLook(const Look& look) {
    if (look.fitted) return fit();
    centre_ = look.centre;
    pixelsPerVoxel_ = look.pixelsPerVoxel;
    fitted_ = false;
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
    const QRect lower(left + kGap, top + kGap, width() - left - kGap, height() - top - kGap);
    view(Plane::XY)->setGeometry(surfaceLarge_ ? lower : upper);
    for (QWidget* upperRight : {static_cast<QWidget*>(view(Plane::YZ)), insteadOfYZ_})
        if (upperRight) upperRight->setGeometry(left + kGap, 0, width() - left - kGap, top);
    view(Plane::XZ)->setGeometry(0, top + kGap, left, height() - top - kGap);
    surface_->setGeometry(surfaceLarge_ ? upper : lower);
}

void OrthogonalViews::setSurfaceLarge(bool large) {
    surfaceLarge_ = large;
    placeViews();
    if (fitted_) fit();
}

void OrthogonalViews::showViewport() {
    for (const Plane plane : kPlanes) {
        const PlanePoint middle = projected(plane, centre_);
        view(plane)->setViewport({middle.u, middle.v, pixelsPerVoxel_});
    }
    Q_EMIT viewportChanged();
}

void OrthogonalViews::showCrosshair() {
    for (const Plane plane : kPlanes) {
        const PlanePoint at = projected(plane, position_);
        view(plane)->setCrosshair(QPointF(at.u, at.v));
    }
    if (surfaceLinked_) surface_->setCrosshair(position_);
}

void OrthogonalViews::showMarks() {
    for (const Plane plane : kPlanes) showMarksIn(plane);
    Q_EMIT marksChanged();
}

void OrthogonalViews::showMarksIn(Plane plane) {
    const auto onto = [plane](Vec3 voxel) { return projected(plane, voxel); };
    const auto distanceOf = [plane, this](Vec3 voxel) { return depthOf(plane, voxel) - depthOf(plane, position_); };
    SliceOfMarks cut;
    for (const auto* marks : {&marks_, &pickMarks_})
        for (const ParticleMark& mark : *marks) cut.add(mark, arrows_, onto, distanceOf);
    if (oblique_) {
        const std::vector<PlanePoint> ends = traceIn(plane, depthOf(plane, position_), *oblique_, shape_);
        if (ends.size() == 2)
            cut.strokes.push_back({{ends[0].u, ends[0].v}, {ends[1].u, ends[1].v}, warnColour(palette()), false, true});
    }
    view(plane)->setCircles(std::move(cut.circles));
    view(plane)->setStrokes(std::move(cut.strokes));
}

QString OrthogonalViews::thicknessWords() const {
    const double angstrom = static_cast<double>(slab_) * voxelSizeAngstrom_;
    const QString words = tr("%1 Å").arg(QString::number(angstrom, angstrom < 100 ? 'g' : 'f', angstrom < 100 ? 3 : 0));
    return slab_ > 1 ? tr("slab %1 · %2").arg(slab_).arg(words) : words;
}

void OrthogonalViews::showCaptions() {
    if (shape_.product() == 0) return;
    const std::array axes{tr("XY · z %1 / %2"), tr("XZ · y %1 / %2"), tr("YZ · x %1 / %2")};
    for (const Plane plane : kPlanes) {
        const QString place = axes[static_cast<std::size_t>(plane)].arg(indexOf(plane)).arg(extent(plane, shape_));
        view(plane)->setCaption(place + tr(" · ") + thicknessWords(), view(plane)->note());
    }
    showNotes();
}

QString OrthogonalViews::placeWords(Vec3 voxel, int decimals) const {
    const auto number = [](double value, int digits) {
        return QString::number(std::abs(value) < 0.5 * std::pow(10, -digits) ? 0 : value, 'f', digits);
    };
    const auto three = [&number](Vec3 angstrom) {
        return tr("%1, %2, %3 Å").arg(number(angstrom.x, 0), number(angstrom.y, 0), number(angstrom.z, 0));
    };
    const Vec3 fromFirst = voxelSizeAngstrom_ * voxel;
    const QString words =
        tr("x %1, y %2, z %3").arg(number(voxel.x, decimals), number(voxel.y, decimals), number(voxel.z, decimals)) +
        tr(" · %1").arg(three(fromFirst));
    return originAngstrom_ == Vec3{} ? words : words + tr(" · with the file's origin %1").arg(three(originAngstrom_ + fromFirst));
}

/// The place, and what the picture shows there.
QString OrthogonalViews::noteAt(Plane plane, PlanePoint voxel) const {
    const Vec3 at = lifted(plane, {std::round(voxel.u), std::round(voxel.v)}, position_);
    const auto within = [](double value, std::int64_t size) { return value >= 0 && value < static_cast<double>(size); };
    if (!within(at.x, shape_.x) || !within(at.y, shape_.y) || !within(at.z, shape_.z)) return {};
    QString words = placeWords(at, 0);
    const Volume& slice = slices_[static_cast<std::size_t>(plane)];
    const PlanePoint inside = projected(plane, at);
    if (!slice.empty() && indices_[static_cast<std::size_t>(plane)] == indexOf(plane) &&
        within(inside.u, slice.shape().x) && within(inside.v, slice.shape().y)) {
        const float value = slice.at(static_cast<std::int64_t>(inside.u), static_cast<std::int64_t>(inside.v), 0);
        words += tr(" · value %1").arg(figureText(value));
    }
    return words;
}

void OrthogonalViews::showNotes() {
    if (shape_.product() == 0) return;
    for (const Plane plane : kPlanes) {
        QString words;
        if (hoveredPlane_ == plane) words = noteAt(plane, {hoveredVoxel_.x(), hoveredVoxel_.y()});
        if (!hoveredPlane_ && plane == Plane::XY) words = noteAt(plane, projected(plane, position_));
        view(plane)->setCaption(view(plane)->caption(), words);
    }
}

}  // namespace tomoloupe
