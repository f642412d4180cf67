#pragma once

#include <QColor>
#include <QFont>
#include <QImage>

#include "core/volume/volume.h"
#include "ui/views/slice_marks.h"

namespace tomoloupe {

/// What lies over the slice in a saved picture.
struct PictureParts {
    bool scaleBar = true, words = true, particles = true, crosshair = false;
};

/// All that a view shows, taken out of it: it can be drawn larger than the view, and on another thread.
struct SlicePicture {
    Volume slice;
    double low = 0, high = 1;  ///< black and white; the other way round where low > high
    SliceMarks marks;
    MarkStage stage;   ///< of the view
    int width = 1000;  ///< pixels; the height follows from the view
    QColor background;
    QFont font;
};

/// Interpolated between voxels, averaged where a pixel covers several; words and lines grow with the picture.
[[nodiscard]] QImage pictureOf(const SlicePicture& picture);

}  // namespace tomoloupe
