#include "ui/views/slice_picture.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace tomoloupe {
namespace {

/// The value at (u, v) between four voxels; NaN beyond the outer edges of the slice.
double valueAt(const Volume& slice, double u, double v) {
    const double width = static_cast<double>(slice.shape().x), height = static_cast<double>(slice.shape().y);
    if (u < -0.5 || v < -0.5 || u > width - 0.5 || v > height - 0.5) return std::nan("");
    const double x = std::clamp(u, 0.0, width - 1), y = std::clamp(v, 0.0, height - 1);
    const auto x0 = static_cast<std::int64_t>(x), y0 = static_cast<std::int64_t>(y);
    const std::int64_t x1 = std::min(x0 + 1, slice.shape().x - 1), y1 = std::min(y0 + 1, slice.shape().y - 1);
    const double tx = x - double(x0), ty = y - double(y0);
    return (1 - ty) * ((1 - tx) * slice.at(x0, y0, 0) + tx * slice.at(x1, y0, 0)) +
           ty * ((1 - tx) * slice.at(x0, y1, 0) + tx * slice.at(x1, y1, 0));
}

void drawGreys(const SlicePicture& picture, double scale, QImage& image) {
    const SliceViewport& viewport = picture.stage.viewport;
    const double voxels = 1 / (viewport.pixelsPerVoxel * scale);  // across a pixel
    const int samples = std::clamp(static_cast<int>(std::ceil(voxels)), 1, 8);
    const double span = picture.high != picture.low ? picture.high - picture.low : 1;
    for (int row = 0; row < image.height(); ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(row));
        for (int column = 0; column < image.width(); ++column) {
            double sum = 0;
            for (int i = 0; i < samples * samples; ++i) {
                const double x = column + (i % samples + 0.5) / samples, y = row + (i / samples + 0.5) / samples;
                sum += valueAt(picture.slice, viewport.centreU + (x - image.width() / 2.0) * voxels,
                               viewport.centreV - (y - image.height() / 2.0) * voxels);
            }
            const double grey = (sum / (samples * samples) - picture.low) / span * 255;
            if (!std::isfinite(grey)) continue;
            const int level = static_cast<int>(std::lround(std::clamp(grey, 0.0, 255.0)));
            line[column] = qRgb(level, level, level);
        }
    }
}

}  // namespace

QImage pictureOf(const SlicePicture& picture) {
    if (picture.stage.size.isEmpty()) return {};
    const double scale = picture.width / picture.stage.size.width();
    const int height = std::max(1, static_cast<int>(std::lround(picture.stage.size.height() * scale)));
    QImage image(std::max(1, picture.width), height, QImage::Format_RGB32);
    image.fill(picture.background);
    if (!picture.slice.empty()) drawGreys(picture, scale, image);
    QPainter painter(&image);
    painter.setFont(picture.font);
    painter.scale(scale, scale);
    drawMarks(painter, picture.marks, picture.stage);
    return image;
}

}  // namespace tomoloupe
