#include "core/jobs/map_job.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/analysis/trustworthiness.h"
#include "core/analysis/umap.h"
#include "core/base/error.h"

namespace tomoloupe {
namespace {

/// The two strongest components.
std::vector<float> plane(const Embedding& embedding) {
    std::vector<float> positions;
    const auto components = static_cast<std::size_t>(embedding.components);
    positions.reserve(2 * embedding.particles.size());
    for (std::size_t i = 0; i < embedding.particles.size(); ++i) {
        positions.push_back(components > 0 ? embedding.reduced[i * components] : 0);
        positions.push_back(components > 1 ? embedding.reduced[i * components + 1] : 0);
    }
    return positions;
}

class MapJob : public Job {
  public:
    MapJob(std::filesystem::path folder, MapOptions options, std::uint64_t seed) : folder_(std::move(folder)), options_(std::move(options)), seed_(seed) {}

    void run(JobContext& context) override {
        context.setStages(mapStages(options_));
        const std::optional<StoredMap> map = computeMap(readEmbedding(folder_), options_, seed_, context);
        if (map) writeMap(folder_, *map);
    }

  private:
    std::filesystem::path folder_;
    MapOptions options_;
    std::uint64_t seed_;
};

}  // namespace

int mapStages(const MapOptions& options) { return options.map == "pca" ? 1 : 3; }

std::optional<StoredMap> computeMap(const Embedding& embedding, MapOptions options, std::uint64_t seed, JobContext& context) {
    const auto count = static_cast<std::int64_t>(embedding.particles.size());
    const MatrixView vectors{embedding.reduced, count, embedding.components};
    const Watch watch{context.stop(), [&](double done, double total) { context.progress(done, total); }};
    StoredMap map;
    map.metadata = {{"map", options.map}, {"options", toJson(options.describe()).dump()}, {"seed", std::to_string(seed)}};
    if (options.map == "pca") {
        map.positions = plane(embedding);
    } else {
        context.beginStage("Finding neighbours");
        const Neighbours neighbours = nearestNeighbours(vectors, options.neighbours - 1, {.seed = seed}, watch);
        if (context.stop().finishRequested()) return std::nullopt;
        context.beginStage("Laying out the map");
        map.positions = umapLayout(fuzzyGraph(neighbours), plane(embedding),
                                   {.neighbours = options.neighbours, .minDistance = options.minDistance, .epochs = options.epochs, .seed = seed}, watch);
        if (context.stop().finishRequested()) map.metadata["finished_early"] = "true";
    }
    context.beginStage("Judging the map");
    const double trust = trustworthiness(vectors, {map.positions, count, 2}, {.sampledRows = 1000}, watch);
    if (std::isfinite(trust)) map.metadata["trustworthiness"] = fmt::format("{:.4f}", trust);
    return map;
}

std::unique_ptr<Job> makeMapJob(const std::filesystem::path& runFolder, const MapOptions& options, std::uint64_t seed) {
    return std::make_unique<MapJob>(runFolder, options, seed);
}

}  // namespace tomoloupe
