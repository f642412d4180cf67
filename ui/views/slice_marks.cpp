#include "ui/views/slice_marks.h"

#include <QFontMetricsF>
#include <QLineF>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "ui/views/number_text.h"

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

/// One drawing.
class Drawing {
  public:
    Drawing(QPainter& painter, const SliceMarks& marks, const MarkStage& stage)
        : painter_(painter),
          marks_(marks),
          stage_(stage),
          area_(stage.picture.adjusted(kMargin, kMargin, -kMargin, -kMargin)) {}

    void draw() {
        painter_.setRenderHint(QPainter::Antialiasing);
        drawCircles();
        drawStrokes();
        drawCrosshair();
        QFont font = painter_.font();
        font.setPixelSize(11);
        painter_.setFont(font);
        const double legendLeft = drawLegend();
        QPointF line = area_.topLeft() + QPointF(0, 10);
        QStringList lines = brokenAtDots(marks_.top, painter_.fontMetrics(), legendLeft - area_.left());
        if (!marks_.status.isEmpty()) lines.append(marks_.status);
        for (const QString& words : lines) {
            drawWords(painter_, line, words);
            line.ry() += kLine;
        }
        drawBottom(drawScaleBar());
        if (!marks_.message.isEmpty()) drawMessage();
    }

  private:
    void drawCircles() {
        for (const SliceCircle& circle : marks_.circles) {
            const QPointF centre = stage_.positionOf({circle.u, circle.v});
            const double radius = std::max(3.0, circle.radius * stage_.viewport.pixelsPerVoxel);
            const double reach = std::max(radius, circle.boxSide / 2 * stage_.viewport.pixelsPerVoxel);
            if (!QRectF({0, 0}, stage_.size).adjusted(-reach, -reach, reach, reach).contains(centre)) continue;
            painter_.setPen(QPen(QColor(0, 0, 0, 110), circle.current ? 4 : 3));
            if (circle.radius >= 0) painter_.drawEllipse(centre, radius, radius);
            QPen pen(circle.colour, circle.current ? 2.2 : 1.4);
            if (circle.byHand) {
                drawCross(centre, pen);
                drawBox(centre, circle.boxSide * stage_.viewport.pixelsPerVoxel, pen);
                pen.setDashPattern({3, 2});
            }
            painter_.setPen(pen);
            if (circle.radius >= 0) painter_.drawEllipse(centre, radius, radius);
        }
    }
    void drawStrokes() {
        const QRectF seen = QRectF({0, 0}, stage_.size).adjusted(-40, -40, 40, 40);
        for (const SliceStroke& stroke : marks_.strokes) {
            const QPointF from = stage_.positionOf(stroke.from), to = stage_.positionOf(stroke.to);
            if (stroke.arrow && !seen.contains(from)) continue;
            QPen pen(stroke.colour, stroke.arrow ? 1.8 : 1.2);
            if (stroke.dashed) pen.setDashPattern({6, 4});
            painter_.setPen(QPen(QColor(0, 0, 0, 110), pen.widthF() + 1.6));
            painter_.drawLine(from, to);
            painter_.setPen(pen);
            painter_.drawLine(from, to);
            if (stroke.arrow) drawHead(from, to, stroke.colour);
        }
    }
    /// Smaller where the arrow is short: it points at the viewer, or away.
    void drawHead(QPointF from, QPointF to, const QColor& colour) {
        const QLineF line(to, from);
        if (line.length() < 1) return painter_.drawEllipse(to, 1, 1);
        const double size = std::min(6.0, line.length() * 0.5);
        QLineF left = line, right = line;
        left.setLength(size);
        right.setLength(size);
        left.setAngle(line.angle() + 28);
        right.setAngle(line.angle() - 28);
        painter_.setBrush(colour);
        painter_.drawPolygon(QPolygonF({to, left.p2(), right.p2()}));
        painter_.setBrush(Qt::NoBrush);
    }
    void drawCross(QPointF centre, const QPen& pen) {
        constexpr double kArm = 3;
        for (const QPen& stroke : {QPen(QColor(0, 0, 0, 110), pen.widthF() + 1.6), pen}) {
            painter_.setPen(stroke);
            painter_.drawLine(centre - QPointF(kArm, 0), centre + QPointF(kArm, 0));
            painter_.drawLine(centre - QPointF(0, kArm), centre + QPointF(0, kArm));
        }
    }
    void drawBox(QPointF centre, double side, QPen pen) {
        if (!(side > 0)) return;
        pen.setWidthF(1);
        painter_.setPen(pen);
        painter_.drawRect(QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side));
    }
    void drawCrosshair() {
        if (!marks_.crosshair) return;
        const QPointF at = stage_.positionOf(*marks_.crosshair);
        QColor colour = stage_.accent;
        colour.setAlpha(170);
        painter_.setRenderHint(QPainter::Antialiasing, false);
        const int x = static_cast<int>(std::floor(at.x())), y = static_cast<int>(std::floor(at.y()));
        const int width = static_cast<int>(stage_.size.width()), height = static_cast<int>(stage_.size.height());
        painter_.fillRect(QRect(x, 0, 1, height), colour);
        painter_.fillRect(QRect(0, y, x, 1), colour);
        painter_.fillRect(QRect(x + 1, y, width - x - 1, 1), colour);
        painter_.setRenderHint(QPainter::Antialiasing, true);
    }
    void drawBottom(double barLeft) {
        if (marks_.bottom.isEmpty()) return;
        const bool beside = area_.left() + painter_.fontMetrics().horizontalAdvance(marks_.bottom) + kMargin < barLeft;
        const double raised = beside ? 0 : 2 * painter_.fontMetrics().height();  // above the bar and its words
        QPointF line = area_.bottomLeft() - QPointF(0, 1 + raised);
        const QStringList lines = brokenAtDots(marks_.bottom, painter_.fontMetrics(), area_.width());
        for (auto words = lines.crbegin(); words != lines.crend(); ++words) {
            drawWords(painter_, line, *words);
            line.ry() -= kLine;
        }
    }
    void drawMessage() {
        constexpr double kPadding = 10;
        const double width = std::min(area_.width() - 2 * kPadding, 420.0);
        const QRectF wanted = painter_.fontMetrics().boundingRect(
            QRect(0, 0, static_cast<int>(width), 4000), Qt::AlignCenter | Qt::TextWrapAnywhere | Qt::TextWordWrap,
            marks_.message);
        QRectF box(0, 0, wanted.width() + 2, wanted.height() + 2);
        box.moveCenter(area_.center());
        painter_.setPen(QPen(stage_.bad, 1));
        QColor ground = stage_.panel;
        ground.setAlpha(235);
        painter_.setBrush(ground);
        painter_.drawRoundedRect(box.adjusted(-kPadding, -kPadding, kPadding, kPadding), 6, 6);
        painter_.setBrush(Qt::NoBrush);
        painter_.setPen(stage_.text);
        painter_.drawText(box, Qt::AlignCenter | Qt::TextWrapAnywhere | Qt::TextWordWrap, marks_.message);
    }
    /// Returns where it begins.
    double drawLegend() {
        constexpr double kSwatch = 9, kGap = 6;
        double left = area_.right(), y = area_.top() + 10;
        for (const SliceLegend::Entry& entry : marks_.legend.entries) {
            const double width = painter_.fontMetrics().horizontalAdvance(entry.words);
            const double start = area_.right() - width - kGap - kSwatch;
            if (start < area_.center().x() - area_.width() / 4 || y + kLine > area_.center().y()) break;  // no room
            drawWords(painter_, QPointF(area_.right() - width, y), entry.words);
            left = std::min(left, start);
            y += kLine;
        }
        y = area_.top() + 10;
        for (const SliceLegend::Entry& entry : marks_.legend.entries) {
            if (left >= area_.right() || y + kLine > area_.center().y()) break;
            const double height = marks_.legend.strip ? kLine : kSwatch;
            const QRectF swatch(left, y - kSwatch + 1 - (height - kSwatch) / 2, kSwatch, height);
            painter_.fillRect(swatch.adjusted(-1, -1, 1, 1), QColor(0, 0, 0, 110));
            painter_.fillRect(swatch, entry.colour);
            y += kLine;
        }
        return left - kMargin;
    }
    /// Returns where it begins.
    double drawScaleBar() {
        if (!(marks_.voxelSizeAngstrom > 0) || area_.width() < 104) return area_.right();
        const double pixelsPerAngstrom = stage_.viewport.pixelsPerVoxel / marks_.voxelSizeAngstrom;
        const double length = roundLength(std::min(140.0, area_.width() * 0.3) / pixelsPerAngstrom);
        const double pixels = length * pixelsPerAngstrom;
        const QRectF bar(area_.right() - pixels, area_.bottom() - 3, pixels, 2);
        painter_.fillRect(bar.adjusted(-1, -1, 1, 1), QColor(0, 0, 0, 130));
        painter_.fillRect(bar, QColor(240, 244, 248));
        const QString words = lengthText(length);
        const double wordWidth = painter_.fontMetrics().horizontalAdvance(words);
        const double left = std::min(bar.center().x() - wordWidth / 2, area_.right() - wordWidth);
        drawWords(painter_, QPointF(left, bar.top() - 5), words);
        return std::min(left, bar.left());
    }

    QPainter& painter_;
    const SliceMarks& marks_;
    const MarkStage& stage_;
    QRectF area_;
};

}  // namespace

QPointF MarkStage::positionOf(QPointF voxel) const {
    return {size.width() / 2 + (voxel.x() - viewport.centreU) * viewport.pixelsPerVoxel,
            size.height() / 2 - (voxel.y() - viewport.centreV) * viewport.pixelsPerVoxel};
}

void drawMarks(QPainter& painter, const SliceMarks& marks, const MarkStage& stage) {
    Drawing(painter, marks, stage).draw();
}

}  // namespace tomoloupe
