#include "core/explain/sanity_check.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "core/base/seed.h"
#include "core/explain/heat_figures.h"

namespace tomoloupe {
namespace {

constexpr int kDrawings = 5;

/// "encoder.block1_widen_weight" -> "block1", "classifier.bias" -> "classifier".
std::string layerOf(const std::string& tensor) {
    const std::string prefix = "encoder.";
    const std::string name = tensor.starts_with(prefix) ? tensor.substr(prefix.size()) : tensor;
    return name.substr(0, name.find_first_of("._"));
}

/// Two models of one kind whose weights change places, a layer at a time; all are back at the end.
class Exchange {
  public:
    Exchange(const Model& first, const Model& second) : first_(first.tensors()), second_(second.tensors()) {}
    ~Exchange() {
        for (const std::string& layer : exchanged_) swap(layer);
    }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// From the output to the input.
    [[nodiscard]] std::vector<std::string> layers() const {
        std::vector<std::string> names;
        for (const auto& [name, tensor] : first_)
            if (std::find(names.begin(), names.end(), layerOf(name)) == names.end()) names.push_back(layerOf(name));
        std::reverse(names.begin(), names.end());
        return names;
    }
    void exchange(const std::string& layer) {
        swap(layer);
        exchanged_.push_back(layer);
    }

  private:
    void swap(const std::string& layer) {
        const at::NoGradGuard noGrad;
        for (std::size_t i = 0; i < first_.size(); ++i) {
            if (layerOf(first_[i].first) != layer) continue;
            const at::Tensor kept = first_[i].second.clone();
            first_[i].second.copy_(second_[i].second);
            second_[i].second.copy_(kept);
        }
    }

    NamedTensors first_, second_;
    std::vector<std::string> exchanged_;
};

}  // namespace

double SanityCheck::meanRankCorrelation() const {
    return std::accumulate(rankCorrelations.begin(), rankCorrelations.end(), 0.0) / double(rankCorrelations.size());
}

SanityCheck checkWithRandomWeights(const Model& model, const Volume& volume, const ExplainRequest& request, const HeatMap& learnt,
                                   std::uint64_t seed, const at::Device& device,
                                   const std::function<void(int done, int count)>& step) {
    SanityCheck check;
    ExplainRequest sameClass = request;
    sameClass.targetClass = learnt.targetClass;
    int done = 0, count = 0;
    const auto correlationOf = [&](const Volume& heat) {
        step(++done, count);
        return rankCorrelation(heat.voxels(), learnt.heat.voxels());
    };
    const auto drawing = [&](int index) { return makeModel(model.manifest, deriveSeed(seed, "random weights", std::uint64_t(index)), device); };

    Volume heat;
    {
        Exchange weights(model, drawing(0));
        const std::vector<std::string> layers = weights.layers();
        count = int(layers.size()) + kDrawings - 1;
        for (const std::string& layer : layers) {
            weights.exchange(layer);
            heat = explain(model, volume, sameClass, device).heat;
            check.cascade.push_back({layer, correlationOf(heat)});
        }
    }
    check.rankCorrelations.push_back(check.cascade.back().rankCorrelation);
    check.randomMaps.push_back(heat);
    for (int index = 1; index < kDrawings; ++index) {
        check.randomMaps.push_back(explain(drawing(index), volume, sameClass, device).heat);
        check.rankCorrelations.push_back(correlationOf(check.randomMaps.back()));
    }
    return check;
}

}  // namespace tomoloupe
