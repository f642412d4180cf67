#include "ui/panels/oblique_pane.h"

#include <cmath>
#include <numbers>

#include "ui/panels/slice_of_marks.h"
#include "ui/views/number_text.h"

namespace tomoloupe {
namespace {

constexpr double kRadiansAPixel = std::numbers::pi / 180 * 0.4;

}  // namespace

ObliquePane::ObliquePane(OrthogonalViews* views)
    : QWidget(views), views_(views), view_(new SliceView(QStringLiteral("tomogramViewsOblique"), this)) {
    setObjectName(QStringLiteral("obliquePane"));
    view_->setTurnable(true);
    connectView();
    connect(views_, &OrthogonalViews::positionChanged, this, &ObliquePane::follow);
    connect(views_, &OrthogonalViews::viewportChanged, this, &ObliquePane::showViewport);
    connect(views_, &OrthogonalViews::marksChanged, this, &ObliquePane::showMarks);
    hide();
}

void ObliquePane::connectView() {
    const auto voxelAt = [this](QPointF sample) { return grid_.voxelAt({sample.x(), sample.y()}); };
    connect(view_, &SliceView::picked, this, [this, voxelAt](QPointF sample) {
        if (!views_->contains(voxelAt(sample))) return;
        const Vec3 voxel = voxelAt(sample);
        moveTo(voxel);
        Q_EMIT clicked(voxel);
    });
    connect(view_, &SliceView::stepped, this, [this](int steps) {
        const Vec3 next = plane_.through + double(steps) * plane_.normal();
        if (!views_->contains(next)) return;
        moveTo(next);
        requestSlice();
    });
    connect(view_, &SliceView::turned, this, &ObliquePane::turn);
    connect(view_, &SliceView::zoomed, this,
            [this, voxelAt](double factor, QPointF sample) { views_->zoomAbout(factor, voxelAt(sample)); });
    connect(view_, &SliceView::panned, this,
            [this](QPointF samples) { views_->moveCentre(samples.x() * grid_.right + samples.y() * grid_.up); });
    connect(view_, &SliceView::centred, this,
            [this](QPointF) { views_->moveCentre(plane_.through - views_->centre()); });
    connect(view_, &SliceView::slabbed, views_, &OrthogonalViews::slabWanted);
    connect(view_, &SliceView::hovered, this, [this](QPointF sample) {
        hovered_ = sample;
        showWords();
    });
    connect(view_, &SliceView::left, this, [this] {
        hovered_.reset();
        showWords();
    });
}

void ObliquePane::setOn(bool on) {
    on_ = on;
    if (on) plane_.through = views_->position();
    views_->setInsteadOfYZ(on ? this : nullptr);
    views_->setOblique(on ? std::optional(plane_) : std::nullopt);
    if (on) requestSlice();
}

void ObliquePane::setVolumeShape(Index3 shape, double voxelSizeAngstrom) {
    volumeShape_ = shape;
    voxelSizeAngstrom_ = voxelSizeAngstrom;
    slice_ = {};
    view_->setSlice({});
    view_->setVoxelSize(voxelSizeAngstrom);
    plane_.through = views_->position();
    requestSlice();
}

void ObliquePane::setRotation(const Rotation& tomogramFromPlane) {
    plane_.tomogramFromPlane = tomogramFromPlane;
    requestSlice();
}

void ObliquePane::requestSlice() {
    if (!on_ || volumeShape_.product() == 0) return;
    views_->setOblique(plane_);
    showWords();
    Q_EMIT sliceWanted(plane_);
}

void ObliquePane::setSlice(const ObliqueGrid& grid, const Volume& slice, bool finest) {
    if (!on_) return;
    grid_ = grid;
    slice_ = slice;
    view_->setMessage({});
    view_->setSlice(slice);
    view_->setStatus(finest ? QString() : tr("reading…"));
    showViewport();
    showMarks();
    showWords();
}

void ObliquePane::setMessage(const QString& sentence) {
    slice_ = {};
    view_->setSlice({});
    view_->setStatus({});
    view_->setMessage(sentence);
}

void ObliquePane::setContrast(double low, double high) {
    view_->setContrast(low, high);
}

void ObliquePane::setSlab(std::int64_t slices) {
    slab_ = slices;
    showWords();
}

/// The crosshair was moved. The slice stays where it is as long as that is in it.
void ObliquePane::follow() {
    if (moving_ || !on_) return;
    plane_.through = views_->position();
    requestSlice();
    showMarks();
}

/// The crosshair stands on whole voxels, the plane goes through the very place.
void ObliquePane::moveTo(Vec3 voxel) {
    moving_ = true;
    plane_.through = voxel;
    views_->setPosition(voxel);
    moving_ = false;
    showMarks();
    showWords();
}

void ObliquePane::turn(QPointF pixels) {
    const double aboutUp = pixels.x() * kRadiansAPixel / 2, aboutRight = pixels.y() * kRadiansAPixel / 2;
    const Rotation up{std::cos(aboutUp), 0, std::sin(aboutUp), 0};
    const Rotation right{std::cos(aboutRight), std::sin(aboutRight), 0, 0};
    plane_.tomogramFromPlane = Rotation::fromMatrix((plane_.tomogramFromPlane * up * right).matrix());
    requestSlice();
    Q_EMIT turned();
}

void ObliquePane::showViewport() {
    if (!on_ || slice_.empty()) return;
    const PlanePoint middle = grid_.projected(views_->centre());
    view_->setViewport({middle.u, middle.v, views_->pixelsPerVoxel()});
}

void ObliquePane::showMarks() {
    if (!on_ || slice_.empty()) return;
    SliceOfMarks cut;
    for (const auto* marks : {&views_->marks(), &views_->pickMarks()})
        for (const ParticleMark& mark : *marks)
            cut.add(
                mark, views_->arrows(), [this](Vec3 voxel) { return grid_.projected(voxel); },
                [this](Vec3 voxel) { return grid_.distance(voxel); });
    view_->setCircles(std::move(cut.circles));
    view_->setStrokes(std::move(cut.strokes));
    const PlanePoint at = grid_.projected(plane_.through);
    view_->setCrosshair(QPointF(at.u, at.v));
}

void ObliquePane::showWords() {
    const PlaneAngles angles = planeAngles(plane_.tomogramFromPlane);
    const double angstrom = double(slab_) * voxelSizeAngstrom_;
    const auto whole = [](double degrees) { return static_cast<int>(std::lround(degrees)); };
    QString top = tr("Oblique · tilt %1° towards %2° · turn %3°")
                      .arg(whole(angles.tilt))
                      .arg(whole(angles.direction))
                      .arg(whole(angles.turn));
    if (slab_ > 1) top += tr(" · slab %1 · %2 Å").arg(slab_).arg(angstrom, 0, 'f', 0);
    view_->setCaption(top, hovered_ ? noteAt(*hovered_) : QString());
}

QString ObliquePane::noteAt(QPointF sample) const {
    const Vec3 at = grid_.voxelAt({sample.x(), sample.y()});
    if (slice_.empty() || !views_->contains(at)) return {};
    QString words = views_->placeWords(at, 1);
    const auto u = std::llround(sample.x()), v = std::llround(sample.y());
    if (u < 0 || v < 0 || u >= slice_.shape().x || v >= slice_.shape().y) return words;
    const float value = slice_.at(u, v, 0);
    return std::isfinite(value) ? words + tr(" · value %1").arg(figureText(double(value))) : words;
}

void ObliquePane::resizeEvent(QResizeEvent*) {
    view_->setGeometry(rect());
}

}  // namespace tomoloupe
