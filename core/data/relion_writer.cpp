#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/data/relion_particles.h"

namespace tomoloupe {
namespace {

using nlohmann::json;

/// The file that the table came from, its particles' block still without rows.
StarFile frameFrom(const ParticleTable& table, std::size_t& particles) {
    const json frame = json::parse(table.otherBlocks);
    particles = frame.at("particles").get<std::size_t>();
    StarFile file;
    for (const json& block : frame.at("blocks"))
        file.blocks.push_back({block.at("name").get<std::string>(), block.at("loop").get<bool>(),
                               block.at("columns").get<std::vector<std::string>>(),
                               block.at("rows").get<std::vector<std::vector<std::string>>>()});
    return file;
}

bool cameFromRelion(const ParticleTable& table) {
    return (table.format.starts_with("relion") || table.format == "warp") && !table.otherBlocks.empty();
}

/// Coordinates in voxels of the tomogram, called the tilt series' pixels: nothing finer is known of a table from
/// elsewhere.
StarFile newFile(const ParticleTable& table, double voxelSizeAngstrom, std::size_t& particles) {
    StarFile file;
    file.blocks.push_back(
        {"optics",
         true,
         {"rlnOpticsGroup", "rlnOpticsGroupName", "rlnTomoTiltSeriesPixelSize", "rlnImagePixelSize"},
         {{"1", "opticsGroup1", fmt::format("{:.6g}", voxelSizeAngstrom), fmt::format("{:.6g}", voxelSizeAngstrom)}}});
    StarBlock block;
    block.name = "particles";
    block.columns = {"rlnTomoName", "rlnTomoParticleId", "rlnCoordinateX", "rlnCoordinateY", "rlnCoordinateZ",
                     "rlnAngleRot", "rlnAngleTilt",      "rlnAnglePsi",    "rlnImageName",   "rlnOpticsGroup"};
    for (std::size_t i = 0; i < table.particles.size(); ++i) {
        const Particle& particle = table.particles[i];
        const EulerAngles angles = relionAngles(particle.tomogramFromParticle);
        const auto number = [](double value) { return fmt::format("{:.6f}", value); };
        const Vec3& at = particle.positionVoxels;
        block.rows.push_back({particle.tomogram.empty() ? "None" : particle.tomogram, std::to_string(i + 1),
                              number(at.x), number(at.y), number(at.z), number(angles.rot), number(angles.tilt),
                              number(angles.psi), particle.source.empty() ? "None" : particle.source, "1"});
    }
    const auto& all = table.particles;
    if (std::any_of(all.begin(), all.end(), [](const Particle& particle) { return particle.score != 0; })) {
        block.columns.push_back("rlnAutopickFigureOfMerit");
        for (std::size_t i = 0; i < all.size(); ++i) block.rows[i].push_back(fmt::format("{:.6g}", all[i].score));
    }
    file.blocks.push_back(std::move(block));
    particles = 1;
    return file;
}

void addColumn(StarBlock& block, const ExtraColumn& extra) {
    if (extra.values.size() != block.rows.size())
        throw Error(fmt::format("Column {} has {} values for {} particles", extra.name, extra.values.size(),
                                block.rows.size()));
    const auto known = block.column(extra.name);
    if (known && !extra.replace) return;
    if (!known) block.columns.push_back(extra.name);
    for (std::size_t row = 0; row < block.rows.size(); ++row) {
        if (known)
            block.rows[row][*known] = extra.values[row];
        else
            block.rows[row].push_back(extra.values[row]);
    }
}

}  // namespace

StarFile relionFromParticles(const ParticleTable& table, const RelionWriteOptions& options) {
    std::size_t index = 0;
    StarFile file;
    if (cameFromRelion(table)) {
        file = frameFrom(table, index);
        for (const Particle& particle : table.particles) file.blocks.at(index).rows.push_back(particle.columns);
    } else {
        file = newFile(table, options.voxelSizeAngstrom, index);
    }
    for (const ExtraColumn& extra : options.extraColumns) addColumn(file.blocks[index], extra);
    return file;
}

}  // namespace tomoloupe
