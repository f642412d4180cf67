#include "ui/render/scene_look.h"

#include <cmath>
#include <numbers>

#include "core/volume/vector_math.h"

namespace tomoloupe {
namespace {

double dot(Vec3 a, Vec3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
Vec3 unit(Vec3 v) {
    return 1 / length(v) * v;
}

}  // namespace

SceneLook::SceneLook(Vec3 eye, Vec3 focus, Vec3 up, double parallelScale, double viewAngle)
    : eye_(eye),
      forward_(unit(focus - eye)),
      parallelScale_(parallelScale),
      tangent_(std::tan(viewAngle / 2 * std::numbers::pi / 180)) {
    right_ = unit(cross(forward_, up));
    up_ = cross(right_, forward_);
}

double SceneLook::halfHeightAt(Vec3 world) const {
    return parallel() ? parallelScale_ : tangent_ * dot(world - eye_, forward_);
}

std::optional<ScreenPoint> SceneLook::projected(Vec3 world) const {
    const double half = halfHeightAt(world);
    if (!(half > 0)) return std::nullopt;
    return ScreenPoint{dot(world - eye_, right_) / half, dot(world - eye_, up_) / half};
}

Ray SceneLook::rayThrough(ScreenPoint at) const {
    if (!parallel()) return {eye_, unit(forward_ + tangent_ * at.x * right_ + tangent_ * at.y * up_)};
    constexpr double kFar = 1e5;  // nothing is behind the eye where all rays are parallel
    return {eye_ + parallelScale_ * at.x * right_ + parallelScale_ * at.y * up_ - kFar * forward_, forward_};
}

}  // namespace tomoloupe
