#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/volume/rotation.h"
#include "core/volume/volume.h"

namespace tomoloupe {

/// What can be placed into a scene: density about its middle.
struct Structure {
    std::string name;             ///< the class: a built-in name, or the file's name without folder and extensions
    std::string source;           ///< file, or entry and paper
    std::string symmetry = "C1";  ///< point group, main axis along z; C1 for files
    double massDalton = 0;        ///< 0: unknown (a density map)
    double radiusAngstrom = 0;    ///< of a sphere about the middle that holds it
    double maskLevel = 0;         ///< density above this belongs to the particle
    Volume density;               ///< a cube whose middle is index side/2, finer than the scenes it is placed in
};

struct StructureOptions {
    double voxelSizeAngstrom = 5;   ///< of Structure::density; half that of the scene is fine enough
    double resolutionAngstrom = 10;
};

/// A built-in structure, or a PDB, mmCIF or MRC file. A map gets the voxel size asked for, its background at 0 and its middle in the middle.
/// Throws Error with one sentence: neither a known name nor a file, no atoms, an empty map.
[[nodiscard]] Structure loadStructure(const std::string& nameOrFile, const StructureOptions& options);

/// The same for a list; a folder stands for the structure files in it, by name. Throws Error for none, and for two of one name.
[[nodiscard]] std::vector<Structure> loadStructures(std::span<const std::string> namesOrFiles, const StructureOptions& options);

/// Adds the structure, turned by `rotation` about its middle which comes to lie at `positionVoxels` (index of voxel centres), to
/// `voxels` of `shape` with voxels of `voxelSizeAngstrom`; trilinear interpolation of its density. What lies outside is left out.
void addStructure(const Structure& structure, const Rotation& rotation, Vec3 positionVoxels, double voxelSizeAngstrom,
                  Index3 shape, std::span<float> voxels);

}  // namespace tomoloupe
