#include "ui/views/map_canvas.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/base/seed.h"

namespace tomoloupe {
namespace {

constexpr double kLeast = 0.7, kMost = 5;  // logical radius
constexpr double kInk = 0.28;              // part of the picture that points would cover side by side
constexpr int kFull = 256, kFaint = 60;

/// a + (b - a) s / 256 in all channels; `s` 0..256.
std::uint32_t mix(std::uint32_t a, std::uint32_t b, std::uint32_t s) {
    const std::uint32_t rb = ((a & 0xFF00FF) * (256 - s) + (b & 0xFF00FF) * s) >> 8 & 0xFF00FF;
    const std::uint32_t g = ((a & 0x00FF00) * (256 - s) + (b & 0x00FF00) * s) >> 8 & 0x00FF00;
    return 0xFF000000 | rb | g;
}

/// How deep within the shape of radius 1 a place is; negative: outside.
double depth(int shape, double x, double y) {
    switch (shape) {
        case 1:  // square
            return 0.88 - std::max(std::abs(x), std::abs(y));
        case 2: {  // triangle
            const double side = std::max({y - 0.65, 0.866 * x - 0.5 * y - 0.58, -0.866 * x - 0.5 * y - 0.58});
            return -side;
        }
        case 3:  // diamond
            return (1.2 - std::abs(x) - std::abs(y)) / std::numbers::sqrt2;
        case 4:  // cross
            return std::max(std::min(1.1 - std::abs(x), 0.38 - std::abs(y)), std::min(0.38 - std::abs(x), 1.1 - std::abs(y)));
        case 5: {  // ring
            const double r = std::hypot(x, y);
            return std::min(1.1 - r, r - 0.55);
        }
        default:
            return 1 - std::hypot(x, y);
    }
}

}  // namespace

void MapCanvas::setPoints(std::span<const float> positions) {
    const std::size_t count = positions.size() / 2;
    if (order_.size() != count) {
        order_.resize(count);
        std::iota(order_.begin(), order_.end(), 0);
        Random random(7);
        random.shuffle(order_);
        styleOf_.assign(count, kNoStyle);
        passOf_.assign(count, kPlain);
        anySelected_ = false;
    }
    positions_.resize(2 * count);
    for (std::size_t k = 0; k < count; ++k) {
        const auto from = static_cast<std::size_t>(order_[k]);
        positions_[2 * k] = positions[2 * from];
        positions_[2 * k + 1] = positions[2 * from + 1];
    }
    pass_ = kSelected + 1;
}

void MapCanvas::setStyles(const std::vector<std::uint8_t>& styleOf, std::vector<PointStyle> styles) {
    styles_ = std::move(styles);
    for (std::size_t k = 0; k < order_.size(); ++k) {
        const auto from = static_cast<std::size_t>(order_[k]);
        styleOf_[k] = from < styleOf.size() && styleOf[from] < styles_.size() ? styleOf[from] : kNoStyle;
        if (passOf_[k] != kSelected) passOf_[k] = styleOf_[k] == kNoStyle ? kPlain : kStyled;
    }
}

void MapCanvas::setSelected(const std::vector<std::int64_t>& points) {
    std::vector<char> selected(order_.size(), 0);
    for (const std::int64_t point : points)
        if (point >= 0 && point < count()) selected[static_cast<std::size_t>(point)] = 1;
    anySelected_ = !points.empty();
    for (std::size_t k = 0; k < order_.size(); ++k)
        passOf_[k] = selected[static_cast<std::size_t>(order_[k])] ? kSelected : styleOf_[k] == kNoStyle ? kPlain : kStyled;
}

/// Few points are large, many small; of those in sight.
void MapCanvas::chooseRadius() {
    constexpr std::size_t kLooked = 20000;
    const QSizeF size = frame_.size;
    std::size_t inside = 0;
    const std::size_t looked = std::min(kLooked, order_.size());
    for (std::size_t k = 0; k < looked; ++k) {
        const QPointF at = frame_.transform.toScreen(double(positions_[2 * k]), double(positions_[2 * k + 1]), size);
        inside += at.x() >= 0 && at.y() >= 0 && at.x() < size.width() && at.y() < size.height();
    }
    const double visible = looked > 0 ? double(inside) * double(order_.size()) / double(looked) : 0;
    const double area = size.width() * size.height() * kInk;
    const double wanted = visible > 0 ? std::sqrt(area / visible / std::numbers::pi) : kMost;
    radius_ = std::clamp(wanted, kLeast, kMost);
}

MapCanvas::Stamp MapCanvas::stampOf(int shape, double radius, double dx, double dy) {
    constexpr int kSamples = 4;
    Stamp stamp;
    stamp.reach = static_cast<int>(std::ceil(radius * 1.25)) + 1;
    stamp.side = 2 * stamp.reach + 1;
    for (int y = 0; y < stamp.side; ++y)
        for (int x = 0; x < stamp.side; ++x) {
            int inside = 0;
            for (int s = 0; s < kSamples * kSamples; ++s) {
                const double px = x - stamp.reach - dx + (s % kSamples + 0.5) / kSamples, py = y - stamp.reach - dy + (s / kSamples + 0.5) / kSamples;
                inside += depth(shape, px / radius, py / radius) > 0;
            }
            stamp.cover.push_back(static_cast<std::uint8_t>(inside * 255 / (kSamples * kSamples)));
        }
    return stamp;
}

QImage MapCanvas::swatch(const PointStyle& style, int side, qreal ratio) {
    constexpr double kPart = 0.36;  // of the side
    QImage image(QSize(side, side) * ratio, QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    const Stamp stamp = stampOf(style.shape % kShapes, kPart * side * ratio, 0.5, 0.5);
    for (int y = 0; y < stamp.side; ++y)
        for (int x = 0; x < stamp.side; ++x) {
            const QPoint place(x - stamp.reach + image.width() / 2, y - stamp.reach + image.height() / 2);
            if (!image.valid(place)) continue;
            QColor colour = style.colour;
            colour.setAlpha(stamp.cover[static_cast<std::size_t>(y * stamp.side + x)]);
            image.setPixelColor(place, colour);
        }
    image.setDevicePixelRatio(ratio);
    return image;
}

void MapCanvas::makeStamps() {
    const double radius = std::max(0.75, radius_ * frame_.ratio);
    if (radius == stampsRadius_) return;
    stampsRadius_ = radius;
    stamps_.clear();
    for (int shape = 0; shape < kShapes; ++shape)
        for (int sub = 0; sub < kSub * kSub; ++sub)
            stamps_.push_back(stampOf(shape, radius, (sub % kSub + 0.5) / kSub, (sub / kSub + 0.5) / kSub));
}

void MapCanvas::begin(const Frame& frame) {
    frame_ = frame;
    const QSize pixels = frame.size * frame.ratio;
    if (image_.size() != pixels) image_ = QImage(pixels, QImage::Format_RGB32);
    image_.setDevicePixelRatio(frame.ratio);
    image_.fill(frame.background);
    chooseRadius();
    makeStamps();
    pass_ = image_.isNull() || order_.empty() ? kSelected + 1 : kPlain;
    next_ = 0;
}

void MapCanvas::stamp(float x, float y, int shape, std::uint32_t colour, int strength) {
    const int px = static_cast<int>(std::floor(x)), py = static_cast<int>(std::floor(y));
    const int sub = static_cast<int>((x - static_cast<float>(px)) * kSub) + kSub * static_cast<int>((y - static_cast<float>(py)) * kSub);
    const Stamp& stamp = stamps_[static_cast<std::size_t>(shape % kShapes * kSub * kSub + std::clamp(sub, 0, kSub * kSub - 1))];
    const int left = px - stamp.reach, top = py - stamp.reach;
    const int x0 = std::max(0, -left), x1 = std::min(stamp.side, image_.width() - left);
    const int y0 = std::max(0, -top), y1 = std::min(stamp.side, image_.height() - top);
    for (int r = y0; r < y1; ++r) {
        auto* line = reinterpret_cast<std::uint32_t*>(image_.scanLine(top + r)) + left;
        const std::uint8_t* cover = stamp.cover.data() + r * stamp.side;
        for (int c = x0; c < x1; ++c)
            if (cover[c] > 0) line[c] = mix(line[c], colour, static_cast<std::uint32_t>((cover[c] + 1) * strength >> 8));
    }
}

bool MapCanvas::draw(std::chrono::microseconds budget) {
    constexpr std::size_t kLook = 2048;  // points between looks at the clock
    const auto until = std::chrono::steady_clock::now() + budget;
    const auto ratio = static_cast<float>(frame_.ratio), scale = static_cast<float>(frame_.transform.scale) * ratio;
    const float middleX = static_cast<float>(image_.width()) / 2, middleY = static_cast<float>(image_.height()) / 2;
    const auto centreX = static_cast<float>(frame_.transform.centreX), centreY = static_cast<float>(frame_.transform.centreY);
    const float reach = static_cast<float>(stampsRadius_) + 2;
    const float right = static_cast<float>(image_.width()) + reach, bottom = static_cast<float>(image_.height()) + reach;
    const std::uint32_t plain = frame_.plain.rgb();
    std::vector<std::uint32_t> colours;
    for (const PointStyle& style : styles_) colours.push_back(style.colour.rgb());
    while (pass_ <= kSelected) {
        const int strength = anySelected_ && pass_ != kSelected ? kFaint : pass_ == kPlain ? 170 : kFull;
        for (; next_ < order_.size(); ++next_) {
            if (next_ % kLook == kLook - 1 && std::chrono::steady_clock::now() > until) return false;
            if (passOf_[next_] != pass_) continue;
            const float x = middleX + (positions_[2 * next_] - centreX) * scale, y = middleY - (positions_[2 * next_ + 1] - centreY) * scale;
            if (!(x > -reach && y > -reach && x < right && y < bottom)) continue;
            const std::uint8_t style = styleOf_[next_];
            if (style == kNoStyle)
                stamp(x, y, 0, plain, strength);
            else
                stamp(x, y, styles_[style].shape, colours[style], strength);
        }
        ++pass_;
        next_ = 0;
    }
    return true;
}

}  // namespace tomoloupe
