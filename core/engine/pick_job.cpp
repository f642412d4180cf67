#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/engine/run_jobs.h"
#include "core/io/reader.h"
#include "core/jobs/picking_checks.h"
#include "core/pick/dog.h"
#include "core/pick/template.h"
#include "core/project/project.h"

namespace tomoloupe {
namespace {

/// Finds particles in a tomogram and makes them a particle set, the best first.
class PickJob : public Job {
  public:
    explicit PickJob(Run run) : run_(std::move(run)) { fromJson(options_.describe(), run_.config().options); }

    void run(JobContext& context) override {
        const auto project = Project::open(run_.projectFolder());
        const std::string setName = run_.config().particleSet;
        const TomogramRecord tomogram = checkPicking(*project, options_, setName);
        const auto file = builtInReaders().open(tomogram.path);
        context.beginStage(options_.method == "dog" ? "Picking" : "Searching with templates");
        const auto start = std::chrono::steady_clock::now();
        nlohmann::json result{{"set", setName}, {"tomogram", tomogram.name}, {"method", options_.method}};
        const std::vector<Peak> peaks = pick(*file, context, result);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (peaks.empty())
            throw Error(fmt::format("Nothing in {} was found to look like a particle; {}", tomogram.name,
                                    options_.method == "dog" ? "lower --threshold or check --contrast and --diameter"
                                                             : "lower --minimum-score or check --contrast"));
        context.stop().throwIfCancelled();
        (void)project->addParticleSet(setName, tableOf(peaks, tomogram.name),
                                      fmt::format("picked in {} ({})", tomogram.name, options_.method));
        result["count"] = peaks.size();
        result["seconds"] = seconds;
        result["best_score"] = peaks.front().score;
        result["worst_score"] = peaks.back().score;
        result["voxels_per_second"] = double(file->info().shape.product()) / seconds;
        run_.writeResult(RunState::Done, std::move(result));
    }

  private:
    std::vector<Peak> pick(const VolumeFile& file, JobContext& context, nlohmann::json& result) const {
        // A part of a tomogram's picks is of no use: what asks to finish cancels.
        const auto progress = [&context](double done, double total) {
            if (context.stop().finishRequested()) throw Cancelled();
            context.progress(done, total);
        };
        return options_.method == "dog" ? byDog(file, progress, context.stop(), result) : byTemplates(file, progress, context.stop(), result);
    }

    std::vector<Peak> byDog(const VolumeFile& file, const PickProgress& progress, const StopToken& stop, nlohmann::json& result) const {
        DogPicks picks = pickByDog(file, options_, progress, stop);
        result["sigma_voxels"] = picks.sigmaVoxels;
        result["minimum_distance_voxels"] = picks.minimumDistanceVoxels;
        result["threshold"] = picks.threshold;
        result["candidates"] = picks.candidates;
        result["best_candidate"] = picks.best;
        result["worst_candidate"] = picks.worst;
        return std::move(picks.peaks);
    }

    std::vector<Peak> byTemplates(const VolumeFile& file, const PickProgress& progress, const StopToken& stop,
                                  nlohmann::json& result) const {
        TemplateSearch search = correlateTemplates(file, options_, progress, stop);
        result["orientations"] = search.orientations;
        result["binning"] = search.binning;
        result["search_voxel_angstrom"] = search.searchVoxelAngstrom;
        result["voxels_angles_per_second"] = search.voxelsAnglesPerSecond();
        result["noise"] = search.noise;
        result["thresholds"] = search.thresholds;
        return std::move(search.peaks);
    }

    [[nodiscard]] ParticleTable tableOf(const std::vector<Peak>& peaks, const std::string& tomogram) const {
        ParticleTable table;
        table.format = "picked";
        for (const Peak& peak : peaks) {
            Particle row;
            row.tomogram = tomogram;
            row.positionVoxels = peak.positionVoxels;
            row.tomogramFromParticle = peak.rotation;
            row.score = peak.score;
            if (peak.templateIndex >= 0) row.source = options_.templates.at(std::size_t(peak.templateIndex));
            table.particles.push_back(std::move(row));
        }
        return table;
    }

    Run run_;
    PickOptions options_;
};

}  // namespace

std::unique_ptr<Job> makePickJob(Run run) { return std::make_unique<PickJob>(std::move(run)); }

}  // namespace tomoloupe
