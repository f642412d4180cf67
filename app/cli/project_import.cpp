#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "app/cli/project_commands.h"
#include "core/base/error.h"
#include "core/project/import.h"

namespace tomoloupe::cli {
namespace {

struct ImportFlags {
    std::string project, subtomograms, labels, particles, set;
    std::vector<std::string> tomograms;
    bool labelsFromFolders = false;
};

void printSet(const ImportedSet& imported, const Session& session) {
    for (const std::string& warning : imported.warnings) logWarning("{}", warning);
    const ParticleSetRecord& set = imported.set;
    if (session.json)
        return printJson({{"set", set.name},
                          {"particles", set.count},
                          {"labelled", imported.labelled},
                          {"box", set.boxSize},
                          {"voxel_size_angstrom", set.voxelSizeAngstrom},
                          {"warnings", imported.warnings}});
    std::cout << fmt::format("set {}: {} particles, {} labelled\n", set.name, set.count, imported.labelled);
}

void importFolderOf(const ImportFlags& flags, Project& project, const Session& session) {
    const Interrupts interrupts(StopWish::Cancel);
    ConsoleSink console;
    ProgressMeter meter;
    meter.beginStage("Reading subtomograms", 0);
    const auto progress = [&](std::int64_t done, std::int64_t total) {
        console.onProgress(meter.update(double(done), double(total)));
    };
    const FolderImportOptions options{flags.subtomograms, flags.labels, flags.labelsFromFolders};
    const ImportedSet imported =
        importSubtomograms(project, session.readers, options, flags.set, progress, interrupts.token());
    console.onEnd({});
    printSet(imported, session);
}

void importTomograms(const ImportFlags& flags, Project& project, const Session& session) {
    nlohmann::json all = nlohmann::json::array();
    for (const std::string& file : flags.tomograms) {
        const TomogramRecord tomogram = importTomogram(project, session.readers, file);
        const Index3 shape = tomogram.shape;
        if (!session.json)
            std::cout << fmt::format("tomogram {}: {} x {} x {} voxels of {:.4g} Å\n", tomogram.name, shape.x, shape.y,
                                     shape.z, tomogram.voxelSizeAngstrom);
        all.push_back({{"name", tomogram.name},
                       {"path", tomogram.path.string()},
                       {"shape", {shape.x, shape.y, shape.z}},
                       {"voxel_size_angstrom", tomogram.voxelSizeAngstrom}});
    }
    if (session.json) printJson({{"tomograms", all}});
}

void importWhatIsNamed(const ImportFlags& flags, const Session& session) {
    const bool folder = !flags.subtomograms.empty(), list = !flags.particles.empty(),
               tomogram = !flags.tomograms.empty();
    if (!folder && !list && !tomogram) throw CLI::RequiredError("--subtomograms, --tomogram or --particles");
    if (folder && (list || tomogram))
        throw CLI::ValidationError("--subtomograms", "is imported on its own, without --tomogram or --particles");
    if ((folder || list) && flags.set.empty()) throw CLI::RequiredError("--set");
    if (list && flags.tomograms.size() > 1)
        throw CLI::ValidationError("--tomogram", "name one tomogram for the particles");
    const auto project = Project::open(flags.project);
    if (folder) return importFolderOf(flags, *project, session);
    if (list)
        return printSet(importParticles(*project, flags.particles, tomogram ? flags.tomograms[0] : "", flags.set),
                        session);
    importTomograms(flags, *project, session);
}

}  // namespace

void addProjectImport(CLI::App& project, Session& session) {
    auto* command = project.add_subcommand("import", "Bring in tomograms, subtomograms or a particle list");
    const auto flags = std::make_shared<ImportFlags>();
    command->add_option("project", flags->project, "The project's folder")->required();
    command->add_option("--tomogram", flags->tomograms, "Tomogram files; with --particles: the tomogram's name")
        ->type_name("FILE");
    auto* folder =
        command->add_option("--subtomograms", flags->subtomograms, "Folder of subtomograms, one volume a file")
            ->type_name("DIR");
    auto* labels = command->add_option("--labels", flags->labels,
                                       "Table (CSV) of files with columns file, label, voxel_A, z, y, x ...");
    labels->type_name("CSV")->check(CLI::ExistingFile)->needs(folder);
    auto* byFolder = command->add_flag("--labels-from-folders", flags->labelsFromFolders,
                                       "The sub-folder a file lies in is its label");
    byFolder->needs(folder)->excludes(labels);
    command->add_option("--particles", flags->particles, "Particle list of RELION 3 to 5 or Warp (STAR)")
        ->type_name("STAR")
        ->check(CLI::ExistingFile);
    command->add_option("--set", flags->set, "Name of the new particle set");
    command->callback([flags, &session] { importWhatIsNamed(*flags, session); });
}

}  // namespace tomoloupe::cli
