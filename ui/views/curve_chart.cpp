#include "ui/views/curve_chart.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/views/number_text.h"
#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

/// A step of 1, 2 or 5 times a power of ten that divides `span` into about `parts`.
double roundStep(double span, int parts) {
    const double raw = span / parts;
    const double decade = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * decade >= raw) return factor * decade;
    }
    return 10 * decade;
}

/// Over about a twentieth of the points.
double suitableSmoothing(std::size_t points) {
    return 1 - 1 / std::max(1.0, static_cast<double>(points) / 20);
}

/// Exponential running mean, corrected for its start (as in Adam).
std::vector<QPointF> smoothed(const std::vector<QPointF>& points, double keep) {
    double mean = 0, weight = 0;
    std::vector<QPointF> result;
    result.reserve(points.size());
    for (const QPointF& point : points) {
        mean = keep * mean + (1 - keep) * point.y();
        weight = keep * weight + (1 - keep);
        result.emplace_back(point.x(), mean / weight);
    }
    return result;
}

/// At most about two points a pixel: a long run has more steps than a chart has room for.
std::vector<QPointF> thinned(const std::vector<QPointF>& points, int pixels) {
    const std::size_t limit = static_cast<std::size_t>(std::max(pixels, 50)) * 2;
    if (points.size() <= limit) return points;
    std::vector<QPointF> result;
    const double stride = static_cast<double>(points.size() - 1) / static_cast<double>(limit - 1);
    for (std::size_t i = 0; i < limit; ++i)
        result.push_back(points[static_cast<std::size_t>(std::llround(static_cast<double>(i) * stride))]);
    return result;
}

}  // namespace

struct CurveChart::Scale {
    QRectF plot;
    double left = 0, right = 1, bottom = 0, top = 1, step = 0.2;
    bool logarithmic = false;  // bottom and top are logarithms then
    std::vector<double> ticks;
    [[nodiscard]] QPointF map(QPointF point) const {
        if (logarithmic) point.setY(std::log10(point.y()));
        return {plot.left() + (point.x() - left) / (right - left) * plot.width(),
                plot.bottom() - (point.y() - bottom) / (top - bottom) * plot.height()};
    }
};

CurveChart::CurveChart(const QString& name, const QString& title, QWidget* parent) : QWidget(parent), title_(title) {
    setObjectName(name);
    setMinimumSize(200, 140);
}

void CurveChart::setCurves(std::vector<Curve> curves) {
    curves_ = std::move(curves);
    update();
}

bool CurveChart::has(const QString& curve) const {
    return std::any_of(curves_.begin(), curves_.end(), [&](const Curve& c) { return c.name == curve; });
}

void CurveChart::append(const QString& curve, const std::vector<QPointF>& points) {
    for (Curve& c : curves_) {
        if (c.name == curve) c.points.insert(c.points.end(), points.begin(), points.end());
    }
    update();
}

void CurveChart::setEmptyText(const QString& text) {
    emptyText_ = text;
    update();
}

void CurveChart::setPercent(bool percent) {
    percent_ = percent;
}

void CurveChart::setSmoothing(double keep) {
    smoothing_ = keep;
    update();
}

void CurveChart::setLogarithmic(bool on) {
    logarithmic_ = on;
    update();
}

bool CurveChart::drawn(const QPointF& point) const {
    return std::isfinite(point.y()) && (!logarithmic_ || point.y() > 0);
}

/// Whole decades with lines at 1, 2 and 5 times each; a part of a decade where values span less.
void CurveChart::fitLogarithmic(Scale& scale, double low, double high) const {
    scale.logarithmic = true;
    for (int decade = static_cast<int>(std::floor(std::log10(low))); decade <= static_cast<int>(std::ceil(std::log10(high))); ++decade) {
        for (const double factor : {1.0, 2.0, 5.0}) scale.ticks.push_back(factor * std::pow(10.0, decade));
    }
    const auto above = std::upper_bound(scale.ticks.begin(), scale.ticks.end(), low);
    const auto first = above == scale.ticks.begin() ? above : above - 1;
    const auto last = std::lower_bound(scale.ticks.begin(), scale.ticks.end(), high);
    scale.ticks = std::vector<double>(first, last == scale.ticks.end() ? last : last + 1);
    scale.bottom = std::log10(scale.ticks.front());
    scale.top = std::max(std::log10(scale.ticks.back()), scale.bottom + 0.1);
}

CurveChart::Scale CurveChart::scale() const {
    Scale scale;
    scale.plot = QRectF(rect()).adjusted(52, 40, -16, -28);
    double low = std::numeric_limits<double>::max(), high = std::numeric_limits<double>::lowest();
    double first = low, last = high;
    for (const Curve& curve : curves_) {
        for (const QPointF& point : curve.points) {
            if (!drawn(point)) continue;
            low = std::min(low, point.y());
            high = std::max(high, point.y());
            first = std::min(first, point.x());
            last = std::max(last, point.x());
        }
    }
    if (low > high) return scale;
    scale.left = first;
    scale.right = last > first ? last : first + 1;
    if (logarithmic_) {
        fitLogarithmic(scale, low, std::max(high, low * 1.001));
        return scale;
    }
    if (percent_) {
        low = 0;
        high = 1;
    }
    if (high - low < 1e-9) high = low + 1;
    scale.step = roundStep(high - low, std::max(2, static_cast<int>(scale.plot.height() / 36)));
    scale.bottom = std::floor(low / scale.step + 1e-9) * scale.step;
    scale.top = std::ceil(high / scale.step - 1e-9) * scale.step;
    for (double value = scale.bottom; value <= scale.top + scale.step / 2; value += scale.step) scale.ticks.push_back(value);
    return scale;
}

void CurveChart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(lineColour(palette()), 1));
    painter.setBrush(panelColour(palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    QFont font = this->font();
    font.setPixelSize(13);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(textColour(palette()));
    painter.drawText(QPointF(16, 26), title_);
    font.setPixelSize(11);
    font.setWeight(QFont::Normal);
    painter.setFont(font);
    const bool empty =
        std::all_of(curves_.begin(), curves_.end(), [](const Curve& curve) { return curve.points.empty(); });
    if (empty) {
        painter.setPen(mutedColour(palette()));
        painter.drawText(rect().adjusted(16, 32, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
        return;
    }
    const Scale scale = this->scale();
    drawGrid(painter, scale);
    for (const Curve& curve : curves_) drawCurve(painter, scale, curve);
}

void CurveChart::drawGrid(QPainter& painter, const Scale& scale) const {
    for (const double value : scale.ticks) {
        const double y = std::floor(scale.map({scale.left, value}).y()) + 0.5;
        painter.setPen(QPen(lineColour(palette()), 1));
        painter.drawLine(QPointF(scale.plot.left(), y), QPointF(scale.plot.right(), y));
        painter.setPen(mutedColour(palette()));
        const QString words = percent_ ? tr("%1 %").arg(QString::number(value * 100, 'g', 3)) : QString::number(value, 'g', 4);
        painter.drawText(QRectF(0, y - 8, scale.plot.left() - 8, 16), Qt::AlignRight | Qt::AlignVCenter, words);
    }
    painter.setPen(mutedColour(palette()));
    const QRectF below(scale.plot.left(), scale.plot.bottom() + 6, scale.plot.width(), 16);
    painter.drawText(below, Qt::AlignLeft, QString::number(scale.left, 'g', 6));
    painter.drawText(below, Qt::AlignRight, QString::number(scale.right, 'g', 6));
    double x = scale.plot.right();
    for (auto curve = curves_.rbegin(); curve != curves_.rend(); ++curve) {
        x -= painter.fontMetrics().horizontalAdvance(curve->name);
        painter.setPen(curve->colour);
        painter.drawText(QPointF(x, 26), curve->name);
        x -= 12;
    }
}

void CurveChart::drawCurve(QPainter& painter, const Scale& scale, const Curve& curve) const {
    if (curve.points.empty()) return;
    painter.save();
    painter.setClipRect(scale.plot.adjusted(-4, -4, 4, 4));
    auto stroke = [&](const std::vector<QPointF>& points, const QColor& colour, double width) {
        QPolygonF line;
        for (const QPointF& point : points) {
            if (drawn(point)) line.append(scale.map(point));
        }
        painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(line);
        if (line.size() == 1) painter.drawPoint(line.first());
    };
    const int pixels = static_cast<int>(scale.plot.width());
    QColor faint = curve.colour;
    faint.setAlpha(70);
    const double keep = smoothing_ < 0 ? suitableSmoothing(curve.points.size()) : smoothing_;
    const bool noisy = keep > 0 && (smoothing_ > 0 || curve.points.size() >= 40);
    if (noisy) stroke(thinned(curve.points, pixels), faint, 1);
    stroke(thinned(noisy ? smoothed(curve.points, keep) : curve.points, pixels), curve.colour, 1.8);
    painter.restore();
}

}  // namespace tomoloupe
