#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/engine/run_jobs.h"
#include "core/io/stack.h"
#include "core/project/project.h"
#include "core/simulate/simulate.h"

namespace tomoloupe {
namespace {

/// Makes a labelled particle set of simulated subtomograms, classes in turn.
class SimulateJob : public Job {
  public:
    explicit SimulateJob(Run run) : run_(std::move(run)) { fromJson(options_.describe(), run_.config().options); }

    void run(JobContext& context) override {
        const auto project = Project::open(run_.projectFolder());
        const std::string setName = run_.config().particleSet;
        const std::vector<std::string> names = shapeNames(options_.classes);
        const std::int64_t count = std::int64_t(options_.classes) * options_.perClass;
        const auto stackPath = project->stackPathFor(setName);
        StackWriter stack(stackPath, {options_.boxSize, options_.boxSize, options_.boxSize}, options_.voxelSizeAngstrom);
        ParticleTable table;
        table.format = "simulated";
        context.beginStage("Simulating");
        for (std::int64_t i = 0; i < count; ++i) {
            context.stop().throwIfCancelled();
            const SimulatedParticle particle = simulateParticle(options_, int(i % options_.classes), i, run_.config().seed);
            stack.append(particle.volume);
            Particle row;
            row.tomogramFromParticle = particle.rotation;
            row.positionVoxels = particle.offsetVoxels;
            row.source = names[std::size_t(particle.classIndex)];
            table.particles.push_back(std::move(row));
            if (i % 16 == 15 || i + 1 == count) context.progress(double(i + 1), double(count));
        }
        stack.commit();
        store(*project, setName, table, stackPath);
        run_.writeResult(RunState::Done, {{"set", setName}, {"particles", count}, {"classes", names}});
    }

  private:
    void store(Project& project, const std::string& setName, const ParticleTable& table, const std::filesystem::path& stackPath) {
        const ParticleSetRecord set = project.addParticleSet(setName, table, "simulated");
        project.setStack(set.id, stackPath, options_.boxSize, options_.voxelSizeAngstrom);
        std::vector<std::int64_t> classIds;
        for (const std::string& name : shapeNames(options_.classes)) classIds.push_back(project.addClass(name).id);
        std::vector<LabelEdit> edits;
        const auto ids = project.particleIds(set.id);
        for (std::size_t i = 0; i < ids.size(); ++i) edits.push_back({ids[i], classIds[i % classIds.size()]});
        project.setLabels(edits, "simulation");
    }

    Run run_;
    SimulateOptions options_;
};

}  // namespace

std::unique_ptr<Job> makeSimulateJob(Run run) { return std::make_unique<SimulateJob>(std::move(run)); }

}  // namespace tomoloupe
