#include "ui/views/slice_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QWheelEvent>
#include <cmath>

#include "ui/views/number_text.h"
#include "ui/views/palette_roles.h"
#include "ui/views/vtk_view.h"

namespace tomoloupe {
namespace {

constexpr int kMargin = 8;

/// Light words with a dark edge: readable on any grey.
void drawWords(QPainter& painter, QPointF baseline, const QString& words) {
    QPainterPath path;
    path.addText(baseline, painter.font(), words);
    painter.strokePath(path, QPen(QColor(0, 0, 0, 150), 2.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setPen(QColor(240, 244, 248));
    painter.drawText(baseline, words);
}

}  // namespace

/// What lies over the picture, drawn by Qt: sharp words and smooth lines at every scale, also on software OpenGL.
class SliceView::Overlay : public QWidget {
  public:
    explicit Overlay(SliceView* view) : QWidget(view), view_(view) { setAttribute(Qt::WA_TransparentForMouseEvents); }

    std::optional<QPointF> crosshair;
    std::vector<SliceCircle> circles;
    QString top, bottom;
    double voxelSizeAngstrom = 0;

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        drawCircles(painter);
        drawCrosshair(painter);
        QFont font = this->font();
        font.setPixelSize(11);
        painter.setFont(font);
        const QRectF area = view_->pictureRect().adjusted(kMargin, kMargin, -kMargin, -kMargin);
        if (!top.isEmpty()) drawWords(painter, area.topLeft() + QPointF(0, 10), top);
        const double barLeft = drawScaleBar(painter, area);
        if (bottom.isEmpty()) return;
        const bool beside = area.left() + painter.fontMetrics().horizontalAdvance(bottom) + kMargin < barLeft;
        const double raised = beside ? 0 : 2 * painter.fontMetrics().height();  // above the bar and its words
        drawWords(painter, area.bottomLeft() - QPointF(0, 1 + raised), bottom);
    }

  private:
    void drawCircles(QPainter& painter) {
        for (const SliceCircle& circle : circles) {
            const QPointF centre = view_->positionOf({circle.u, circle.v});
            const double radius = std::max(3.0, circle.radius * view_->viewport_.pixelsPerVoxel);
            if (!QRectF(rect()).adjusted(-radius, -radius, radius, radius).contains(centre)) continue;
            painter.setPen(QPen(QColor(0, 0, 0, 110), circle.current ? 4 : 3));
            painter.drawEllipse(centre, radius, radius);
            painter.setPen(QPen(circle.colour, circle.current ? 2.2 : 1.4));
            painter.drawEllipse(centre, radius, radius);
        }
    }
    void drawCrosshair(QPainter& painter) {
        if (!crosshair) return;
        const QPointF at = view_->positionOf(*crosshair);
        QColor colour = accentColour(palette());
        colour.setAlpha(170);
        painter.setRenderHint(QPainter::Antialiasing, false);
        const int x = static_cast<int>(std::floor(at.x())), y = static_cast<int>(std::floor(at.y()));
        painter.fillRect(QRect(x, 0, 1, height()), colour);
        painter.fillRect(QRect(0, y, x, 1), colour);
        painter.fillRect(QRect(x + 1, y, width() - x - 1, 1), colour);
        painter.setRenderHint(QPainter::Antialiasing, true);
    }
    /// Returns where it begins.
    double drawScaleBar(QPainter& painter, const QRectF& area) {
        if (!(voxelSizeAngstrom > 0) || area.width() < 104) return area.right();
        const double pixelsPerAngstrom = view_->viewport_.pixelsPerVoxel / voxelSizeAngstrom;
        const double length = roundLength(std::min(140.0, area.width() * 0.3) / pixelsPerAngstrom);
        const double pixels = length * pixelsPerAngstrom;
        const QRectF bar(area.right() - pixels, area.bottom() - 3, pixels, 2);
        painter.fillRect(bar.adjusted(-1, -1, 1, 1), QColor(0, 0, 0, 130));
        painter.fillRect(bar, QColor(240, 244, 248));
        const QString words = lengthText(length);
        const double wordWidth = painter.fontMetrics().horizontalAdvance(words);
        const double left = std::min(bar.center().x() - wordWidth / 2, area.right() - wordWidth);
        drawWords(painter, QPointF(left, bar.top() - 5), words);
        return std::min(left, bar.left());
    }

    SliceView* view_;
};

SliceView::SliceView(const QString& name, QWidget* parent) : QWidget(parent), scene_(std::make_unique<SliceScene>()) {
    setObjectName(name);
    setMinimumSize(48, 48);
    setCursor(Qt::CrossCursor);
    scene_->setBackground(toColour(canvasColour(palette())));
    if (VtkView::available()) {
        view_ = new VtkView(scene_->renderer(), this);
        view_->setAttribute(Qt::WA_TransparentForMouseEvents);
    }
    overlay_ = new Overlay(this);
}

SliceView::~SliceView() = default;

void SliceView::redraw() {
    if (view_) view_->update();
    overlay_->update();
}

void SliceView::setSlice(const Volume& slice) {
    scene_->setSlice(slice);
    shape_ = slice.shape();
    redraw();
}

void SliceView::setContrast(double low, double high) {
    scene_->setContrast(low, high);
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
    overlay_->crosshair = uv;
    overlay_->update();
}

void SliceView::setCircles(std::vector<SliceCircle> circles) {
    overlay_->circles = std::move(circles);
    overlay_->update();
}

void SliceView::setCaption(const QString& top, const QString& bottom) {
    overlay_->top = top;
    overlay_->bottom = bottom;
    overlay_->update();
}

void SliceView::setVoxelSize(double angstrom) {
    overlay_->voxelSizeAngstrom = angstrom;
}

QPointF SliceView::voxelAt(QPointF position) const {
    return {viewport_.centreU + (position.x() - width() / 2.0) / viewport_.pixelsPerVoxel,
            viewport_.centreV - (position.y() - height() / 2.0) / viewport_.pixelsPerVoxel};
}

QPointF SliceView::positionOf(QPointF voxel) const {
    return {width() / 2.0 + (voxel.x() - viewport_.centreU) * viewport_.pixelsPerVoxel,
            height() / 2.0 - (voxel.y() - viewport_.centreV) * viewport_.pixelsPerVoxel};
}

QRectF SliceView::pictureRect() const {
    constexpr double kWide = 112, kHigh = 64;  // pixels that words need
    if (shape_.product() == 0) return rect();
    const QPointF topLeft = positionOf({-0.5, double(shape_.y) - 0.5}), bottomRight = positionOf({double(shape_.x) - 0.5, -0.5});
    const QRectF picture = QRectF(topLeft, bottomRight).intersected(QRectF(rect()));
    return picture.width() < kWide || picture.height() < kHigh ? QRectF(rect()) : picture;
}

void SliceView::mousePressEvent(QMouseEvent* event) {
    lastMouse_ = event->position();
    if (event->button() == Qt::LeftButton) Q_EMIT picked(voxelAt(event->position()));
    if (event->button() == Qt::MiddleButton) setCursor(Qt::ClosedHandCursor);
}

void SliceView::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) Q_EMIT picked(voxelAt(event->position()));
    if (event->buttons() & Qt::MiddleButton) Q_EMIT panned(voxelAt(lastMouse_) - voxelAt(event->position()));
    lastMouse_ = event->position();
}

void SliceView::mouseReleaseEvent(QMouseEvent*) {
    setCursor(Qt::CrossCursor);
}

void SliceView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) Q_EMIT centred(voxelAt(event->position()));
}

void SliceView::wheelEvent(QWheelEvent* event) {
    constexpr int kStep = 120;  // eighths of a degree a notch
    const int delta = event->angleDelta().y();
    if (event->modifiers() & Qt::ControlModifier) {
        Q_EMIT zoomed(std::pow(1.2, static_cast<double>(delta) / kStep), voxelAt(event->position()));
    } else {
        wheelRest_ += delta;
        const int steps = wheelRest_ / kStep;
        wheelRest_ -= steps * kStep;
        if (steps != 0) Q_EMIT stepped(steps);
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
