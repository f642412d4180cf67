#pragma once

#include <QColor>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QString>
#include <optional>
#include <vector>

#include "ui/render/slice_scene.h"

class QPainter;

namespace tomoloupe {

/// A circle over a slice: where the plane cuts a particle.
struct SliceCircle {
    double u = 0, v = 0;
    double radius = 1;  ///< voxels; below 0: the plane cuts the box alone
    QColor colour;
    bool current = false;
    bool byHand = false;  ///< dashed, with a cross in its middle
    double boxSide = 0;   ///< voxels; a square around it, 0: none
};

/// A line over a slice, in voxels: an axis of a particle, or where another plane cuts this one.
struct SliceStroke {
    QPointF from, to;
    QColor colour;
    bool arrow = false;  ///< with a head at its end
    bool dashed = false;
};

/// What the colours of the circles mean: one line each, or one strip from a least to a most.
struct SliceLegend {
    struct Entry {
        QColor colour;
        QString words;
    };
    std::vector<Entry> entries;
    bool strip = false;  ///< the entries are the ends and steps of an even scale, least first
};

/// What lies over a slice: words in the corners, lines, circles.
struct SliceMarks {
    std::optional<QPointF> crosshair;  ///< voxels
    std::vector<SliceCircle> circles;
    std::vector<SliceStroke> strokes;
    QString top, bottom, status, message;
    SliceLegend legend;
    double voxelSizeAngstrom = 0;  ///< 0: no scale bar
};

/// Where marks are drawn.
struct MarkStage {
    QSizeF size;     ///< of the view
    QRectF picture;  ///< the part of it that the slice covers
    SliceViewport viewport;
    QColor accent, bad, panel, text;
    [[nodiscard]] QPointF positionOf(QPointF voxel) const;
};

/// In the painter's units, one to a pixel of the view; any thread that may paint.
void drawMarks(QPainter& painter, const SliceMarks& marks, const MarkStage& stage);

}  // namespace tomoloupe
