#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "core/analysis/distances.h"
#include "core/analysis/pca.h"
#include "core/base/error.h"
#include "core/engine/run_data.h"
#include "core/engine/run_jobs.h"
#include "core/jobs/map_job.h"
#include "core/nn/compute.h"
#include "core/train/representation.h"

namespace tomoloupe {
namespace {

constexpr const char* kRandom = "random";

class EmbedJob : public Job {
  public:
    explicit EmbedJob(Run run) : run_(std::move(run)) { fromJson(options_.describe(), run_.config().options); }

    void run(JobContext& context) override {
        const at::Device device = chooseDevice(options_.device);
        context.setStages(3 + mapStages(options_.map));
        const RunData data(run_);
        const Model model = modelFor(data, device);
        const VolumeBatches volumes = data.volumes(device, context);
        const at::Tensor vectors = embedded(*model.encoder, volumes, context);
        const std::span<const float> numbers(vectors.data_ptr<float>(), std::size_t(vectors.numel()));
        const Embedding embedding = reduced({numbers, vectors.size(0), vectors.size(1)}, data, model, context);
        writeEmbedding(run_.folder(), embedding, numbers);
        const std::optional<StoredMap> map = computeMap(embedding, options_.map, run_.config().seed, context);
        if (map) writeMap(run_.folder(), *map);
        run_.writeResult(context.stop().finishRequested() ? RunState::FinishedEarly : RunState::Done, summary(embedding, vectors.size(1), map));
    }

  private:
    [[nodiscard]] bool random() const { return run_.config().inputs.empty(); }

    [[nodiscard]] Model modelFor(const RunData& data, const at::Device& device) const {
        if (random()) {
            ModelManifest manifest;
            manifest.encoder = options_.encoder;
            manifest.boxSize = data.source().boxShape().x;
            manifest.voxelSizeAngstrom = data.source().voxelSizeAngstrom();
            return makeModel(std::move(manifest), run_.config().seed, device);
        }
        Model model = loadModel(modelPathOf(data.project(), run_.config().inputs.front()), device);
        if (!model.encoder->takesAnyBox()) data.checkFits(model.manifest);
        return model;
    }

    [[nodiscard]] at::Tensor embedded(Encoder& encoder, const VolumeBatches& volumes, JobContext& context) const {
        context.beginStage("Embedding");
        std::vector<std::int64_t> everyone(std::size_t(volumes.count()));
        std::iota(everyone.begin(), everyone.end(), 0);
        if (everyone.empty()) throw Error(fmt::format("Set {} has no particles to embed", run_.config().particleSet));
        const auto tick = [&](std::int64_t done) { context.advance(double(done), double(everyone.size())); };
        return representationsOf(encoder, volumes, everyone, options_.batchSize, tick).to(at::kCPU).contiguous();
    }

    [[nodiscard]] Embedding reduced(const MatrixView& vectors, const RunData& data, const Model& model, JobContext& context) const {
        context.beginStage("Finding the strongest directions");
        const Watch watch{context.stop(), [&](double done, double total) { context.progress(done, total); }};
        const std::vector<float> unit = centredUnitRows(vectors);
        const Pca pca = principalComponents({unit, vectors.rows, vectors.columns}, {.count = options_.components}, watch);
        Embedding embedding;
        embedding.particles = data.particleIds();
        embedding.components = pca.count;
        embedding.reduced = pca.scores;
        for (const double variance : pca.variances)
            embedding.variances.push_back(static_cast<float>(pca.totalVariance > 0 ? variance / pca.totalVariance : 0));
        embedding.metadata = {{"model", modelName()}, {"encoder", model.manifest.encoder.name}, {"set", data.set().name},
                              {"size", std::to_string(vectors.columns)}};
        return embedding;
    }

    [[nodiscard]] std::string modelName() const { return random() ? kRandom : run_.config().inputs.front(); }

    [[nodiscard]] nlohmann::json summary(const Embedding& embedding, std::int64_t size, const std::optional<StoredMap>& map) const {
        const double held = std::accumulate(embedding.variances.begin(), embedding.variances.end(), 0.0);
        nlohmann::json result{{"model", modelName()}, {"particles", embedding.particles.size()}, {"vector_size", size},
                              {"components", embedding.components}, {"variance_kept", held}};
        if (!map) return result;
        result["map"] = map->metadata.at("map");
        if (const auto trust = map->metadata.find("trustworthiness"); trust != map->metadata.end())
            result["trustworthiness"] = std::stod(trust->second);
        return result;
    }

    Run run_;
    EmbedOptions options_;
};

}  // namespace

std::unique_ptr<Job> makeEmbedJob(Run run) { return std::make_unique<EmbedJob>(std::move(run)); }

}  // namespace tomoloupe
