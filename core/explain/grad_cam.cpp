#include "core/explain/grad_cam.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

void describeMap(HeatMap& map) {
    double sum = 0;
    for (const float value : map.heat.voxels()) {
        sum += value;
        map.aboveHalf += value > 0.5f;
    }
    map.aboveHalf /= double(map.heat.voxels().size());
    for (const float value : map.heat.voxels())
        if (value > 0) map.entropy -= value / sum * std::log(value / sum);
}

}  // namespace

HeatMap gradCam(const Model& model, const Volume& volume, int targetClass, const at::Device& device) {
    const Index3 shape = volume.shape();
    at::Tensor input = at::empty({1, 1, shape.z, shape.y, shape.x}, at::kFloat);
    std::memcpy(input.data_ptr<float>(), volume.voxels().data(), volume.voxels().size_bytes());
    if (targetClass >= int(model.manifest.classes.size()))
        throw Error(fmt::format("The model has {} classes; there is no class {}", model.manifest.classes.size(), targetClass));

    model.train(false);
    at::Tensor features;
    {
        at::NoGradGuard noGrad;
        features = model.encoder->features(input.to(device));
    }
    features = features.detach().requires_grad_(true);
    const at::Tensor scores = model.classifier->forward(model.encoder->embedFeatures(features));  // [1, classes]
    const at::Tensor probabilities = at::softmax(scores.detach(), 1).to(at::kCPU).contiguous();
    HeatMap map;
    map.targetClass = targetClass >= 0 ? targetClass : int(probabilities.argmax(1).item<std::int64_t>());
    map.probability = probabilities.data_ptr<float>()[map.targetClass];
    scores[0][map.targetClass].backward({}, /*retain_graph=*/false, /*create_graph=*/false, at::TensorList{features});

    at::NoGradGuard noGrad;
    const at::Tensor weights = features.grad().mean({2, 3, 4}, true);
    at::Tensor heat = at::relu((weights * features).sum(1, true));
    heat = at::upsample_trilinear3d(heat, {shape.z, shape.y, shape.x}, /*align_corners=*/false).to(at::kCPU).contiguous();
    const double low = heat.min().item<double>(), high = heat.max().item<double>();
    heat = high > low ? (heat - low) / (high - low) : at::zeros_like(heat);
    heat = heat.contiguous();
    const float* values = heat.data_ptr<float>();
    map.heat = Volume(shape, std::vector<float>(values, values + shape.product()), volume.voxelSizeAngstrom(), volume.originAngstrom());
    describeMap(map);
    return map;
}

}  // namespace tomoloupe
