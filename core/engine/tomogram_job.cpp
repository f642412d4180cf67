#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/data/relion_particles.h"
#include "core/engine/run_jobs.h"
#include "core/recipe/recipe.h"
#include "core/simulate/tomogram.h"

namespace tomoloupe {
namespace {

/// Simulates a tomogram into an MRC file and its particles into a STAR file.
class TomogramJob : public Job {
  public:
    TomogramJob(const std::string& optionsJson, std::uint64_t seed, std::filesystem::path tomogram, std::filesystem::path truth)
        : seed_(seed), tomogram_(std::move(tomogram)), truth_(std::move(truth)) {
        fromJson(options_.describe(), nlohmann::json::parse(optionsJson));
        if (tomogram_ == truth_) throw Error(fmt::format("Tomogram and truth cannot both be {}; give two files", truth_.string()));
        const auto folder = truth_.has_parent_path() ? truth_.parent_path() : ".";
        if (!truth_.empty() && !std::filesystem::is_directory(folder))
            throw Error(fmt::format("Cannot write {}: there is no folder {}", truth_.string(), folder.string()));
    }

    void run(JobContext& context) override {
        const auto start = std::chrono::steady_clock::now();
        context.beginStage("Simulating the tomogram");
        const std::vector<Structure> structures =
            loadStructures(options_.structures, {options_.voxelSizeAngstrom / 2, options_.resolutionAngstrom});
        MrcStream stream(tomogram_, {options_.sizeX, options_.sizeY, options_.sizeZ}, options_.voxelSizeAngstrom);
        TomogramRun run{seed_, [&](double fraction) { context.progress(fraction, 1); }, context.stop()};
        const SimulatedTomogram made = simulateTomogram(options_, structures, stream, run);
        putInPlace(stream, structures, made);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        tell(context, structures, made, seconds.count());
    }

  private:
    /// Both files, or none of them.
    void putInPlace(MrcStream& stream, const std::vector<Structure>& structures, const SimulatedTomogram& made) const {
        const bool replaced = truth_.empty() || std::filesystem::exists(truth_);
        if (!truth_.empty()) writeStar(truth_, truthOf(structures, made.scene));
        try {
            stream.commit(fmt::format("Simulated by Tomoloupe, seed {}", seed_));
        } catch (const Error&) {
            std::error_code ignored;
            if (!replaced) std::filesystem::remove(truth_, ignored);
            throw;
        }
    }

    [[nodiscard]] StarFile truthOf(const std::vector<Structure>& structures, const TomogramScene& scene) const {
        ParticleTable table;
        table.format = "simulated";
        ExtraColumn numbers{"rlnClassNumber", {}}, names{"tomoloupeLabel", {}};
        for (const TomogramParticle& particle : scene.particles) {
            Particle row;
            row.tomogram = tomogram_.stem().string();
            row.positionVoxels = particle.position;
            row.tomogramFromParticle = particle.tomogramFromParticle;
            table.particles.push_back(std::move(row));
            numbers.values.push_back(std::to_string(particle.structure + 1));
            names.values.push_back(structures[std::size_t(particle.structure)].name);
        }
        return relionFromParticles(table, {options_.voxelSizeAngstrom, {numbers, names}});
    }

    void tell(JobContext& context, const std::vector<Structure>& structures, const SimulatedTomogram& made, double seconds) const {
        const auto warnIfFewer = [&](std::size_t placed, int asked, const std::string& what) {
            if (std::int64_t(placed) < asked)
                context.log(LogLevel::Warning, fmt::format("The ice is full: it holds {} of {} {}", placed, asked, what));
        };
        for (std::size_t i = 0; i < structures.size(); ++i) {
            const auto placed = static_cast<std::size_t>(made.scene.perStructure[i]);
            warnIfFewer(placed, options_.perClass, "particles of " + structures[i].name);
            context.metric("particles_" + structures[i].name, 0, double(placed));
        }
        warnIfFewer(made.scene.vesicles.size(), options_.membranes, "vesicles");
        warnIfFewer(made.scene.beads.size(), options_.goldBeads, "gold beads");
        context.metric("particles", 0, double(made.scene.particles.size()));
        context.metric("vesicles", 0, double(made.scene.vesicles.size()));
        context.metric("gold_beads", 0, double(made.scene.beads.size()));
        if (made.snr > 0) context.metric("snr", 0, made.snr);
        context.metric("seconds", 0, seconds);
        const std::string noise = made.snr > 0 ? fmt::format("SNR {:.4g} within the ice", made.snr) : "no noise";
        context.log(LogLevel::Info, fmt::format("{} particles, {} vesicles and {} gold beads, {}, in {:.1f} s", made.scene.particles.size(),
                                                made.scene.vesicles.size(), made.scene.beads.size(), noise, seconds));
    }

    SimulateTomogramOptions options_;
    std::uint64_t seed_;
    std::filesystem::path tomogram_, truth_;
};

}  // namespace

std::unique_ptr<Job> makeTomogramJob(const std::string& optionsJson, std::uint64_t seed, const std::filesystem::path& tomogram,
                                     const std::filesystem::path& truth) {
    return std::make_unique<TomogramJob>(optionsJson, seed, tomogram, truth);
}

}  // namespace tomoloupe
