#include "ui/views/slice_image.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/volume/statistics.h"

namespace tomoloupe {
namespace {

/// Weights of the four neighbours at `t` of the way from the second to the third (Catmull and Rom 1974).
std::array<float, 4> cubicWeights(float t) {
    const float t2 = t * t, t3 = t2 * t;
    return {(-t3 + 2 * t2 - t) / 2, (3 * t3 - 5 * t2 + 2) / 2, (-3 * t3 + 4 * t2 + t) / 2, (t3 - t2) / 2};
}

/// Lines of `width` values, each refined `factor` times; voxel centres stay where they are within the picture.
std::vector<float> refinedLines(const std::vector<float>& values, int width, int lines, int factor) {
    std::vector<float> result(static_cast<std::size_t>(width * factor * lines));
    for (int i = 0; i < width * factor; ++i) {
        const float place = (static_cast<float>(i) + 0.5f) / static_cast<float>(factor) - 0.5f;
        const int base = static_cast<int>(std::floor(place));
        const std::array<float, 4> weights = cubicWeights(place - static_cast<float>(base));
        for (int line = 0; line < lines; ++line) {
            float sum = 0;
            for (int k = 0; k < 4; ++k) {
                const int neighbour = std::clamp(base - 1 + k, 0, width - 1);
                sum +=
                    weights[static_cast<std::size_t>(k)] * values[static_cast<std::size_t>(line * width + neighbour)];
            }
            result[static_cast<std::size_t>(line * width * factor + i)] = sum;
        }
    }
    return result;
}

std::vector<float> transposed(const std::vector<float>& values, int width, int height) {
    std::vector<float> result(values.size());
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x)
            result[static_cast<std::size_t>(x * height + y)] = values[static_cast<std::size_t>(y * width + x)];
    }
    return result;
}

}  // namespace

QImage sliceImage(const Volume& slice, int side, const std::optional<ContrastRange>& given) {
    if (slice.empty()) return {};
    int width = static_cast<int>(slice.shape().x), height = static_cast<int>(slice.shape().y);
    const int factor = std::clamp((side + std::max(width, height) - 1) / std::max(width, height), 1, 8);
    std::vector<float> values(slice.voxels().begin(), slice.voxels().end());
    const ContrastRange range = given ? *given : contrastRange(slice.voxels());
    if (factor > 1) {
        values = transposed(refinedLines(values, width, height, factor), width * factor, height);
        values = transposed(refinedLines(values, height, width * factor, factor), height * factor, width * factor);
        width *= factor;
        height *= factor;
    }
    const float span = range.high > range.low ? range.high - range.low : 1;
    QImage image(width, height, QImage::Format_Grayscale8);
    for (int v = 0; v < height; ++v) {
        uchar* line = image.scanLine(height - 1 - v);
        for (int u = 0; u < width; ++u) {
            const float grey = (values[static_cast<std::size_t>(v * width + u)] - range.low) / span * 255;
            line[u] = std::isfinite(grey) ? static_cast<uchar>(std::clamp(grey, 0.0f, 255.0f)) : 0;
        }
    }
    return image;
}

QImage besideEachOther(const std::vector<QImage>& images) {
    int side = 0;
    for (const QImage& image : images) side = std::max({side, image.width(), image.height()});
    if (side == 0) return {};
    if (images.size() == 1 && images.front().width() == images.front().height()) return images.front();
    const int line = images.size() > 1 ? std::max(1, side / 64) : 0;
    QImage joined(side * static_cast<int>(images.size()), side, QImage::Format_Grayscale8);
    joined.fill(Qt::black);
    for (std::size_t i = 0; i < images.size(); ++i) {
        const QImage& image = images[i];
        const int left = side * static_cast<int>(i) + (side - image.width()) / 2, top = (side - image.height()) / 2;
        // The last columns of all but the last give way to the line.
        const int width = i + 1 < images.size() ? std::min(image.width(), side - line) : image.width();
        for (int y = 0; y < image.height(); ++y)
            std::copy_n(image.constScanLine(y), width, joined.scanLine(top + y) + left);
    }
    return joined;
}

}  // namespace tomoloupe
