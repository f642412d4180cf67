#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/io/safetensors.h"
#include "core/jobs/learning_checks.h"

namespace tomoloupe {
namespace {

void readStack(const Project& project, const ParticleSetRecord& record, SetFacts& facts) {
    if (record.stackPath.empty()) {
        facts.problem = fmt::format("Set {} has places in tomograms, but no subtomograms yet: cut them out first (page Pick, tab Extract)", record.name);
        return;
    }
    try {
        const auto source = project.subtomograms(record);
        facts.box = source->boxShape();
        facts.voxelSizeAngstrom = source->voxelSizeAngstrom();
    } catch (const Error& cause) {
        facts.problem = cause.what();
    }
}

void readTomograms(const Project& project, std::int64_t set, SetFacts& facts) {
    std::map<std::string, double> voxels;
    for (const TomogramRecord& tomogram : project.tomograms()) voxels[tomogram.name] = tomogram.voxelSizeAngstrom;
    std::set<double> used;
    for (Particle& particle : project.particlesWithoutColumns(set).particles) {
        if (const auto found = voxels.find(particle.tomogram); found != voxels.end()) used.insert(found->second);
        facts.tomograms.push_back(std::move(particle.tomogram));
    }
    std::set<std::string> names(facts.tomograms.begin(), facts.tomograms.end());
    names.erase("");
    facts.tomogramCount = static_cast<int>(names.size());
    facts.tomogramVoxels.assign(used.begin(), used.end());
}

void readLabels(const Project& project, std::int64_t set, SetFacts& facts) {
    for (const LabelSetRecord& known : project.labelSets())
        if (known.current) facts.labelSet = known.name;
    const std::vector<std::int64_t> labels = project.labels(set);
    std::map<std::int64_t, int> indexOf;
    for (const ClassRecord& record : project.classes()) {
        const auto count = std::count(labels.begin(), labels.end(), record.id);
        if (record.role == ClassRole::Unsure) facts.unsure += count;
        if (count == 0 || record.role == ClassRole::Unsure) continue;
        indexOf[record.id] = static_cast<int>(facts.classes.size());
        facts.classes.push_back({record.name, record.colour, count, 0});
    }
    std::vector<std::set<std::string>> where(facts.classes.size());
    std::vector<std::string> tomograms;
    for (std::size_t i = 0; i < labels.size() && i < facts.tomograms.size(); ++i) {
        const auto found = indexOf.find(labels[i]);
        if (found == indexOf.end()) continue;
        facts.labels.push_back(found->second);
        if (!facts.tomograms[i].empty()) where[static_cast<std::size_t>(found->second)].insert(facts.tomograms[i]);
        tomograms.push_back(std::move(facts.tomograms[i]));
    }
    facts.tomograms = std::move(tomograms);
    for (std::size_t c = 0; c < where.size(); ++c) facts.classes[c].tomograms = static_cast<int>(where[c].size());
}

}  // namespace

SetFacts readSetFacts(const Project& project, const std::string& set) {
    const ParticleSetRecord record = project.particleSet(set);
    SetFacts facts;
    facts.name = record.name;
    facts.particles = record.count;
    readStack(project, record, facts);
    readTomograms(project, record.id, facts);
    readLabels(project, record.id, facts);
    return facts;
}

ModelFacts readModelFacts(const Project& project, const std::string& reference) {
    const bool isFile = std::filesystem::is_regular_file(reference);
    const auto metadata = SafetensorsReader(isFile ? std::filesystem::path(reference) : project.run(reference).modelPath()).metadata();
    const auto found = metadata.find("tomoloupe");
    if (found == metadata.end()) throw Error(fmt::format("{} is no Tomoloupe model: it has no manifest", reference));
    const auto json = nlohmann::json::parse(found->second, nullptr, false);
    if (!json.is_object()) throw Error(fmt::format("The manifest of the model {} cannot be read", reference));
    ModelFacts facts;
    if (const auto encoder = json.find("encoder"); encoder != json.end() && encoder->is_object()) facts.encoder = encoder->value("encoder", "");
    facts.box = json.value("box", std::int64_t(0));
    facts.voxelSizeAngstrom = json.value("voxel_size_angstrom", 0.0);
    facts.classes = json.value("classes", std::vector<std::string>());
    return facts;
}

}  // namespace tomoloupe
