#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/panels/orthogonal_views.h"

namespace tomoloupe {

/// What a plane cuts of particles: circles as large as it cuts their spheres, boxes, arrows along their axes.
struct SliceOfMarks {
    std::vector<SliceCircle> circles;
    std::vector<SliceStroke> strokes;

    /// `onto` brings a voxel onto the plane, `distanceOf` tells how far from it it lies.
    template <typename Onto, typename Distance>
    void add(const ParticleMark& mark, const ParticleArrows& arrows, const Onto& onto, const Distance& distanceOf) {
        const double distance = std::abs(distanceOf(mark.position));
        const bool boxed = distance <= mark.boxSide / 2;
        if (distance > mark.radius && !boxed) return;
        const PlanePoint at = onto(mark.position);
        const double cut = mark.radius * mark.radius - distance * distance;
        circles.push_back({at.u, at.v, cut < 0 ? -1 : std::sqrt(cut), mark.colour, mark.current, mark.byHand,
                           boxed ? mark.boxSide : 0});
        if (mark.byHand) return;
        const auto arrow = [&](Vec3 axis) {
            const PlanePoint tip = onto(mark.position + mark.radius * (mark.tomogramFromParticle * axis));
            strokes.push_back({{at.u, at.v}, {tip.u, tip.v}, mark.colour, true, false});
        };
        if (arrows.axis) arrow({0, 0, 1.5});
        if (arrows.axis && arrows.secondAxis) arrow({1, 0, 0});
    }
};

}  // namespace tomoloupe
