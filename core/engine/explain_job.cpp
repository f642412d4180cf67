#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/engine/explain_many.h"
#include "core/engine/run_data.h"
#include "core/engine/run_jobs.h"
#include "core/explain/heat_figures.h"
#include "core/explain/sanity_check.h"
#include "core/io/mrc_writer.h"
#include "core/nn/compute.h"
#include "core/volume/operations.h"

namespace tomoloupe {
namespace {

/// Two maps that agree as well as this are called similar.
constexpr double kSimilar = 0.5;

nlohmann::json overlapJson(const Volume& heat, const Volume& mask, std::uint64_t seed) {
    const MaskOverlap overlap = maskOverlap(heat, mask, deriveSeed(seed, "chance"));
    return {{"mask_fraction", overlap.maskFraction},
            {"weighted_ioa", overlap.weightedIoa},
            {"weighted_ioa_by_chance", overlap.maskFraction},
            {"otsu_threshold", overlap.threshold},
            {"iou", overlap.iou},
            {"iou_by_chance", overlap.iouByChance},
            {"iou_of_constant_map", overlap.maskFraction}};
}

std::string verdict(double rankCorrelation) {
    return rankCorrelation < kSimilar
               ? "The map hangs on what the network has learnt: random weights give another one"
               : "Random weights give a similar map: it shows the particle and the network's build rather than what was learnt";
}

nlohmann::json sanityJson(const SanityCheck& check, const Volume& mask, std::uint64_t seed) {
    nlohmann::json cascade = nlohmann::json::array();
    for (const SanityCheck::Step& step : check.cascade)
        cascade.push_back({{"redrawn_down_to", step.layer}, {"rank_correlation", step.rankCorrelation}});
    nlohmann::json result{{"rank_correlation", check.meanRankCorrelation()},
                          {"rank_correlations", check.rankCorrelations},
                          {"cascade", cascade},
                          {"meaning", verdict(check.meanRankCorrelation())}};
    if (mask.empty()) return result;
    double weightedIoa = 0, iou = 0;
    for (const Volume& map : check.randomMaps) {
        const MaskOverlap overlap = maskOverlap(map, mask, seed);
        weightedIoa += overlap.weightedIoa / double(check.randomMaps.size());
        iou += overlap.iou / double(check.randomMaps.size());
    }
    result["weighted_ioa"] = weightedIoa;
    result["iou"] = iou;
    return result;
}

class ExplainJob : public Job {
  public:
    explicit ExplainJob(Run run) : run_(std::move(run)) { fromJson(options_.describe(), run_.config().options); }

    void run(JobContext& context) override {
        const at::Device device = chooseDevice(options_.device);
        const RunData data(run_);
        if (run_.config().inputs.empty()) throw Error("An explanation needs a model: name a fine-tuned run");
        const Model model = loadModel(modelPathOf(data.project(), run_.config().inputs.front()), device);
        if (!model.classifier) throw Error("This model was pre-trained only and has no classes to explain; fine-tune it first");
        data.checkFits(model.manifest);
        if (options_.particles > 0) return explainSeveral(data, model, device, context);
        if (options_.particle >= data.source().count())
            throw InvalidOptions(fmt::format("There is no particle {} in set {}: it has {}, counted from 0", options_.particle,
                                             data.set().name, data.source().count()));
        context.setStages(options_.sanityCheck ? 2 : 1);
        context.beginStage("Explaining");
        const Volume volume = standardised(data.source().read(options_.particle));
        const ExplainRequest request{options_.method, options_.layer, classNamed(model.manifest.classes, options_.targetClass)};
        const HeatMap map = explain(model, volume, request, device);
        context.stop().throwIfCancelled();
        writeMrc(run_.folder() / "volume.mrc", volume, "Tomoloupe: subtomogram as the network saw it");
        writeMrc(run_.folder() / "heat.mrc", map.heat, fmt::format("Tomoloupe: {} of one class", options_.method));
        context.progress(1, 1);
        nlohmann::json result = describe(data, model, map);
        const Volume mask = targetMask(data, options_.particle);
        const bool hasMask = !mask.empty();
        if (hasMask) result["overlap"] = overlapJson(map.heat, mask, run_.config().seed);
        if (options_.sanityCheck) {
            context.beginStage("Explaining with random weights");
            const SanityCheck check = checkWithRandomWeights(model, volume, request, map, run_.config().seed, device, [&](int done, int count) {
                context.stop().throwIfCancelled();
                context.progress(done, count);
            });
            result["sanity_check"] = sanityJson(check, mask, run_.config().seed);
        }
        run_.writeResult(RunState::Done, std::move(result));
    }

  private:
    void explainSeveral(const RunData& data, const Model& model, const at::Device& device, JobContext& context) const {
        ManyParticles many = explainMany(data, model, options_, run_.config().seed, device, context);
        many.result["model"] = run_.config().inputs.front();
        if (!many.heat.empty()) {
            writeMrc(run_.folder() / "volume.mrc", many.volume, "Tomoloupe: mean of the particles explained");
            writeMrc(run_.folder() / "heat.mrc", many.heat, fmt::format("Tomoloupe: mean {} of class {}", options_.method, options_.ofClass));
        }
        run_.writeResult(RunState::Done, std::move(many.result));
    }

    [[nodiscard]] nlohmann::json describe(const RunData& data, const Model& model, const HeatMap& map) const {
        const HeatFigures figures = heatFigures(map.heat.voxels());
        nlohmann::json result{{"model", run_.config().inputs.front()},
                              {"particle", options_.particle},
                              {"particle_id", data.particleIds()[std::size_t(options_.particle)]},
                              {"method", options_.method},
                              {"layers", model.encoder->layerNames()},
                              {"class", model.manifest.classes[std::size_t(map.targetClass)]},
                              {"probability", map.probability},
                              {"score", map.score},
                              {"map_total", map.total},
                              {"entropy", figures.entropy},
                              {"above_half", figures.aboveHalf}};
        if (!map.layer.empty()) result["layer"] = map.layer;
        if (const int label = data.labels(model.manifest.classes)[std::size_t(options_.particle)]; label >= 0)
            result["label"] = model.manifest.classes[std::size_t(label)];
        if (figures.entropy == 0 && figures.aboveHalf == 0) result["note"] = "The map is empty: nothing there speaks for this class";
        return result;
    }

    Run run_;
    ExplainRunOptions options_;
};

}  // namespace

std::unique_ptr<Job> makeExplainJob(Run run) { return std::make_unique<ExplainJob>(std::move(run)); }

}  // namespace tomoloupe
