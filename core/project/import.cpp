#include "core/project/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

/// Before the work, so that it is not done in vain.
void checkNameIsFree(const Project& project, const std::string& setName) {
    for (const ParticleSetRecord& set : project.particleSets())
        if (set.name == setName)
            throw Error(fmt::format("The project has a particle set named {} already; choose another name", setName));
}

std::int64_t storeLabels(Project& project, std::int64_t setId, const std::vector<std::string>& labels,
                         const std::string& author) {
    std::map<std::string, std::int64_t> classIds;
    std::vector<LabelEdit> edits;
    const std::vector<std::int64_t> ids = project.particleIds(setId);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i].empty()) continue;
        if (!classIds.count(labels[i])) classIds[labels[i]] = project.addClass(labels[i]).id;
        edits.push_back({ids[i], classIds[labels[i]]});
    }
    if (!edits.empty()) project.setLabels(edits, author);
    return static_cast<std::int64_t>(edits.size());
}

/// Class names in the column that our own export and simulation write; empty where there is none.
std::vector<std::string> labelsOf(const ParticleTable& table) {
    const auto& names = table.columnNames;
    const auto column = std::find(names.begin(), names.end(), "tomoloupeLabel");
    std::vector<std::string> labels;
    if (column == names.end()) return labels;
    for (const Particle& particle : table.particles) {
        const std::string& label = particle.columns[std::size_t(column - names.begin())];
        labels.push_back(label == "None" ? "" : label);
    }
    return labels;
}

}  // namespace

ImportedSet importSubtomograms(Project& project, const ReaderRegistry& readers, const FolderImportOptions& options,
                               const std::string& setName, const ImportProgress& progress, const StopToken& stop) {
    checkNameIsFree(project, setName);
    const std::filesystem::path stack = project.stackPathFor(setName);
    const FolderImport import = importFolder(readers, options, stack, progress, stop);
    ImportedSet imported;
    imported.warnings = import.table.warnings;
    const auto set = project.addParticleSet(setName, import.table, fmt::format("folder {}", options.folder.string()));
    project.setStack(set.id, stack, import.boxShape.x, import.voxelSizeAngstrom);
    const auto& source = options.labelsCsv.empty() ? options.folder : options.labelsCsv;
    imported.labelled =
        storeLabels(project, set.id, import.labels, fmt::format("import {}", source.filename().string()));
    imported.set = project.particleSet(setName);
    return imported;
}

TomogramRecord importTomogram(Project& project, const ReaderRegistry& readers, const std::filesystem::path& file) {
    const auto opened = readers.open(file);
    const VolumeInfo& info = opened->info();
    if (info.count != 1 || info.shape.z < 2)
        throw Error(fmt::format("{} is a stack of images, not a tomogram", file.string()));
    TomogramRecord tomogram;
    const bool packed = file.extension() == ".gz" || file.extension() == ".bz2";
    tomogram.name = (packed ? file.stem() : file).stem().string();
    tomogram.path = file;
    tomogram.shape = info.shape;
    tomogram.voxelSizeAngstrom = info.voxelSize();
    return project.addTomogram(tomogram);
}

RelionReadOptions readOptions(const std::vector<TomogramRecord>& known, const ListImportOptions& options) {
    RelionReadOptions read;
    read.tomogram = options.tomogram;
    read.convention = options.convention;
    for (const TomogramRecord& tomogram : known)
        read.tomograms.push_back({tomogram.name, tomogram.shape, tomogram.voxelSizeAngstrom, std::nullopt});
    return read;
}

ImportedSet importParticles(Project& project, const std::filesystem::path& starFile, const ListImportOptions& options,
                            const std::string& setName) {
    checkNameIsFree(project, setName);
    const RelionReadOptions read = readOptions(project.tomograms(), options);
    bool found = read.tomogram.empty();
    for (const RelionTomogram& known : read.tomograms) found = found || known.name == read.tomogram;
    if (!found) throw Error(fmt::format("The project has no tomogram named {}; import it first", read.tomogram));
    const ParticleTable table = readRelionParticles(starFile, read);
    ImportedSet imported;
    imported.warnings = table.warnings;
    const auto set = project.addParticleSet(setName, table, fmt::format("STAR {}", starFile.filename().string()));
    imported.labelled = storeLabels(project, set.id, labelsOf(table), fmt::format("import {}", starFile.filename().string()));
    imported.set = project.particleSet(setName);
    return imported;
}

ImportedSet importParticles(Project& project, const std::filesystem::path& starFile, const std::string& tomogram,
                            const std::string& setName) {
    return importParticles(project, starFile, ListImportOptions{.tomogram = tomogram}, setName);
}

}  // namespace tomoloupe
