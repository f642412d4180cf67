#pragma once

#include <span>

#include "core/data/particle.h"
#include "core/data/subtomogram_source.h"

namespace tomoloupe {

/// What of the particle is at place p about the middle (voxel n/2) of a box cut along the tomogram's axes, at place
/// R^-1 p: the particle in its own frame. `tomogramFromParticle` is R; trilinear; 0 where the box has nothing.
[[nodiscard]] Volume inParticleFrame(const Volume& box, const Rotation& tomogramFromParticle);

/// Mean of subtomograms, each standardised and turned into its particle's frame, all alike in weight; the missing wedge
/// is not made up for. `indices` into the source and, in the same order as the source, its `particles`. Error when none is
/// named.
[[nodiscard]] Volume classAverage(const SubtomogramSource& source, std::span<const Particle> particles,
                                  std::span<const std::int64_t> indices);

}  // namespace tomoloupe
