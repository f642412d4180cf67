#include "core/jobs/picking_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

void checkDiameter(const PickOptions& options, const TomogramRecord& tomogram) {
    if (options.diameterAngstrom <= 0 && options.sigmaVoxels <= 0)
        throw InvalidOptions("Picking by difference of Gaussians needs the particle's diameter in Å: give --diameter, such as 140");
    const auto thinnest = double(std::min({tomogram.shape.x, tomogram.shape.y, tomogram.shape.z})) * tomogram.voxelSizeAngstrom;
    if (options.diameterAngstrom > thinnest)
        throw InvalidOptions(fmt::format("A particle of {:.4g} Å does not fit tomogram {}, which is {:.4g} Å at its thinnest (voxels of "
                                         "{:.4g} Å); check --diameter and the tomogram's voxel size",
                                         options.diameterAngstrom, tomogram.name, thinnest, tomogram.voxelSizeAngstrom));
}

}  // namespace

TomogramRecord tomogramOf(const Project& project, const std::string& name) {
    const std::vector<TomogramRecord> all = project.tomograms();
    if (all.empty()) throw Error("The project has no tomogram; bring one in with project import --tomogram FILE");
    std::vector<std::string> names;
    for (const TomogramRecord& tomogram : all) names.push_back(tomogram.name);
    if (name.empty() && all.size() > 1)
        throw Error(fmt::format("Name the tomogram with --tomogram; the project has {}", fmt::join(names, ", ")));
    const auto found = std::find_if(all.begin(), all.end(), [&](const TomogramRecord& tomogram) {
        return name.empty() || tomogram.name == name;
    });
    if (found == all.end())
        throw Error(fmt::format("The project has no tomogram named {}; it has {}", name, fmt::join(names, ", ")));
    if (!std::filesystem::exists(found->path))
        throw Error(fmt::format("The file of tomogram {} is no longer at {}; tell where it lies now with project relink", found->name,
                                found->path.string()));
    return *found;
}

void checkNewSet(const Project& project, const std::string& name) {
    if (name.empty() || name.find('/') != std::string::npos || name.front() == '.')
        throw InvalidOptions(fmt::format("\"{}\" cannot name a particle set: it must not be empty, begin with a dot or hold a /", name));
    for (const ParticleSetRecord& set : project.particleSets())
        if (set.name == name) throw Error(fmt::format("The project has a particle set named {} already; choose another name", name));
}

TomogramRecord checkPicking(const Project& project, const PickOptions& options, const std::string& newSet) {
    TomogramRecord tomogram = tomogramOf(project, options.tomogram);
    checkNewSet(project, newSet);
    if (options.method == "dog") checkDiameter(options, tomogram);
    if (options.method == "template" && options.templates.empty())
        throw InvalidOptions("Picking with templates needs at least one: give --template with a built-in structure's name or a file");
    return tomogram;
}

ParticleSetRecord checkExtraction(const Project& project, const std::string& set) {
    ParticleSetRecord record = project.particleSet(set);
    if (record.count == 0) throw Error(fmt::format("Set {} is empty: there is nothing to cut out", set));
    for (const Particle& particle : project.particles(record.id).particles)
        if (particle.tomogram.empty())
            throw Error(fmt::format("The particles of set {} are subtomograms of their own, not places in a tomogram: nothing can be cut "
                                    "out",
                                    set));
    return record;
}

}  // namespace tomoloupe
