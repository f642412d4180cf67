#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/engine/run_jobs.h"
#include "core/ssl/augmentation.h"
#include "core/volume/operations.h"

namespace tomoloupe {

std::vector<Volume> previewViews(const Volume& particle, const std::string& optionsJson, std::uint64_t seed, int count) {
    AugmentationOptions options;
    fromJson(options.describe(), nlohmann::json::parse(optionsJson));
    const Index3 shape = particle.shape();
    if (shape.x != shape.y || shape.x != shape.z)
        throw InvalidOptions(fmt::format("The box of {} x {} x {} voxels is not a cube; extract the particle in a cubic box", shape.x, shape.y, shape.z));
    options.voxelSizeAngstrom = particle.voxelSizeAngstrom();
    const at::NoGradGuard noGrad;
    const Volume volume = standardised(particle);
    const at::Tensor batch =
        at::tensor(at::ArrayRef<float>(volume.voxels().data(), volume.voxels().size())).view({1, 1, shape.z, shape.y, shape.x});
    const at::Tensor made = augment(batch.expand({count, 1, shape.z, shape.y, shape.x}), options, seed).contiguous();
    std::vector<Volume> views;
    for (int i = 0; i < count; ++i) {
        const float* const from = made[i].data_ptr<float>();
        views.emplace_back(shape, std::vector<float>(from, from + shape.product()), particle.voxelSizeAngstrom(), particle.originAngstrom());
    }
    return views;
}

}  // namespace tomoloupe
