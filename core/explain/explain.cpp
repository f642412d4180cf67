#include "core/explain/explain.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

/// What one pass forward and backward showed.
struct Look {
    at::Tensor scores;    // [1, classes]
    int target = 0;
    at::Tensor map;       // [1, C, d, h, w]: a layer's output, or the input
    at::Tensor gradient;  // of the target's score, like map
};

/// Undoes what a look switched on in the encoder, also when it ends in an exception.
struct Watched {
    explicit Watched(Encoder& watched) : encoder(watched) {}
    ~Watched() {
        encoder.setTap({});
        encoder.setGuided(false);
    }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;
    Encoder& encoder;
};

at::Tensor asLeaf(const at::Tensor& map) {
    at::GradMode::set_enabled(true);  // what lies before needs no graph
    return map.detach().requires_grad_(true);
}

/// Fills the rest of a look whose `map` is the leaf that `scores` came from.
void differentiate(Look& look, int target) {
    look.target = target >= 0 ? target : int(look.scores.detach().argmax(1).item<std::int64_t>());
    const at::Tensor score = look.scores[0][look.target];
    if (!std::isfinite(score.item<double>()))
        throw Error("The model's scores for this particle are not numbers; train it again with a lower learning rate");
    score.backward({}, /*retain_graph=*/false, /*create_graph=*/false, at::TensorList{look.map});
    look.scores = look.scores.detach();
    look.gradient = look.map.grad().to(at::kFloat);
    look.map = look.map.detach().to(at::kFloat);
}

Look lookAtLayer(const Model& model, const at::Tensor& input, const std::string& layer, int target) {
    const Watched watched(*model.encoder);
    const at::AutoGradMode withoutGraph(false);
    Look look;
    watched.encoder.setTap([&](const std::string& name, const at::Tensor& map) {
        if (name != layer) return map;
        look.map = asLeaf(map);
        return look.map;
    });
    look.scores = model.classify(input);
    if (!look.map.defined()) throw Error(fmt::format("The encoder never reached its layer {}", layer));
    differentiate(look, target);
    return look;
}

/// At the input, through guided rectifiers.
Look lookAtInput(const Model& model, const at::Tensor& input, int target) {
    const Watched watched(*model.encoder);
    const at::AutoGradMode withoutGraph(false);
    Look look;
    look.map = asLeaf(input);
    watched.encoder.setGuided(true);
    watched.encoder.setTap([](const std::string&, const at::Tensor& map) { return map; });  // nothing is overwritten
    look.scores = model.classify(look.map);
    differentiate(look, target);
    return look;
}

at::Tensor overSpace(const at::Tensor& map) { return map.sum({2, 3, 4}, /*keepdim=*/true); }

// The weights of a layer's channels, [1, C, 1, 1, 1].

at::Tensor gradCamWeights(const Look& look) { return look.gradient.mean({2, 3, 4}, /*keepdim=*/true); }

/// Chattopadhay et al. 2018, eq. 19 with the exponential of the score as output: g² / (2 g² + g³ ΣA) · ReLU(g), divided through by
/// g². The common factor exp(score) goes with the scaling. Their maps are rectified; others count with what is above 0, without which
/// the denominator has zeros.
at::Tensor gradCamPlusPlusWeights(const Look& look) {
    const at::Tensor raising = at::relu(look.gradient);
    return overSpace(raising / (2 + raising * overSpace(at::relu(look.map))));
}

/// Zhao et al. 2018, eq. 3. A channel whose sum is nothing beside its magnitude has no weight to speak of.
at::Tensor respondCamWeights(const Look& look) {
    const at::Tensor sum = overSpace(look.map);
    const at::Tensor dead = sum.abs() <= 1e-6 * overSpace(look.map.abs());
    return (overSpace(look.map * look.gradient) / sum).masked_fill(dead, 0);
}

struct Cam {
    const char* method;
    at::Tensor (*weights)(const Look&);
    bool rectified;
};
constexpr Cam kCams[] = {{"gradcam", gradCamWeights, true},
                         {"gradcam++", gradCamPlusPlusWeights, true},
                         {"respondcam", respondCamWeights, false},
                         {"guided-gradcam", gradCamWeights, true}};

/// [1, 1, d, h, w]
at::Tensor classActivation(const Cam& cam, const Look& look) {
    const at::Tensor map = (cam.weights(look) * look.map).sum(1, true);
    return cam.rectified ? at::relu(map) : map;
}

at::Tensor resized(const at::Tensor& map, const at::Tensor& input) {
    return at::upsample_trilinear3d(map, {input.size(2), input.size(3), input.size(4)}, /*align_corners=*/false);
}

/// Without signs from the lowest to the highest value, with signs by the largest magnitude.
at::Tensor scaled(const at::Tensor& map, bool hasSigns) {
    const double low = hasSigns ? 0 : map.min().item<double>();
    const double high = hasSigns ? map.abs().max().item<double>() : map.max().item<double>();
    return high > low ? (map - low) / (high - low) : at::zeros_like(map);
}

at::Tensor tensorOf(const Volume& volume, const at::Device& device) {
    const Index3 shape = volume.shape();
    at::Tensor input = at::empty({1, 1, shape.z, shape.y, shape.x}, at::kFloat);
    std::memcpy(input.data_ptr<float>(), volume.voxels().data(), volume.voxels().size_bytes());
    return input.to(device);
}

Volume volumeOf(const at::Tensor& map, const Volume& like) {
    const at::Tensor values = map.to(at::kCPU).contiguous();
    const float* first = values.data_ptr<float>();
    return Volume(like.shape(), std::vector<float>(first, first + values.numel()), like.voxelSizeAngstrom(), like.originAngstrom());
}

std::string layerOf(const Encoder& encoder, const std::string& wanted) {
    const std::vector<std::string> names = encoder.layerNames();
    if (wanted == "last-block") return names.back();
    if (std::find(names.begin(), names.end(), wanted) == names.end())
        throw InvalidOptions(fmt::format("This model's encoder has no layer \"{}\"; its layers are {}; last-block means {}", wanted,
                                         fmt::join(names, ", "), names.back()));
    return wanted;
}

void checkClass(const Model& model, int target) {
    const std::size_t classes = model.manifest.classes.size();
    if (target >= int(classes)) throw Error(fmt::format("The model has {} classes; there is no class {}", classes, target));
}

}  // namespace

HeatMap explain(const Model& model, const Volume& volume, const ExplainRequest& request, const at::Device& device) {
    checkClass(model, request.targetClass);
    model.train(false);
    const auto cam = std::find_if(std::begin(kCams), std::end(kCams), [&](const Cam& one) { return one.method == request.method; });
    const bool looksAtInput = request.method == "guided-backprop" || request.method == "guided-gradcam";
    if (cam == std::end(kCams) && !looksAtInput) throw InvalidOptions(fmt::format("There is no explanation \"{}\"", request.method));
    const at::Tensor input = tensorOf(volume, device);

    HeatMap map;
    Look look;
    at::Tensor heat;  // [1, 1, d, h, w]
    if (cam != std::end(kCams)) {
        map.layer = layerOf(*model.encoder, request.layer);
        look = lookAtLayer(model, input, map.layer, request.targetClass);
        heat = classActivation(*cam, look);
    }
    if (looksAtInput) {
        const bool alone = !heat.defined();
        look = lookAtInput(model, input, alone ? request.targetClass : look.target);
        heat = alone ? look.gradient : resized(heat, input) * look.gradient;
    }
    map.targetClass = look.target;
    map.score = look.scores[0][look.target].item<double>();
    map.probability = at::softmax(look.scores, 1)[0][look.target].item<double>();
    map.total = heat.sum().item<double>();
    const bool hasSigns = looksAtInput || !cam->rectified;
    map.heat = volumeOf(scaled(resized(heat, input), hasSigns), volume);
    return map;
}

}  // namespace tomoloupe
