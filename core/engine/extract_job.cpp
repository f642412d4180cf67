#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/engine/run_jobs.h"
#include "core/fourier/parallel.h"
#include "core/io/reader.h"
#include "core/io/stack.h"
#include "core/jobs/picking_checks.h"
#include "core/pick/extract.h"
#include "core/project/project.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kTogether = 32;  // particles between two looks at the stop token

/// Cuts the particles of a set out of their tomograms into the set's stack. Where particles are skipped, what is left becomes a set of its
/// own, so that volume i stays that of particle i.
class ExtractJob : public Job {
  public:
    explicit ExtractJob(Run run) : run_(std::move(run)) { fromJson(options_.describe(), run_.config().options); }

    void run(JobContext& context) override {
        const auto project = Project::open(run_.projectFolder());
        const ParticleSetRecord set = checkExtraction(*project, run_.config().particleSet);
        ParticleTable table = project->particles(set.id);
        openTomograms(*project, table);
        const std::vector<std::size_t> kept = keptOf(table, set.name);
        const std::int64_t skipped = set.count - std::int64_t(kept.size());
        std::string name = set.name;
        if (skipped > 0) {
            name = options_.outSet.empty() ? set.name + "-inside" : options_.outSet;
            checkNewSet(*project, name);
        }
        const auto start = std::chrono::steady_clock::now();
        const std::filesystem::path stackPath = project->stackPathFor(name);
        const double apix = voxelSize();
        StackWriter stack(stackPath, {options_.boxSize, options_.boxSize, options_.boxSize}, apix);
        context.beginStage("Cutting out");
        cutOut(table, kept, stack, context);
        stack.commit();
        const std::int64_t id = skipped > 0 ? storeKept(*project, set, table, kept, name) : set.id;
        project->setStack(id, stackPath, options_.boxSize, apix);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (skipped > 0) context.log(LogLevel::Info, fmt::format("{} particles too near the border were left out; the others are set {}", skipped, name));
        run_.writeResult(RunState::Done, {{"set", name},
                                          {"count", kept.size()},
                                          {"padded", padded_},
                                          {"skipped", skipped},
                                          {"box", options_.boxSize},
                                          {"binning", options_.binning},
                                          {"voxel_size", apix},
                                          {"stack", stackPath.string()},
                                          {"seconds", seconds}});
    }

  private:
    void openTomograms(const Project& project, const ParticleTable& table) {
        const ReaderRegistry readers = builtInReaders();
        for (const Particle& particle : table.particles) {
            auto& file = files_[particle.tomogram];
            if (!file) file = readers.open(tomogramOf(project, particle.tomogram).path);
        }
    }

    /// Voxel size of the subtomograms.
    [[nodiscard]] double voxelSize() const {
        const auto& [firstName, first] = *files_.begin();
        for (const auto& [name, file] : files_)
            if (std::abs(file->info().voxelSize() / first->info().voxelSize() - 1) > 0.01)
                throw Error(fmt::format("Tomograms {} and {} have voxels of {:.4g} and {:.4g} Å: subtomograms of one set must be alike; "
                                        "make a set for each",
                                        firstName, name, first->info().voxelSize(), file->info().voxelSize()));
        return first->info().voxelSize() * options_.binning;
    }

    [[nodiscard]] bool leaves(const Particle& particle) const {
        const Box box = boxOfParticle(particle.positionVoxels, options_.boxSize, options_.binning).box;
        return !box.within(files_.at(particle.tomogram)->info().shape);
    }

    /// Indices of the particles to cut out; counts those to be padded.
    std::vector<std::size_t> keptOf(const ParticleTable& table, const std::string& set) {
        std::vector<std::size_t> kept;
        const bool skip = options_.border == "skip";
        for (std::size_t i = 0; i < table.particles.size(); ++i) {
            const bool beyond = leaves(table.particles[i]);
            if (beyond && !skip) ++padded_;
            if (!beyond || !skip) kept.push_back(i);
        }
        if (kept.empty())
            throw Error(fmt::format("The box of every particle of set {} leaves its tomogram; choose a smaller --box or --border pad", set));
        return kept;
    }

    void cutOut(const ParticleTable& table, const std::vector<std::size_t>& kept, StackWriter& stack, JobContext& context) const {
        const auto count = std::int64_t(kept.size());
        for (std::int64_t first = 0; first < count; first += kTogether) {
            if (context.stop().finishRequested()) throw Cancelled();
            std::vector<Volume> block(std::size_t(std::min(kTogether, count - first)));
            parallelFor(0, std::int64_t(block.size()), 1, [&](std::int64_t from, std::int64_t to) {
                for (std::int64_t i = from; i < to; ++i) {
                    context.stop().throwIfCancelled();
                    const Particle& particle = table.particles[kept[std::size_t(first + i)]];
                    block[std::size_t(i)] = extractSubtomogram(*files_.at(particle.tomogram), particle.positionVoxels, options_);
                }
            });
            for (const Volume& volume : block) stack.append(volume);
            context.progress(double(first) + double(block.size()), double(count));
        }
    }

    /// The particles that were not skipped, with their labels, as a set of their own.
    static std::int64_t storeKept(Project& project, const ParticleSetRecord& set, const ParticleTable& table,
                                  const std::vector<std::size_t>& kept, const std::string& name) {
        ParticleTable inside = table;
        inside.particles.clear();
        for (const std::size_t i : kept) {
            inside.particles.push_back(table.particles[i]);
            inside.particles.back().id = 0;
        }
        const ParticleSetRecord made = project.addParticleSet(name, inside, fmt::format("those of {} whose box is inside", set.name));
        const std::vector<std::int64_t> labels = project.labels(set.id), ids = project.particleIds(made.id);
        std::vector<LabelEdit> edits;
        for (std::size_t i = 0; i < kept.size(); ++i)
            if (labels[kept[i]] != 0) edits.push_back({ids[i], labels[kept[i]]});
        if (!edits.empty()) (void)project.setLabels(edits, "extraction");
        return made.id;
    }

    Run run_;
    ExtractOptions options_;
    std::map<std::string, std::shared_ptr<const VolumeFile>> files_;
    std::int64_t padded_ = 0;
};

}  // namespace

std::unique_ptr<Job> makeExtractJob(Run run) { return std::make_unique<ExtractJob>(std::move(run)); }

}  // namespace tomoloupe
