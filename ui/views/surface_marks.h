#pragma once

#include <QColor>
#include <QSizeF>
#include <optional>
#include <vector>

#include "ui/render/scene_look.h"
#include "ui/views/slice_marks.h"

class QPainter;

namespace tomoloupe {

/// What lies over a scene in three dimensions, in its world's unit: voxels of the tomogram.
struct SurfaceMarks {
    Index3 shape;                   ///< of the tomogram, whose edges are drawn; 0: none
    std::optional<Vec3> crosshair;  ///< three lines through the tomogram
    std::vector<Vec3> trace;        ///< corners of a plane
    std::optional<PoseMark> current;
    SliceLegend legend;
    double voxelSizeAngstrom = 0;  ///< 0: no scale bar
};

/// Where they are drawn.
struct SurfaceStage {
    QSizeF size;
    SceneLook look;
    QColor accent, line, plane;
    /// None behind the eye.
    [[nodiscard]] std::optional<QPointF> positionOf(Vec3 world) const;
    [[nodiscard]] Ray rayAt(QPointF position) const;
    /// At the depth of a place.
    [[nodiscard]] double pixelsPerVoxel(Vec3 world) const;
};

/// In the painter's units. In perspective the bar holds at the depth of the crosshair, and says so.
void drawSurfaceMarks(QPainter& painter, const SurfaceMarks& marks, const SurfaceStage& stage);

}  // namespace tomoloupe
