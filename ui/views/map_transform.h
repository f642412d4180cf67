#pragma once

#include <QPointF>
#include <QSizeF>

namespace tomoloupe {

/// Where places of a map lie on the screen: a centre, and pixels for a unit; y goes up.
struct MapTransform {
    double centreX = 0, centreY = 0;
    double scale = 1;

    [[nodiscard]] QPointF toScreen(double x, double y, const QSizeF& size) const {
        return {size.width() / 2 + (x - centreX) * scale, size.height() / 2 - (y - centreY) * scale};
    }
    [[nodiscard]] QPointF toMap(const QPointF& point, const QSizeF& size) const {
        return {centreX + (point.x() - size.width() / 2) / scale, centreY - (point.y() - size.height() / 2) / scale};
    }
    friend bool operator==(const MapTransform&, const MapTransform&) = default;
};

}  // namespace tomoloupe
