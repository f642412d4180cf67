#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/volume/rotation.h"

namespace tomoloupe {

/// One particle. Converted from every package's convention at the border (core/data/relion_particles.h ...).
struct Particle {
    std::int64_t id = 0;         ///< in the project; 0 before it is stored
    std::string tomogram;        ///< name of its tomogram; empty when it came as a subtomogram of its own
    Vec3 positionVoxels;         ///< index of voxel centres, zero based, in its tomogram
    Rotation tomogramFromParticle;
    double score = 0;
    std::string source;          ///< for subtomograms of their own: the file it came from
    std::vector<std::string> columns;  ///< the source table's row, verbatim; names are kept by the set
};

/// Where a particle of a set lies in its tomogram.
struct ParticlePlace {
    std::int64_t id = 0, index = 0;  ///< in the project and in its set
    Vec3 positionVoxels;
    double score = 0;
    Rotation tomogramFromParticle = {};
};

/// A particle table: rows with one set of source columns.
struct ParticleTable {
    std::vector<Particle> particles;
    std::vector<std::string> columnNames;  ///< of Particle::columns
    std::string format;                    ///< "relion5", "relion4", "relion3", "csv", ...
    /// The rest of the source file, verbatim, so that it can be written as it came (STAR blocks other than the particles').
    std::string otherBlocks;
    std::vector<std::string> warnings;
};

}  // namespace tomoloupe
