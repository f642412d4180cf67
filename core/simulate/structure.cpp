#include "core/simulate/structure.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/simulate/molecule.h"
#include "core/simulate/structure_map.h"

namespace tomoloupe {
namespace {

constexpr std::array kAtomExtensions{".pdb", ".ent", ".cif", ".mmcif"};
constexpr std::array kMapExtensions{".mrc", ".map", ".ccp4"};

/// A file's name taken apart: "1aon.pdb.gz" is "1aon" and ".pdb"; the extension in lower case.
struct FileName {
    std::string stem, extension;
};

FileName fileName(const std::filesystem::path& path) {
    std::filesystem::path name = path.filename();
    const auto lower = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return char(std::tolower(c)); });
        return text;
    };
    std::string extension = lower(name.extension().string());
    if (extension == ".gz" || extension == ".bz2") {
        name = name.stem();
        extension = lower(name.extension().string());
    }
    return {name.stem().string(), extension};
}

template <typename List>
bool among(const List& extensions, const std::string& extension) {
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

bool isBuiltIn(const std::string& name) {
    const auto& all = builtInStructures();
    return std::any_of(all.begin(), all.end(), [&](const BuiltInStructure& known) { return known.name == name; });
}

/// The density that as many voxels exceed as the molecule's mass fills.
double levelOfMass(const Volume& density, double massDalton) {
    const double voxel = density.voxelSizeAngstrom();
    std::vector<float> values(density.voxels().begin(), density.voxels().end());
    const auto count = std::int64_t(massDalton / kProteinDensity / (voxel * voxel * voxel));
    const auto nth = values.begin() + std::clamp<std::int64_t>(count, 0, std::int64_t(values.size()) - 1);
    std::nth_element(values.begin(), nth, values.end(), std::greater<>());
    return *nth;
}

Structure structureOf(const Molecule& molecule, const StructureOptions& options) {
    Structure structure;
    structure.name = molecule.name;
    structure.source = molecule.source;
    structure.symmetry = molecule.symmetry;
    structure.massDalton = molecule.massDalton();
    structure.radiusAngstrom = molecule.radiusAngstrom();
    structure.density = densityOf(molecule, options.voxelSizeAngstrom, options.resolutionAngstrom);
    structure.maskLevel = levelOfMass(structure.density, structure.massDalton);
    return structure;
}

/// What a list means: every folder replaced by the structure files in it, by name.
std::vector<std::string> expanded(std::span<const std::string> namesOrFiles) {
    std::vector<std::string> list;
    for (const std::string& item : namesOrFiles) {
        std::error_code ignored;
        if (isBuiltIn(item) || !std::filesystem::is_directory(item, ignored)) {
            list.push_back(item);
            continue;
        }
        std::vector<std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator(item)) {
            const std::string extension = fileName(entry.path()).extension;
            if (entry.is_regular_file() && (among(kAtomExtensions, extension) || among(kMapExtensions, extension))) {
                files.push_back(entry.path().string());
            }
        }
        if (files.empty()) throw Error(fmt::format("The folder {} holds no structure (PDB, mmCIF or MRC file)", item));
        std::sort(files.begin(), files.end());
        list.insert(list.end(), files.begin(), files.end());
    }
    return list;
}

}  // namespace

Structure loadStructure(const std::string& nameOrFile, const StructureOptions& options) {
    if (isBuiltIn(nameOrFile)) return structureOf(builtInMolecule(nameOrFile), options);
    const std::filesystem::path path(nameOrFile);
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) {
        throw Error(fmt::format("“{}” is neither a file nor a built-in structure; built in are {}", nameOrFile, builtInNames()));
    }
    const FileName name = fileName(path);
    Structure structure;
    if (among(kMapExtensions, name.extension)) {
        structure = structureOfMap(path, options.voxelSizeAngstrom);
    } else if (among(kAtomExtensions, name.extension)) {
        structure = structureOf(readMolecule(path), options);
    } else {
        throw Error(fmt::format(
            "{} is no structure: give a PDB (.pdb, .ent), mmCIF (.cif, .mmcif) or MRC file (.mrc, .map, .ccp4)", nameOrFile));
    }
    structure.name = name.stem;
    return structure;
}

std::vector<Structure> loadStructures(std::span<const std::string> namesOrFiles, const StructureOptions& options) {
    const std::vector<std::string> list = expanded(namesOrFiles);
    if (list.empty())
        throw Error(fmt::format("No structure is given: name files or built-in structures; built in are {}", builtInNames()));
    // Names are compared before anything is read, which may take long.
    std::map<std::string, std::string> seen;
    for (const std::string& item : list) {
        const std::string name = isBuiltIn(item) ? item : fileName(item).stem;
        const auto [known, fresh] = seen.emplace(name, item);
        if (fresh) continue;
        throw Error(known->second == item
                        ? fmt::format("“{}” is given twice: every structure is one class", item)
                        : fmt::format("{} and {} would both be the class “{}”: rename one", known->second, item, name));
    }
    std::vector<Structure> structures;
    for (const std::string& item : list) structures.push_back(loadStructure(item, options));
    return structures;
}

}  // namespace tomoloupe
