#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/engine/run_data.h"
#include "core/engine/run_jobs.h"
#include "core/explain/heat_figures.h"
#include "core/explain/sanity_check.h"
#include "core/io/mrc_writer.h"
#include "core/io/stack.h"
#include "core/nn/compute.h"
#include "core/volume/operations.h"

namespace tomoloupe {
namespace {

/// Two maps that agree as well as this are called similar.
constexpr double kSimilar = 0.5;

/// Simulated sets have the targets' masks beside their stack. Empty where there is none.
Volume maskOf(const RunData& data, std::int64_t particle) {
    std::filesystem::path path = data.set().stackPath;
    path.replace_extension(".masks.h5");
    if (data.set().stackPath.empty() || !std::filesystem::exists(path)) return {};
    const StackReader masks(path);
    if (masks.count() != data.source().count() || !(masks.boxShape() == data.source().boxShape()))
        throw Error(fmt::format("{} does not belong to set {}: it has {} masks of {} voxels for {} particles; simulate the set again or "
                                "remove that file", path.string(), data.set().name, masks.count(), masks.boxShape().x, data.source().count()));
    return masks.read(particle);
}

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
        if (options_.particle >= data.source().count())
            throw InvalidOptions(fmt::format("There is no particle {} in set {}: it has {}, counted from 0", options_.particle,
                                             data.set().name, data.source().count()));
        context.setStages(options_.sanityCheck ? 2 : 1);
        context.beginStage("Explaining");
        const Volume volume = standardised(data.source().read(options_.particle));
        const ExplainRequest request{options_.method, options_.layer, targetClass(model.manifest.classes)};
        const HeatMap map = explain(model, volume, request, device);
        context.stop().throwIfCancelled();
        writeMrc(run_.folder() / "volume.mrc", volume, "Tomoloupe: subtomogram as the network saw it");
        writeMrc(run_.folder() / "heat.mrc", map.heat, fmt::format("Tomoloupe: {} of one class", options_.method));
        context.progress(1, 1);
        nlohmann::json result = describe(data, model, map);
        const Volume mask = maskOf(data, options_.particle);
        const bool hasMask = std::any_of(mask.voxels().begin(), mask.voxels().end(), [](float value) { return value > 0.5F; });
        if (hasMask) result["overlap"] = overlapJson(map.heat, mask, run_.config().seed);
        if (options_.sanityCheck) {
            context.beginStage("Explaining with random weights");
            const SanityCheck check = checkWithRandomWeights(model, volume, request, map, run_.config().seed, device, [&](int done, int count) {
                context.stop().throwIfCancelled();
                context.progress(done, count);
            });
            result["sanity_check"] = sanityJson(check, hasMask ? mask : Volume(), run_.config().seed);
        }
        run_.writeResult(RunState::Done, std::move(result));
    }

  private:
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

    [[nodiscard]] int targetClass(const std::vector<std::string>& classes) const {
        if (options_.targetClass.empty()) return -1;
        const auto found = std::find(classes.begin(), classes.end(), options_.targetClass);
        if (found == classes.end())
            throw InvalidOptions(fmt::format("The model knows no class \"{}\"; it knows {}", options_.targetClass, fmt::join(classes, ", ")));
        return int(found - classes.begin());
    }

    Run run_;
    ExplainOptions options_;
};

}  // namespace

std::unique_ptr<Job> makeExplainJob(Run run) { return std::make_unique<ExplainJob>(std::move(run)); }

}  // namespace tomoloupe
