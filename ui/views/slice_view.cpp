#include "ui/views/slice_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <cmath>

#include "ui/views/palette_roles.h"
#include "ui/views/vtk_view.h"

namespace tomoloupe {
/// What lies over the picture, drawn by Qt: sharp words and smooth lines at every scale, also on software OpenGL.
class SliceView::Overlay : public QWidget {
  public:
    explicit Overlay(SliceView* view) : QWidget(view), view_(view) { setAttribute(Qt::WA_TransparentForMouseEvents); }

    SliceMarks marks;

    void changed() {
        if (held_)
            waiting_ = true;
        else
            update();
    }
    void hold(bool held) {
        held_ = held;
        if (!held && waiting_) {
            waiting_ = false;
            update();
        }
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        drawMarks(painter, marks, view_->stage());
    }

  private:
    SliceView* view_;
    bool held_ = false, waiting_ = false;
};

SliceView::SliceView(const QString& name, QWidget* parent) : QWidget(parent), scene_(std::make_unique<SliceScene>()) {
    setObjectName(name);
    setMinimumSize(48, 48);
    setCursor(pointer_);
    scene_->setBackground(toColour(canvasColour(palette())));
    if (VtkView::available()) {
        view_ = new VtkView(scene_->renderer(), this);
        view_->setAttribute(Qt::WA_TransparentForMouseEvents);
    }
    overlay_ = new Overlay(this);
    setMouseTracking(true);
}

SliceView::~SliceView() = default;

void SliceView::redraw() {
    if (view_) view_->redraw();
    overlay_->update();
}

void SliceView::setSlice(const Volume& slice) {
    scene_->setSlice(slice);
    slice_ = slice;
    redraw();
}

void SliceView::setContrast(double low, double high) {
    scene_->setContrast(low, high);
    low_ = low;
    high_ = high;
    redraw();
}

void SliceView::setHeat(const Volume& heat) {
    scene_->setHeat(heat);
    redraw();
}

void SliceView::setHeatStyle(const HeatStyle& style) {
    scene_->setHeatStyle(style);
    redraw();
}

void SliceView::setViewport(const SliceViewport& viewport) {
    viewport_ = viewport;
    applyViewport();
}

void SliceView::applyViewport() {
    scene_->setViewport(viewport_, height());
    redraw();
}

void SliceView::setCrosshair(std::optional<QPointF> uv) {
    if (overlay_->marks.crosshair == uv) return;
    overlay_->marks.crosshair = uv;
    overlay_->changed();
}

void SliceView::setCircles(std::vector<SliceCircle> circles) {
    overlay_->marks.circles = std::move(circles);
    overlay_->changed();
}

void SliceView::setStrokes(std::vector<SliceStroke> strokes) {
    if (strokes.empty() && overlay_->marks.strokes.empty()) return;
    overlay_->marks.strokes = std::move(strokes);
    overlay_->changed();
}

void SliceView::setCaption(const QString& top, const QString& bottom) {
    if (overlay_->marks.top == top && overlay_->marks.bottom == bottom) return;
    overlay_->marks.top = top;
    overlay_->marks.bottom = bottom;
    overlay_->changed();
}

void SliceView::setStatus(const QString& status) {
    overlay_->marks.status = status;
    overlay_->changed();
}

void SliceView::setMessage(const QString& sentence) {
    overlay_->marks.message = sentence;
    setAccessibleDescription(sentence);
    overlay_->changed();
}

QString SliceView::message() const {
    return overlay_->marks.message;
}

QString SliceView::status() const {
    return overlay_->marks.status;
}

QString SliceView::caption() const {
    return overlay_->marks.top;
}

QString SliceView::note() const {
    return overlay_->marks.bottom;
}

void SliceView::setLegend(const SliceLegend& legend) {
    overlay_->marks.legend = legend;
    overlay_->changed();
}

void SliceView::holdOverlay(bool held) {
    overlay_->hold(held);
}

void SliceView::setVoxelSize(double angstrom) {
    overlay_->marks.voxelSizeAngstrom = angstrom;
}

void SliceView::setPointer(Qt::CursorShape shape) {
    pointer_ = shape;
    setCursor(shape);
}

QPointF SliceView::voxelAt(QPointF position) const {
    return {viewport_.centreU + (position.x() - width() / 2.0) / viewport_.pixelsPerVoxel,
            viewport_.centreV - (position.y() - height() / 2.0) / viewport_.pixelsPerVoxel};
}

QPointF SliceView::positionOf(QPointF voxel) const {
    return {width() / 2.0 + (voxel.x() - viewport_.centreU) * viewport_.pixelsPerVoxel,
            height() / 2.0 - (voxel.y() - viewport_.centreV) * viewport_.pixelsPerVoxel};
}

MarkStage SliceView::stage() const {
    return {.size = QSizeF(size()),
            .picture = pictureRect(),
            .viewport = viewport_,
            .accent = accentColour(palette()),
            .bad = badColour(palette()),
            .panel = panelColour(palette()),
            .text = textColour(palette())};
}

SlicePicture SliceView::picture(int width, const PictureParts& parts) const {
    SlicePicture picture{.slice = slice_,
                         .low = low_,
                         .high = high_,
                         .marks = overlay_->marks,
                         .stage = stage(),
                         .width = width,
                         .background = canvasColour(palette()),
                         .font = font()};
    picture.marks.bottom.clear();  // a pointer's place says nothing in a picture
    picture.marks.status.clear();
    if (!parts.scaleBar) picture.marks.voxelSizeAngstrom = 0;
    if (!parts.crosshair) picture.marks.crosshair.reset();
    if (!parts.words) picture.marks.top.clear();
    if (parts.particles) return picture;
    picture.marks.circles.clear();
    picture.marks.strokes.clear();
    picture.marks.legend = {};
    return picture;
}

QRectF SliceView::pictureRect() const {
    constexpr double kWide = 112, kHigh = 64;  // pixels that words need
    if (slice_.empty()) return rect();
    const QPointF topLeft = positionOf({-0.5, double(slice_.shape().y) - 0.5}), bottomRight = positionOf({double(slice_.shape().x) - 0.5, -0.5});
    const QRectF picture = QRectF(topLeft, bottomRight).intersected(QRectF(rect()));
    return picture.width() < kWide || picture.height() < kHigh ? QRectF(rect()) : picture;
}

void SliceView::mousePressEvent(QMouseEvent* event) {
    lastMouse_ = event->position();
    turning_ = turnable_ && event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier);
    if (event->button() == Qt::LeftButton && !turning_) {
        Q_EMIT picked(voxelAt(event->position()));
        Q_EMIT pressed(voxelAt(event->position()));
    }
    if (event->button() == Qt::MiddleButton) setCursor(Qt::ClosedHandCursor);
}

void SliceView::mouseMoveEvent(QMouseEvent* event) {
    if (turning_) {
        Q_EMIT turned(event->position() - lastMouse_);
    } else if (event->buttons() & Qt::LeftButton) {
        Q_EMIT picked(voxelAt(event->position()));
        Q_EMIT dragged(voxelAt(event->position()));
    }
    if (event->buttons() & Qt::MiddleButton) Q_EMIT panned(voxelAt(lastMouse_) - voxelAt(event->position()));
    lastMouse_ = event->position();
    Q_EMIT hovered(voxelAt(event->position()));
}

void SliceView::leaveEvent(QEvent* event) {
    Q_EMIT left();
    QWidget::leaveEvent(event);
}

void SliceView::mouseReleaseEvent(QMouseEvent* event) {
    setCursor(pointer_);
    if (event->button() != Qt::LeftButton) return;
    if (!turning_) Q_EMIT released(voxelAt(event->position()));
    turning_ = false;
}

void SliceView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) Q_EMIT centred(voxelAt(event->position()));
}

void SliceView::wheelEvent(QWheelEvent* event) {
    constexpr int kStep = 120;  // eighths of a degree a notch
    // Some desktops turn the wheel sideways while Shift is held.
    const int delta = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->angleDelta().x();
    const auto steps = [delta](int& rest) {
        rest += delta;
        const int whole = rest / kStep;
        rest -= whole * kStep;
        return whole;
    };
    if (event->modifiers() & Qt::ShiftModifier) {
        if (const int wanted = steps(slabRest_); wanted != 0) Q_EMIT slabbed(wanted);
    } else if (event->modifiers() & Qt::ControlModifier) {
        Q_EMIT zoomed(std::pow(1.2, static_cast<double>(delta) / kStep), voxelAt(event->position()));
    } else {
        if (const int wanted = steps(wheelRest_); wanted != 0) Q_EMIT stepped(wanted);
    }
    event->accept();
}

void SliceView::resizeEvent(QResizeEvent*) {
    if (view_) view_->setGeometry(rect());
    overlay_->setGeometry(rect());
    applyViewport();
}

void SliceView::paintEvent(QPaintEvent*) {
    if (view_) return;
    QPainter painter(this);
    painter.fillRect(rect(), canvasColour(palette()));
    painter.setPen(mutedColour(palette()));
    QString reason;
    static_cast<void>(VtkView::available(&reason));
    painter.drawText(rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, reason);
}

void SliceView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) {
        scene_->setBackground(toColour(canvasColour(palette())));
        if (overlay_) redraw();
    }
    QWidget::changeEvent(event);
}

}  // namespace tomoloupe
