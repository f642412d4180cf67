#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/recipe/recipe.h"
#include "core/simulate/imaging.h"
#include "core/simulate/scene.h"
#include "core/simulate/structure.h"

namespace tomoloupe {

/// A simulated subtomogram with its truth. Positions are indices of voxel centres of the box.
struct SimulatedParticle {
    Volume volume;  ///< boxSize^3 voxels, particles bright on dark, mass density units
    Volume clean;   ///< the same without noise
    Volume mask;    ///< 1 where the target is, 0 elsewhere
    int classIndex = 0;
    Rotation rotation;  ///< particle frame to box frame
    Vec3 positionVoxels;
    std::vector<PlacedStructure> scene;  ///< target first, Å from the target
    /// Over the scene, as published: variance of the signal over that of the noise, both as they pass CTF and wedge; 0 without noise.
    double sceneSnr = 0;
    double noiseVariance = 0;  ///< expected; what a box holds differs by chance
    double localSnr = 0;  ///< over the box: variance of the noise-free image over that of the noise in it
};

/// Makes labelled subtomograms of crowded scenes. Immutable once made; make() may be called from several threads.
class Simulator {
  public:
    /// Loads the structures. Throws InvalidOptions, and Error for a structure that cannot be had or a scene that cannot be packed.
    explicit Simulator(const SimulateOptions& options);
    /// With structures loaded before, in place of options.structures; their voxels are half the size of the boxes'.
    Simulator(const SimulateOptions& options, std::vector<Structure> structures);
    ~Simulator();

    [[nodiscard]] const std::vector<Structure>& structures() const;
    [[nodiscard]] std::vector<std::string> classNames() const;
    /// Particle `index`, whose class is index % classes. Each has random streams of its own: the same options, index and seed give the
    /// same voxels, alone or among many, on any thread; scene and noise field do not depend on imaging and noise level.
    [[nodiscard]] SimulatedParticle make(std::int64_t index, std::uint64_t seed) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tomoloupe
