#include "core/train/batches.h"

#include <ATen/ATen.h>

#include <cstring>
#include <numeric>

#include "core/base/seed.h"
#include "core/volume/operations.h"

namespace tomoloupe {

VolumeBatches::VolumeBatches(std::int64_t count, Index3 shape, Reader read, const at::Device& device, std::int64_t budgetBytes,
                             const std::function<void(std::int64_t, std::int64_t)>& tick)
    : count_(count), shape_(shape), read_(std::move(read)), device_(device) {
    if (count * shape.product() * std::int64_t(sizeof(float)) > budgetBytes) return;
    at::Tensor all = at::empty({count, 1, shape.z, shape.y, shape.x}, at::kFloat);
    for (std::int64_t i = 0; i < count; ++i) {
        all[i].copy_(readOne(i));
        if (tick) tick(i + 1, count);
    }
    all_ = all.to(device);
}

at::Tensor VolumeBatches::readOne(std::int64_t index) const {
    const Volume volume = standardised(read_(index));
    at::Tensor result = at::empty({1, shape_.z, shape_.y, shape_.x}, at::kFloat);
    std::memcpy(result.data_ptr<float>(), volume.voxels().data(), volume.voxels().size_bytes());
    return result;
}

at::Tensor VolumeBatches::batch(std::span<const std::int64_t> indices) const {
    if (all_.defined()) {
        const at::Tensor where = at::empty({std::int64_t(indices.size())}, at::kLong);
        std::memcpy(where.data_ptr<std::int64_t>(), indices.data(), indices.size_bytes());
        return all_.index_select(0, where.to(device_));
    }
    std::vector<at::Tensor> volumes;
    for (const std::int64_t index : indices) volumes.push_back(readOne(index));
    return at::stack(volumes).to(device_);
}

std::vector<std::int64_t> epochOrder(std::int64_t count, std::uint64_t seed, std::int64_t epoch) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    Random(deriveSeed(seed, "epoch order", std::uint64_t(epoch))).shuffle(order);
    return order;
}

}  // namespace tomoloupe
