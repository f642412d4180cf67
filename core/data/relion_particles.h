#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/data/particle.h"
#include "core/io/star.h"

namespace tomoloupe {

/// A tomogram that particles may lie in. Their positions come out in its voxels.
struct RelionTomogram {
    std::string name;
    Index3 shapeVoxels;
    double voxelSizeAngstrom = 1;
    std::optional<Index3>
        sizeBin1Pixels;  ///< as tomograms.star tells; wins over the shape, which may have been rounded
};

/// What holds in place of what the file tells, for files that tell it wrongly or not at all.
struct RelionConvention {
    enum class Origin { AsTold, Corner, Centre };
    double pixelSizeAngstrom = 0;  ///< of the tilt series; 0: as the file tells
    double binning = 1;            ///< rlnCoordinate counts voxels of this many pixels
    Origin origin = Origin::AsTold;
};

struct RelionReadOptions {
    std::vector<RelionTomogram> tomograms;
    std::string tomogram;  ///< all particles lie in this one; empty: each row names its own
    RelionConvention convention = {};
};

/// What a file tells about its positions.
struct RelionPositions {
    bool inAngstromFromCentre = false;  ///< rlnCenteredCoordinate; else in pixels from the corner
    double pixelSizeAngstrom = 0;       ///< of the tilt series, in the first row; 0: not told
};
/// Throws ReadError where there are none.
[[nodiscard]] RelionPositions positionsTold(const StarFile& file, const std::string& sourceName);

/// Reads particle lists of RELION 3.0, 3.1, 4 and 5 and of Warp (formats.md 3.6, 3.9). Every column and block is kept
/// verbatim.
///
/// Position: rlnCoordinate in pixels of the tilt series counted from the corner, or rlnCenteredCoordinate in Å counted
/// from N/2, minus A_sub * rlnOrigin. Orientation: A_sub * A_part, A from rot, tilt, psi as in core/volume/rotation.h.
/// A tomogram that is not given has voxels of the tilt series' pixel size; then positions from its centre cannot be
/// placed, and a warning says so. Throws ReadError naming what is missing.
[[nodiscard]] ParticleTable particlesFromRelion(const StarFile& file, const std::string& sourceName,
                                                const RelionReadOptions& options);
[[nodiscard]] ParticleTable readRelionParticles(const std::filesystem::path& path, const RelionReadOptions& options);

/// A text column to add to the particles, or to replace where there is one of this name.
struct ExtraColumn {
    std::string name;
    std::vector<std::string> values;
    bool replace = true;  ///< false: a column of this name stays as it is
};

struct RelionWriteOptions {
    double voxelSizeAngstrom = 1;  ///< of the tomograms, for a table that did not come from RELION
    std::vector<ExtraColumn> extraColumns;
};

/// The file as it came in plus the extra columns; a table from elsewhere becomes one of RELION 4.
[[nodiscard]] StarFile relionFromParticles(const ParticleTable& table, const RelionWriteOptions& options);

}  // namespace tomoloupe
