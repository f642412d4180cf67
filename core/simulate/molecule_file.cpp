// gemmi's headers come first: they define and undefine macros of their own (CHECK).
#include <gemmi/mmread.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/io/positioned_file.h"
#include "core/io/unpack.h"
#include "core/simulate/molecule.h"
#include "core/simulate/molecule_points.h"
#include "core/simulate/molecule_remarks.h"

namespace tomoloupe {
namespace {

constexpr std::uint64_t kTextAtMost = std::uint64_t(4) << 30;  // the largest entry of the PDB has some 0.4 GB of text
constexpr double kUnknownElementDalton = 12;

/// The file's text, unpacked where it is packed.
std::vector<char> textOf(const std::filesystem::path& path) {
    PositionedFile file(path);
    const PositionedFile text = packingOf(file) == Packing::None ? std::move(file) : unpacked(file, kTextAtMost);
    if (text.size() > kTextAtMost) throw ReadError(fmt::format("{} is too large for a PDB or mmCIF file", path.string()));
    std::vector<char> characters(text.size());
    text.readAt(0, std::as_writable_bytes(std::span(characters)));
    return characters;
}

gemmi::Structure parsed(const std::filesystem::path& path) {
    std::vector<char> text = withModernChainLists(textOf(path));
    if (text.size() < 8) throw ReadError(fmt::format("{} is empty: give a PDB or mmCIF file", path.string()));
    try {
        return gemmi::read_structure_from_char_array(text.data(), text.size(), path.string());
    } catch (const std::exception& error) {
        throw ReadError(fmt::format("{} cannot be read as PDB or mmCIF: {}", path.string(), error.what()));
    }
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Of atoms that share a name in a residue (alternative places) the first.
bool seenBefore(const gemmi::Residue& residue, std::size_t index) {
    if (residue.atoms[index].altloc == '\0') return false;
    for (std::size_t i = 0; i < index; ++i) {
        if (residue.atoms[i].name == residue.atoms[index].name) return true;
    }
    return false;
}

void addResidue(const gemmi::Residue& residue, const gemmi::Transform& transform, std::vector<MassPoint>& points) {
    if (residue.is_water()) return;
    for (std::size_t i = 0; i < residue.atoms.size(); ++i) {
        const gemmi::Atom& atom = residue.atoms[i];
        if (atom.is_hydrogen() || seenBefore(residue, i)) continue;
        const gemmi::Vec3 place = transform.apply(atom.pos);
        const double mass = atom.element.weight();
        points.push_back({{place.x, place.y, place.z}, mass > 0 ? mass : kUnknownElementDalton});
    }
}

/// Residues that stand for one another (one number, several names, alternative places): the first.
bool alternative(const gemmi::Chain& chain, std::size_t index) {
    if (index == 0) return false;
    const gemmi::Residue &residue = chain.residues[index], &before = chain.residues[index - 1];
    return residue.seqid == before.seqid && residue.name != before.name && !residue.atoms.empty() &&
           residue.atoms.front().altloc != '\0';
}

/// Residues of which `wanted(chain, residue)` is true.
template <typename Wanted>
void addModel(const gemmi::Model& model, const gemmi::Transform& transform, const Wanted& wanted,
              std::vector<MassPoint>& points) {
    for (const gemmi::Chain& chain : model.chains) {
        for (std::size_t i = 0; i < chain.residues.size(); ++i) {
            const gemmi::Residue& residue = chain.residues[i];
            if (wanted(chain, residue) && !alternative(chain, i)) addResidue(residue, transform, points);
        }
    }
}

/// PDB files name chains, mmCIF files the subchains (label_asym_id).
std::vector<MassPoint> assembled(const gemmi::Model& model, const gemmi::Assembly& assembly) {
    std::vector<MassPoint> points;
    for (const gemmi::Assembly::Gen& part : assembly.generators) {
        const bool all = contains(part.chains, "(all)");
        const auto wanted = [&](const gemmi::Chain& chain, const gemmi::Residue& residue) {
            return all || contains(part.chains, chain.name) || contains(part.subchains, residue.subchain);
        };
        for (const gemmi::Assembly::Operator& step : part.operators) addModel(model, step.transform, wanted, points);
    }
    return points;
}

}  // namespace

Molecule readMolecule(const std::filesystem::path& path) {
    const gemmi::Structure structure = parsed(path);
    Molecule molecule;
    molecule.source = path.string();
    molecule.name = path.stem().string();
    if (!structure.models.empty()) {
        const gemmi::Model& model = structure.models.front();
        if (!structure.assemblies.empty()) molecule.points = assembled(model, structure.assemblies.front());
        const auto everything = [](const gemmi::Chain&, const gemmi::Residue&) { return true; };
        if (molecule.points.empty()) addModel(model, {}, everything, molecule.points);
    }
    if (molecule.points.empty()) {
        throw ReadError(fmt::format("{} holds no atoms: give a PDB or mmCIF file with coordinates", path.string()));
    }
    for (const MassPoint& point : molecule.points) {
        const Vec3 p = point.positionAngstrom;
        if (!(std::abs(p.x) < 1e5 && std::abs(p.y) < 1e5 && std::abs(p.z) < 1e5)) {
            throw ReadError(
                fmt::format("{} has an atom at ({}, {}, {}) Å, which is no place for one", path.string(), p.x, p.y, p.z));
        }
    }
    centreOnBoundingBox(molecule.points);
    return molecule;
}

}  // namespace tomoloupe
