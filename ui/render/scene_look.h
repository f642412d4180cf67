#pragma once

#include <optional>

#include "ui/render/particle_glyphs.h"

namespace tomoloupe {

/// A place in a picture: pixels from its middle, up is positive, in halves of its height.
struct ScreenPoint {
    double x = 0, y = 0;
};

/// How a scene is looked at: from the world to the picture and back, without OpenGL. A value.
class SceneLook {
  public:
    /// `parallelScale`: half the height of what is seen, 0: in perspective, with the whole `viewAngle` in degrees.
    SceneLook(Vec3 eye, Vec3 focus, Vec3 up, double parallelScale, double viewAngle);

    [[nodiscard]] bool parallel() const { return parallelScale_ > 0; }
    /// None behind the eye.
    [[nodiscard]] std::optional<ScreenPoint> projected(Vec3 world) const;
    [[nodiscard]] Ray rayThrough(ScreenPoint at) const;
    /// Half the height of the picture, in the world's unit, at the depth of a place.
    [[nodiscard]] double halfHeightAt(Vec3 world) const;

  private:
    Vec3 eye_, right_, up_, forward_;
    double parallelScale_, tangent_;
};

}  // namespace tomoloupe
