#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/volume/volume.h"

namespace tomoloupe {

/// Da per Å^3: protein of partial specific volume 0.74 cm^3/g (Harpaz, Gerstein and Chothia 1994).
inline constexpr double kProteinDensity = 0.81;

/// A point of mass: an atom, or a residue of a built-in structure.
struct MassPoint {
    Vec3 positionAngstrom;
    double massDalton = 0;
};

/// Points of mass about the middle of their bounding box, which lies at the origin.
struct Molecule {
    std::string name;
    std::string source;          ///< the file, or the entry and paper that a built-in structure follows
    std::string symmetry = "C1";  ///< point group; the main axis along z
    std::vector<MassPoint> points;
    [[nodiscard]] double massDalton() const;
    [[nodiscard]] double radiusAngstrom() const;  ///< of the farthest point
};

/// Reads PDB or mmCIF (also .gz) and builds the first biological assembly (BIOMT, struct_assembly), the first model only, without
/// water and hydrogens. Throws ReadError: no such file, not a structure, no atoms.
[[nodiscard]] Molecule readMolecule(const std::filesystem::path& path);

struct BuiltInStructure {
    std::string name;   ///< "proteasome-20s"
    std::string title;  ///< "20S proteasome"
    std::string symmetry;
    double massDalton = 0;
    double diameterAngstrom = 0;
    std::string source;
};

/// In a fixed order, the largest first.
[[nodiscard]] const std::vector<BuiltInStructure>& builtInStructures();
/// Their names in this order, for a message.
[[nodiscard]] std::string builtInNames();
/// Throws Error naming those there are.
[[nodiscard]] Molecule builtInMolecule(std::string_view name);

/// Mass weighted density, Da per Å^3: every point becomes a Gaussian of standard deviation resolution / 2
/// (Situs pdb2vol's "2 sigma" convention, method.md 4.1). A cube of even side; the molecule's origin lies at index side/2.
[[nodiscard]] Volume densityOf(const Molecule& molecule, double voxelSizeAngstrom, double resolutionAngstrom);

}  // namespace tomoloupe
