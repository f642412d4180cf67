#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/engine/run_jobs.h"
#include "core/fourier/parallel.h"
#include "core/io/stack.h"
#include "core/project/project.h"
#include "core/simulate/simulate.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kBlock = 32;  // particles made between two looks at the stop token

/// The truth of one particle as a row of the set's table; its neighbours' places in Å from it, rotations as w, x, y, z.
Particle rowOf(const SimulatedParticle& made, const std::vector<std::string>& names) {
    Particle row;
    row.tomogramFromParticle = made.rotation;
    row.positionVoxels = made.positionVoxels;
    row.source = names[std::size_t(made.classIndex)];
    nlohmann::json neighbours = nlohmann::json::array();
    for (std::size_t i = 1; i < made.scene.size(); ++i) {
        const PlacedStructure& placed = made.scene[i];
        const Vec3 at = placed.positionAngstrom;
        const Rotation turn = placed.rotation;
        neighbours.push_back({{"class", names[std::size_t(placed.structure)]},
                              {"position_angstrom", {at.x, at.y, at.z}},
                              {"rotation", {turn.w, turn.x, turn.y, turn.z}}});
    }
    row.columns = {row.source, neighbours.dump(), fmt::format("{:.6g}", made.localSnr)};
    return row;
}

/// Makes a labelled particle set of simulated subtomograms, classes in turn.
class SimulateJob : public Job {
  public:
    explicit SimulateJob(Run run) : run_(std::move(run)) { fromJson(options_.describe(), run_.config().options); }

    void run(JobContext& context) override {
        const auto project = Project::open(run_.projectFolder());
        context.setStages(2);
        context.beginStage("Loading structures");
        const Simulator simulator(options_);
        const std::vector<std::string> names = simulator.classNames();
        const std::int64_t count = std::int64_t(names.size()) * options_.perClass;
        const auto stackPath = project->stackPathFor(run_.config().particleSet);
        auto maskPath = stackPath;
        maskPath.replace_extension(".masks.h5");
        const Index3 box{options_.boxSize, options_.boxSize, options_.boxSize};
        StackWriter stack(stackPath, box, options_.voxelSizeAngstrom);
        StackWriter masks(maskPath, box, options_.voxelSizeAngstrom, StackWriter::Compression::Deflate);
        ParticleTable table;
        table.format = "simulated";
        table.columnNames = {"tomoloupeClass", "tomoloupeNeighbours", "tomoloupeLocalSnr"};
        double sceneSnr = 0, localSnr = 0;
        context.beginStage("Simulating");
        const auto start = std::chrono::steady_clock::now();
        for (std::int64_t first = 0; first < count; first += kBlock) {
            std::vector<SimulatedParticle> block(std::size_t(std::min(kBlock, count - first)));
            parallelFor(0, std::int64_t(block.size()), 1, [&](std::int64_t from, std::int64_t to) {
                for (std::int64_t i = from; i < to && !context.stop().cancelRequested(); ++i)
                    block[std::size_t(i)] = simulator.make(first + i, run_.config().seed);
            });
            context.stop().throwIfCancelled();
            for (const SimulatedParticle& made : block) {
                stack.append(made.volume);
                masks.append(made.mask);
                table.particles.push_back(rowOf(made, names));
                sceneSnr += made.sceneSnr / double(count);
                localSnr += made.localSnr / double(count);
            }
            context.progress(double(first) + double(block.size()), double(count));
        }
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        stack.commit();
        masks.commit();
        store(*project, table, stackPath, names);
        nlohmann::json result{{"set", run_.config().particleSet}, {"particles", count}, {"classes", names},
                              {"masks", maskPath.filename().string()}, {"seconds", seconds},
                              {"particles_per_second", double(count) / seconds}};
        if (localSnr > 0) {
            result["scene_snr"] = sceneSnr;
            result["local_snr"] = localSnr;
        }
        run_.writeResult(RunState::Done, std::move(result));
    }

  private:
    void store(Project& project, const ParticleTable& table, const std::filesystem::path& stackPath,
               const std::vector<std::string>& names) {
        const ParticleSetRecord set = project.addParticleSet(run_.config().particleSet, table, "simulated");
        project.setStack(set.id, stackPath, options_.boxSize, options_.voxelSizeAngstrom);
        std::vector<std::int64_t> classIds;
        for (const std::string& name : names) classIds.push_back(project.addClass(name).id);
        std::vector<LabelEdit> edits;
        const auto ids = project.particleIds(set.id);
        for (std::size_t i = 0; i < ids.size(); ++i) edits.push_back({ids[i], classIds[i % classIds.size()]});
        if (options_.labelSet.empty())
            project.setLabels(edits, "simulation");
        else
            project.setLabelsIn(options_.labelSet, edits, "simulation");
    }

    Run run_;
    SimulateOptions options_;
};

}  // namespace

std::unique_ptr<Job> makeSimulateJob(Run run) { return std::make_unique<SimulateJob>(std::move(run)); }

SimulationPreview previewSimulation(const std::string& optionsJson, std::uint64_t seed, std::int64_t index) {
    SimulateOptions options;
    fromJson(options.describe(), nlohmann::json::parse(optionsJson));
    // The structures of the last call: a slider moves, they stay.
    static std::mutex keptMutex;
    static std::string keptKey;
    static std::vector<Structure> kept;
    const StructureOptions wanted{options.voxelSizeAngstrom / 2, options.resolutionAngstrom};
    const std::string key = fmt::format("{} {} {}", fmt::join(options.structures, ","), wanted.voxelSizeAngstrom, wanted.resolutionAngstrom);
    const std::lock_guard lock(keptMutex);
    if (key != keptKey) {
        kept = loadStructures(options.structures, wanted);
        keptKey = key;
    }
    const Simulator simulator(options, kept);
    const SimulatedParticle made = simulator.make(index, seed);
    return {made.volume, made.clean, made.mask, simulator.classNames()[std::size_t(made.classIndex)], made.localSnr};
}

}  // namespace tomoloupe
