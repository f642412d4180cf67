#pragma once

#include <QColor>
#include <QImage>
#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "ui/views/map_transform.h"

namespace tomoloupe {

/// How the points of one style look.
struct PointStyle {
    QColor colour;
    int shape = 0;  ///< disc, square, triangle, diamond, cross, ring, and again from the start
};

/// Draws many points into a picture, a little at a time, so that a million never hold up the window: any part is a fair sample of all,
/// because they come in a shuffled order. Points without a style come first, selected ones last. GUI thread.
class MapCanvas {
  public:
    static constexpr std::uint8_t kNoStyle = 255;

    /// x and y of each point, one after the other.
    void setPoints(std::span<const float> positions);
    [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(order_.size()); }
    /// `styleOf`: place in `styles`, kNoStyle: none.
    void setStyles(const std::vector<std::uint8_t>& styleOf, std::vector<PointStyle> styles);
    /// Others become faint while any is selected.
    void setSelected(const std::vector<std::int64_t>& points);

    struct Frame {
        MapTransform transform;
        QSize size;  ///< logical pixels
        qreal ratio = 1;
        QColor background, plain;  ///< plain: of points without a style
    };
    /// Starts a new picture.
    void begin(const Frame& frame);
    /// Draws on for about this long; true when all is drawn.
    bool draw(std::chrono::microseconds budget);
    [[nodiscard]] bool complete() const { return pass_ > kSelected; }
    [[nodiscard]] const QImage& image() const { return image_; }
    [[nodiscard]] const Frame& frame() const { return frame_; }
    /// One point of a style for a legend, `side` logical pixels wide.
    [[nodiscard]] static QImage swatch(const PointStyle& style, int side, qreal ratio);
    /// Logical radius of a point.
    [[nodiscard]] double radius() const { return radius_; }

  private:
    enum Pass { kPlain, kStyled, kSelected };
    struct Stamp {
        int side = 0, reach = 0;
        std::vector<std::uint8_t> cover;  // [side, side]
    };
    void chooseRadius();
    void makeStamps();
    [[nodiscard]] static Stamp stampOf(int shape, double radius, double dx, double dy);
    void stamp(float x, float y, int style, std::uint32_t colour, int strength);

    static constexpr int kShapes = 6, kSub = 3;  // places within a pixel, along each axis

    std::vector<float> positions_;  // in the shuffled order
    std::vector<std::int32_t> order_;
    std::vector<std::uint8_t> styleOf_, passOf_;
    std::vector<PointStyle> styles_;
    bool anySelected_ = false;
    Frame frame_;
    QImage image_;
    std::vector<Stamp> stamps_;
    double radius_ = 2, stampsRadius_ = 0;
    int pass_ = kSelected + 1;
    std::size_t next_ = 0;
};

}  // namespace tomoloupe
