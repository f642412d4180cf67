#include "ui/views/histogram_view.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/views/palette_roles.h"

namespace tomoloupe {
namespace {

constexpr double kInset = 7;  // of a RangeSlider's first and last place

}  // namespace

HistogramView::HistogramView(const QString& name, QWidget* parent) : QWidget(parent) {
    setObjectName(name);
    setAccessibleName(tr("Histogram"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFixedHeight(72);
}

void HistogramView::setCounts(std::vector<std::int64_t> counts) {
    counts_ = std::move(counts);
    update();
}

void HistogramView::setMarks(double low, double high) {
    low_ = low;
    high_ = high;
    update();
}

void HistogramView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRectF area = QRectF(rect()).adjusted(kInset, 2, -kInset, -1);
    const std::int64_t most = counts_.empty() ? 0 : *std::max_element(counts_.begin(), counts_.end());
    const double bar = counts_.empty() ? 0 : area.width() / static_cast<double>(counts_.size());
    QColor dim = mutedColour(palette());
    dim.setAlpha(110);
    for (std::size_t i = 0; i < counts_.size() && most > 0; ++i) {
        const double middle = (static_cast<double>(i) + 0.5) / static_cast<double>(counts_.size());
        const double height = std::sqrt(static_cast<double>(counts_[i]) / static_cast<double>(most)) * area.height();
        // Whole pixels, or neighbours overlap in stripes.
        const double left = std::round(area.left() + static_cast<double>(i) * bar),
                     right = std::round(area.left() + static_cast<double>(i + 1) * bar);
        painter.fillRect(QRectF(left, area.bottom() - height, right - left, height),
                         middle >= low_ && middle <= high_ ? mutedColour(palette()) : dim);
    }
    painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), lineColour(palette()));
    for (const double mark : {low_, high_}) {
        if (mark < 0 || mark > 1) continue;
        painter.fillRect(QRectF(area.left() + mark * area.width() - 0.5, area.top(), 1, area.height()),
                         accentColour(palette()));
    }
}

}  // namespace tomoloupe
