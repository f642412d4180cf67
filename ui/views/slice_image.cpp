#include "ui/views/slice_image.h"

#include <algorithm>
#include <cmath>

#include "core/volume/statistics.h"

namespace tomoloupe {

QImage sliceImage(const Volume& slice) {
    if (slice.empty()) return {};
    const ContrastRange range = contrastRange(slice.voxels());
    const float span = range.high > range.low ? range.high - range.low : 1;
    const int width = static_cast<int>(slice.shape().x), height = static_cast<int>(slice.shape().y);
    QImage image(width, height, QImage::Format_Grayscale8);
    for (int v = 0; v < height; ++v) {
        uchar* line = image.scanLine(height - 1 - v);
        for (int u = 0; u < width; ++u) {
            const float grey = (slice.at(u, v, 0) - range.low) / span * 255;
            line[u] = std::isfinite(grey) ? static_cast<uchar>(std::clamp(grey, 0.0f, 255.0f)) : 0;
        }
    }
    return image;
}

}  // namespace tomoloupe
