#include "ui/views/surface_marks.h"

#include <QCoreApplication>
#include <QPainter>

namespace tomoloupe {
namespace {

void drawLine(QPainter& painter, const SurfaceStage& stage, Vec3 from, Vec3 to) {
    const std::optional<QPointF> start = stage.positionOf(from), end = stage.positionOf(to);
    if (start && end) painter.drawLine(*start, *end);
}

Vec3 farCorner(Index3 shape) {
    return {double(shape.x) - 0.5, double(shape.y) - 0.5, double(shape.z) - 0.5};
}

void drawEdges(QPainter& painter, const SurfaceMarks& marks, const SurfaceStage& stage) {
    const Vec3 far = farCorner(marks.shape);
    const auto corner = [&](int i) { return Vec3{i & 1 ? far.x : -0.5, i & 2 ? far.y : -0.5, i & 4 ? far.z : -0.5}; };
    painter.setPen(QPen(stage.line, 1));
    for (int i = 0; i < 8; ++i)
        for (const int axis : {1, 2, 4})
            if (!(i & axis)) drawLine(painter, stage, corner(i), corner(i | axis));
}

void drawCrosshair(QPainter& painter, const SurfaceMarks& marks, const SurfaceStage& stage) {
    const Vec3 at = *marks.crosshair, far = farCorner(marks.shape);
    QColor colour = stage.accent;
    colour.setAlpha(170);
    painter.setPen(QPen(colour, 1));
    drawLine(painter, stage, {-0.5, at.y, at.z}, {far.x, at.y, at.z});
    drawLine(painter, stage, {at.x, -0.5, at.z}, {at.x, far.y, at.z});
    drawLine(painter, stage, {at.x, at.y, -0.5}, {at.x, at.y, far.z});
}

void drawTrace(QPainter& painter, const SurfaceMarks& marks, const SurfaceStage& stage) {
    painter.setPen(QPen(stage.plane, 1.4));
    for (std::size_t i = 0; i < marks.trace.size(); ++i)
        drawLine(painter, stage, marks.trace[i], marks.trace[(i + 1) % marks.trace.size()]);
}

void drawRing(QPainter& painter, const PoseMark& mark, const SurfaceStage& stage) {
    const std::optional<QPointF> at = stage.positionOf(mark.position);
    if (!at) return;
    constexpr double kAround = 3;  // pixels outside of the sphere
    const double radius = mark.radius * stage.pixelsPerVoxel(mark.position) + kAround;
    painter.setPen(QPen(QColor(0, 0, 0, 130), 4));
    painter.drawEllipse(*at, radius, radius);
    painter.setPen(QPen(stage.accent, 2));
    painter.drawEllipse(*at, radius, radius);
}

}  // namespace

std::optional<QPointF> SurfaceStage::positionOf(Vec3 world) const {
    const std::optional<ScreenPoint> at = look.projected(world);
    if (!at) return std::nullopt;
    return QPointF(size.width() / 2 + at->x * size.height() / 2, size.height() / 2 - at->y * size.height() / 2);
}

Ray SurfaceStage::rayAt(QPointF position) const {
    return look.rayThrough({(position.x() - size.width() / 2) / (size.height() / 2),
                            (size.height() / 2 - position.y()) / (size.height() / 2)});
}

double SurfaceStage::pixelsPerVoxel(Vec3 world) const {
    return size.height() / 2 / look.halfHeightAt(world);
}

void drawSurfaceMarks(QPainter& painter, const SurfaceMarks& marks, const SurfaceStage& stage) {
    painter.setRenderHint(QPainter::Antialiasing);
    if (marks.shape.product() > 0) {
        drawEdges(painter, marks, stage);
        drawTrace(painter, marks, stage);
        if (marks.crosshair) drawCrosshair(painter, marks, stage);
    }
    if (marks.current) drawRing(painter, *marks.current, stage);
    const Vec3 depth =
        marks.crosshair.value_or(Vec3{double(marks.shape.x) / 2, double(marks.shape.y) / 2, double(marks.shape.z) / 2});
    const double pixels = stage.pixelsPerVoxel(depth);
    SliceMarks words;
    words.legend = marks.legend;
    if (pixels > 0) words.voxelSizeAngstrom = marks.voxelSizeAngstrom;
    if (words.voxelSizeAngstrom > 0 && !stage.look.parallel())
        words.bottom = QCoreApplication::translate("SurfaceMarks", "bar at the crosshair's depth");
    drawMarks(painter, words,
              {.size = stage.size,
               .picture = QRectF({0, 0}, stage.size),
               .viewport = {.pixelsPerVoxel = pixels},
               .accent = stage.accent,
               .bad = {},
               .panel = {},
               .text = {}});
}

}  // namespace tomoloupe
