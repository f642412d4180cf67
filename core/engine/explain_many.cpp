#include "core/engine/explain_many.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/data/class_average.h"
#include "core/explain/explain.h"
#include "core/explain/heat_figures.h"
#include "core/io/stack.h"
#include "core/volume/operations.h"

namespace tomoloupe {
namespace {

constexpr int kRandomModels = 3;

/// Values of one name, one a particle.
using Figures = std::map<std::string, std::vector<double>>;

nlohmann::json meansOf(const Figures& figures) {
    nlohmann::json result = nlohmann::json::object();
    for (const auto& [name, values] : figures) {
        double sum = 0, squares = 0;
        for (const double value : values) sum += value;
        const double count = double(values.size()), mean = sum / count;
        for (const double value : values) squares += (value - mean) * (value - mean);
        result[name] = mean;
        if (values.size() > 1) result[name + "_error"] = std::sqrt(squares / (count - 1) / count);
    }
    return result;
}

/// Of one map. An empty one, where nothing speaks for the class, has a place nowhere: it is counted, and has no other figures.
std::map<std::string, double> measured(const HeatMap& map, const Volume& mask, std::uint64_t seed) {
    const HeatFigures heat = heatFigures(map.heat.voxels());
    const bool empty = heat.entropy == 0 && heat.aboveHalf == 0;
    std::map<std::string, double> figures{{"probability", map.probability}, {"empty", empty ? 1.0 : 0.0}};
    if (empty) return figures;
    figures["entropy"] = heat.entropy;
    figures["above_half"] = heat.aboveHalf;
    if (mask.empty()) return figures;
    const MaskOverlap overlap = maskOverlap(map.heat, mask, seed);
    figures["weighted_ioa"] = overlap.weightedIoa;
    figures["weighted_ioa_by_chance"] = overlap.maskFraction;
    figures["iou"] = overlap.iou;
    figures["iou_by_chance"] = overlap.iouByChance;
    return figures;
}

void addTo(Figures& figures, const std::map<std::string, double>& one) {
    for (const auto& [name, value] : one) figures[name].push_back(value);
}

/// Labelled particles, one class after the other in turn; of each class the held-out ones come first.
std::vector<std::int64_t> chosen(const RunData& data, const std::vector<int>& labels, int wantedClass, std::size_t classes,
                                 const StoredSplit& split, std::int64_t count) {
    const std::set<std::int64_t> test(split.test.begin(), split.test.end());
    std::vector<std::vector<std::int64_t>> heldOut(classes), others(classes);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < 0 || (wantedClass >= 0 && labels[i] != wantedClass)) continue;
        auto& list = test.contains(data.particleIds()[i]) ? heldOut : others;
        list[std::size_t(labels[i])].push_back(std::int64_t(i));
    }
    std::size_t longest = 0;
    for (std::size_t c = 0; c < classes; ++c) {
        heldOut[c].insert(heldOut[c].end(), others[c].begin(), others[c].end());
        longest = std::max(longest, heldOut[c].size());
    }
    std::vector<std::int64_t> found;
    for (std::size_t turn = 0; turn < longest; ++turn)
        for (const auto& list : heldOut)
            if (turn < list.size() && std::int64_t(found.size()) < count) found.push_back(list[turn]);
    return found;
}

/// Running mean of volumes of one shape.
class Mean {
  public:
    void add(const Volume& volume) {
        if (sum_.empty()) {
            sum_.resize(volume.voxels().size());
            like_ = volume;
        }
        for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += double(volume.voxels()[i]);
        ++count_;
    }
    [[nodiscard]] Volume volume() const {
        if (count_ == 0) return {};
        std::vector<float> voxels;
        for (const double value : sum_) voxels.push_back(float(value / count_));
        return Volume(like_.shape(), std::move(voxels), like_.voxelSizeAngstrom());
    }

  private:
    std::vector<double> sum_;
    Volume like_;
    int count_ = 0;
};

bool knowsPoses(const std::vector<Particle>& particles) {
    return std::any_of(particles.begin(), particles.end(), [](const Particle& particle) {
        const Rotation& r = particle.tomogramFromParticle;
        return r.x != 0 || r.y != 0 || r.z != 0;
    });
}

}  // namespace

Volume targetMask(const RunData& data, std::int64_t particle) {
    std::filesystem::path path = data.set().stackPath;
    path.replace_extension(".masks.h5");
    if (data.set().stackPath.empty() || !std::filesystem::exists(path)) return {};
    const StackReader masks(path);
    if (masks.count() != data.source().count() || !(masks.boxShape() == data.source().boxShape()))
        throw Error(fmt::format("{} does not belong to set {}: it has {} masks of {} voxels for {} particles; simulate the set again or "
                                "remove that file", path.string(), data.set().name, masks.count(), masks.boxShape().x, data.source().count()));
    Volume mask = masks.read(particle);
    const bool any = std::any_of(mask.voxels().begin(), mask.voxels().end(), [](float value) { return value > 0.5F; });
    return any ? mask : Volume();
}

int classNamed(const std::vector<std::string>& classes, const std::string& name) {
    if (name.empty()) return -1;
    const auto found = std::find(classes.begin(), classes.end(), name);
    if (found == classes.end())
        throw InvalidOptions(fmt::format("The model knows no class \"{}\"; it knows {}", name, fmt::join(classes, ", ")));
    return int(found - classes.begin());
}

namespace {

/// Explains one particle after the other and adds up.
class Explaining {
  public:
    Explaining(const RunData& data, const Model& model, const ExplainRunOptions& options, std::uint64_t seed, const at::Device& device)
        : data_(data), model_(model), options_(options), seed_(seed), device_(device), classes_(model.manifest.classes),
          ofClass_(classNamed(classes_, options.ofClass)), target_(classNamed(classes_, options.targetClass)), labels_(data.labels(classes_)),
          particles_(data.project().particlesWithoutColumns(data.set().id).particles) {
        StoredSplit split;
        for (const Run& run : data.project().runs())
            if (run.folder().filename() == model.manifest.run) split = readSplit(run.folder());
        test_ = {split.test.begin(), split.test.end()};
        indices_ = chosen(data, labels_, ofClass_, classes_.size(), split, options.particles);
        if (indices_.empty())
            throw Error(options.ofClass.empty()
                            ? fmt::format("No particle of set {} has a label that the model knows; label some first", data.set().name)
                            : fmt::format("No particle of set {} is labelled {}; label some first", data.set().name, options.ofClass));
        for (int i = 0; options.sanityCheck && i < kRandomModels; ++i)
            random_.push_back(makeModel(model.manifest, deriveSeed(seed, "random weights", std::uint64_t(i)), device));
    }

    void run(JobContext& context) {
        for (std::size_t i = 0; i < indices_.size(); ++i) {
            context.stop().throwIfCancelled();
            add(i);
            context.progress(double(i + 1), double(indices_.size()));
        }
    }

    [[nodiscard]] ManyParticles result() const {
        nlohmann::json result{{"particles", rows_},
                              {"count", rows_.size()},
                              {"held_out", heldOut_},
                              {"aligned", knowsPoses(particles_)},
                              {"method", options_.method},
                              {"layers", model_.encoder->layerNames()},
                              {"layer", layer_},
                              {"mean", meansOf(learnt_)}};
        if (ofClass_ >= 0) {
            const HeatFigures figures = heatFigures(heat_.volume().voxels());
            result["label"] = options_.ofClass;
            result["class"] = classes_[std::size_t(target_ >= 0 ? target_ : ofClass_)];
            result["entropy"] = figures.entropy;
            result["above_half"] = figures.aboveHalf;
            result["probability"] = result["mean"]["probability"];
        }
        if (result["mean"].contains("weighted_ioa")) result["overlap"] = result["mean"];
        if (!untaught_.empty()) result["random_weights"] = meansOf(untaught_);
        return {std::move(result), volumes_.volume(), heat_.volume()};
    }

  private:
    void add(std::size_t i) {
        const std::int64_t index = indices_[i];
        const auto at = std::size_t(index);
        const Volume volume = standardised(data_.source().read(index)), mask = targetMask(data_, index);
        const ExplainRequest request{options_.method, options_.layer, target_ >= 0 ? target_ : labels_[at]};
        const HeatMap map = explain(model_, volume, request, device_);
        layer_ = map.layer;
        const std::uint64_t chance = deriveSeed(seed_, "chance", i);
        const std::map<std::string, double> figures = measured(map, mask, chance);
        addTo(learnt_, figures);
        if (!random_.empty())
            addTo(untaught_, measured(explain(random_[i % random_.size()], volume, request, device_), mask, chance));
        if (ofClass_ >= 0) {
            heat_.add(inParticleFrame(map.heat, particles_[at].tomogramFromParticle));
            volumes_.add(inParticleFrame(volume, particles_[at].tomogramFromParticle));
        }
        const std::int64_t id = data_.particleIds()[at];
        heldOut_ += test_.contains(id);
        nlohmann::json row{{"particle", index},
                           {"particle_id", id},
                           {"label", classes_[std::size_t(labels_[at])]},
                           {"class", classes_[std::size_t(map.targetClass)]}};
        for (const auto& [name, value] : figures) row[name] = value;
        rows_.push_back(std::move(row));
    }

    const RunData& data_;
    const Model& model_;
    const ExplainRunOptions& options_;
    std::uint64_t seed_;
    at::Device device_;
    const std::vector<std::string>& classes_;
    int ofClass_, target_;  // -1: none was named
    std::vector<int> labels_;
    std::vector<Particle> particles_;
    std::set<std::int64_t> test_;  // ids
    std::vector<std::int64_t> indices_;
    std::vector<Model> random_;
    Figures learnt_, untaught_;
    Mean heat_, volumes_;
    nlohmann::json rows_ = nlohmann::json::array();
    std::int64_t heldOut_ = 0;
    std::string layer_;
};

}  // namespace

ManyParticles explainMany(const RunData& data, const Model& model, const ExplainRunOptions& options, std::uint64_t seed,
                          const at::Device& device, JobContext& context) {
    context.setStages(1);
    context.beginStage("Explaining");
    Explaining explaining(data, model, options, seed, device);
    explaining.run(context);
    return explaining.result();
}

}  // namespace tomoloupe
