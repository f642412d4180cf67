#include "core/project/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/data/csv.h"
#include "core/data/relion_particles.h"

namespace tomoloupe {
namespace {

/// What the project knows of each particle, as text.
struct Knowledge {
    std::vector<std::string> classNumbers, labels, predictions, probabilities;
    ExportCounts counts;
};

void addPredictions(const Project& project, const ExportOptions& options, const ParticleSetRecord& set,
                    const std::map<std::int64_t, std::string>& names, const ParticleTable& table, Knowledge& known) {
    std::map<std::int64_t, Prediction> byParticle;
    for (Prediction& prediction : project.predictions(options.predictionRun, set.id))
        byParticle.emplace(prediction.particleId, std::move(prediction));
    if (byParticle.empty())
        throw Error(fmt::format("Run {} has predicted nothing for set {}", options.predictionRun, set.name));
    for (const Particle& particle : table.particles) {
        const auto found = byParticle.find(particle.id);
        const auto name = found == byParticle.end() ? names.end() : names.find(found->second.classId);
        known.predictions.push_back(name == names.end() ? "None" : name->second);
        float best = 0;
        if (found != byParticle.end())
            for (const float probability : found->second.probabilities) best = std::max(best, probability);
        known.probabilities.push_back(fmt::format("{:.6f}", best));
        known.counts.predicted += found != byParticle.end();
    }
}

Knowledge knowledgeOf(const Project& project, const ExportOptions& options, const ParticleSetRecord& set,
                      const ParticleTable& table) {
    std::map<std::int64_t, std::string> names;
    std::map<std::int64_t, std::size_t> numbers{{0, 0}};
    for (const ClassRecord& known : project.classes()) {
        names[known.id] = known.name;
        numbers.emplace(known.id, numbers.size());
    }
    Knowledge known;
    known.counts.particles = set.count;
    for (const std::int64_t classId : project.labels(set.id)) {
        known.classNumbers.push_back(std::to_string(numbers[classId]));
        known.labels.push_back(classId == 0 ? "None" : names[classId]);
        known.counts.labelled += classId != 0;
    }
    if (!options.predictionRun.empty()) addPredictions(project, options, set, names, table, known);
    return known;
}

/// Of the voxels that positions count: those of the tomograms, whatever the boxes were binned by. Without tomograms, of the boxes.
double positionVoxel(const Project& project, const ParticleTable& table, const ParticleSetRecord& set) {
    std::set<std::string> used;
    for (const Particle& particle : table.particles) used.insert(particle.tomogram);
    double voxel = 0;
    for (const TomogramRecord& tomogram : project.tomograms()) {
        if (!used.count(tomogram.name)) continue;
        if (voxel > 0 && std::abs(tomogram.voxelSizeAngstrom - voxel) > 1e-3 * voxel)
            throw Error(fmt::format("The tomograms of set {} have different voxel sizes ({:g} and {:g} Å), which one STAR file cannot say; "
                                    "export them as CSV",
                                    set.name, voxel, tomogram.voxelSizeAngstrom));
        voxel = tomogram.voxelSizeAngstrom;
    }
    if (voxel > 0) return voxel;
    return set.voxelSizeAngstrom > 0 ? set.voxelSizeAngstrom : 1;
}

void writeStarFile(const ParticleTable& table, double voxelSizeAngstrom, const Knowledge& known,
                   const std::filesystem::path& target) {
    RelionWriteOptions options;
    options.voxelSizeAngstrom = voxelSizeAngstrom;
    if (known.counts.labelled > 0) {
        options.extraColumns.push_back({"rlnClassNumber", known.classNumbers, false});
        options.extraColumns.push_back({"tomoloupeLabel", known.labels, true});
    }
    if (known.counts.predicted > 0) {
        options.extraColumns.push_back({"tomoloupePrediction", known.predictions, true});
        options.extraColumns.push_back({"tomoloupeProbability", known.probabilities, true});
    }
    writeStar(target, relionFromParticles(table, options));
}

void writeCsvFile(const ParticleTable& table, const Knowledge& known, const std::filesystem::path& target) {
    const bool predicted = known.counts.predicted > 0;
    CsvTable csv;
    csv.columns = {"particle", "file", "tomogram", "x", "y", "z", "rot", "tilt", "psi", "score", "label"};
    if (predicted) csv.columns.insert(csv.columns.end(), {"prediction", "probability"});
    for (std::size_t i = 0; i < table.particles.size(); ++i) {
        const Particle& particle = table.particles[i];
        const Vec3& at = particle.positionVoxels;
        const EulerAngles angles = relionAngles(particle.tomogramFromParticle);
        const auto number = [](double value) { return fmt::format("{:.6g}", value); };
        const auto orNothing = [](const std::string& text) { return text == "None" ? std::string() : text; };
        auto& row = csv.rows.emplace_back(
            std::vector<std::string>{std::to_string(i), particle.source, particle.tomogram, number(at.x), number(at.y),
                                     number(at.z), number(angles.rot), number(angles.tilt), number(angles.psi),
                                     number(particle.score), orNothing(known.labels[i])});
        if (predicted) row.insert(row.end(), {orNothing(known.predictions[i]), known.probabilities[i]});
    }
    writeAtomically(target, csvText(csv));
}

}  // namespace

ExportCounts exportParticles(const Project& project, const ExportOptions& options,
                             const std::filesystem::path& target) {
    const ParticleSetRecord set = project.particleSet(options.setName);
    const ParticleTable table = project.particles(set.id);
    const Knowledge known = knowledgeOf(project, options, set, table);
    if (options.format == ExportFormat::Star)
        writeStarFile(table, positionVoxel(project, table, set), known, target);
    else
        writeCsvFile(table, known, target);
    return known.counts;
}

}  // namespace tomoloupe
