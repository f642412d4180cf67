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
constexpr int kLine = 15;  // pixels from one line of words to the next

/// Words broken at their dots into lines no wider than `width`.
QStringList brokenAtDots(const QString& words, const QFontMetrics& metrics, double width) {
    const QString dot = QStringLiteral(" · ");
    QStringList lines;
    for (const QString& part : words.split(dot, Qt::SkipEmptyParts)) {
        const QString longer = lines.isEmpty() ? part : lines.last() + dot + part;
        if (!lines.isEmpty() && metrics.horizontalAdvance(longer) <= width)
            lines.last() = longer;
        else
            lines.append(part);
    }
    return lines;
}

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
    QString top, bottom, status, message;
    SliceLegend legend;
    double voxelSizeAngstrom = 0;

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
        painter.setRenderHint(QPainter::Antialiasing);
        drawCircles(painter);
        drawCrosshair(painter);
        QFont font = this->font();
        font.setPixelSize(11);
        painter.setFont(font);
        const QRectF area = view_->pictureRect().adjusted(kMargin, kMargin, -kMargin, -kMargin);
        const double legendLeft = drawLegend(painter, area);
        QPointF line = area.topLeft() + QPointF(0, 10);
        QStringList lines = brokenAtDots(top, painter.fontMetrics(), legendLeft - area.left());
        if (!status.isEmpty()) lines.append(status);
        for (const QString& words : lines) {
            drawWords(painter, line, words);
            line.ry() += kLine;
        }
        const double barLeft = drawScaleBar(painter, area);
        drawBottom(painter, area, barLeft);
        if (!message.isEmpty()) drawMessage(painter, area);
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
    void drawBottom(QPainter& painter, const QRectF& area, double barLeft) {
        if (bottom.isEmpty()) return;
        const bool beside = area.left() + painter.fontMetrics().horizontalAdvance(bottom) + kMargin < barLeft;
        const double raised = beside ? 0 : 2 * painter.fontMetrics().height();  // above the bar and its words
        QPointF line = area.bottomLeft() - QPointF(0, 1 + raised);
        const QStringList lines = brokenAtDots(bottom, painter.fontMetrics(), area.width());
        for (auto words = lines.crbegin(); words != lines.crend(); ++words) {
            drawWords(painter, line, *words);
            line.ry() -= kLine;
        }
    }
    void drawMessage(QPainter& painter, const QRectF& area) {
        constexpr double kPadding = 10;
        const double width = std::min(area.width() - 2 * kPadding, 420.0);
        const QRectF wanted = painter.fontMetrics().boundingRect(QRect(0, 0, static_cast<int>(width), 4000),
                                                                 Qt::AlignCenter | Qt::TextWrapAnywhere | Qt::TextWordWrap, message);
        QRectF box(0, 0, wanted.width() + 2, wanted.height() + 2);
        box.moveCenter(area.center());
        painter.setPen(QPen(badColour(palette()), 1));
        QColor ground = panelColour(palette());
        ground.setAlpha(235);
        painter.setBrush(ground);
        painter.drawRoundedRect(box.adjusted(-kPadding, -kPadding, kPadding, kPadding), 6, 6);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(textColour(palette()));
        painter.drawText(box, Qt::AlignCenter | Qt::TextWrapAnywhere | Qt::TextWordWrap, message);
    }
    /// Returns where it begins.
    double drawLegend(QPainter& painter, const QRectF& area) {
        constexpr double kSwatch = 9, kGap = 6;
        double left = area.right(), y = area.top() + 10;
        for (const SliceLegend::Entry& entry : legend.entries) {
            const double width = painter.fontMetrics().horizontalAdvance(entry.words);
            const double start = area.right() - width - kGap - kSwatch;
            if (start < area.center().x() - area.width() / 4 || y + kLine > area.center().y()) break;  // no room
            drawWords(painter, QPointF(area.right() - width, y), entry.words);
            left = std::min(left, start);
            y += kLine;
        }
        y = area.top() + 10;
        for (const SliceLegend::Entry& entry : legend.entries) {
            if (left >= area.right() || y + kLine > area.center().y()) break;
            const double height = legend.strip ? kLine : kSwatch;
            const QRectF swatch(left, y - kSwatch + 1 - (height - kSwatch) / 2, kSwatch, height);
            painter.fillRect(swatch.adjusted(-1, -1, 1, 1), QColor(0, 0, 0, 110));
            painter.fillRect(swatch, entry.colour);
            y += kLine;
        }
        return left - kMargin;
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
    bool held_ = false, waiting_ = false;
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
    setMouseTracking(true);
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
    if (overlay_->crosshair == uv) return;
    overlay_->crosshair = uv;
    overlay_->changed();
}

void SliceView::setCircles(std::vector<SliceCircle> circles) {
    overlay_->circles = std::move(circles);
    overlay_->changed();
}

void SliceView::setCaption(const QString& top, const QString& bottom) {
    if (overlay_->top == top && overlay_->bottom == bottom) return;
    overlay_->top = top;
    overlay_->bottom = bottom;
    overlay_->changed();
}

void SliceView::setStatus(const QString& status) {
    overlay_->status = status;
    overlay_->changed();
}

void SliceView::setMessage(const QString& sentence) {
    overlay_->message = sentence;
    setAccessibleDescription(sentence);
    overlay_->changed();
}

QString SliceView::message() const {
    return overlay_->message;
}

QString SliceView::status() const {
    return overlay_->status;
}

QString SliceView::caption() const {
    return overlay_->top;
}

QString SliceView::note() const {
    return overlay_->bottom;
}

void SliceView::setLegend(const SliceLegend& legend) {
    overlay_->legend = legend;
    overlay_->changed();
}

void SliceView::holdOverlay(bool held) {
    overlay_->hold(held);
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
    Q_EMIT hovered(voxelAt(event->position()));
}

void SliceView::leaveEvent(QEvent* event) {
    Q_EMIT left();
    QWidget::leaveEvent(event);
}

void SliceView::mouseReleaseEvent(QMouseEvent*) {
    setCursor(Qt::CrossCursor);
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
