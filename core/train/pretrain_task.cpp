#include "core/train/pretrain_task.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/seed.h"

namespace tomoloupe {

PretrainTask::PretrainTask(PretrainMethod& method, const VolumeBatches& volumes, std::int64_t batchSize, std::uint64_t seed)
    : method_(method), volumes_(volumes), batchSize_(batchSize), seed_(seed) {
    if (volumes.count() < batchSize)
        throw InvalidOptions(fmt::format("There are {} particles, fewer than one batch of {}: choose a smaller batch-size",
                                         volumes.count(), batchSize));
}

std::int64_t PretrainTask::stepsPerEpoch() const { return volumes_.count() / batchSize_; }

MethodStep PretrainTask::step(std::int64_t epoch, std::int64_t stepInEpoch) {
    if (epoch != orderEpoch_) {
        order_ = epochOrder(volumes_.count(), seed_, epoch);
        orderEpoch_ = epoch;
    }
    const std::span<const std::int64_t> indices(order_.data() + stepInEpoch * batchSize_, std::size_t(batchSize_));
    return method_.step(volumes_.batch(indices), deriveSeed(seed_, "step", std::uint64_t(epoch * stepsPerEpoch() + stepInEpoch)));
}

}  // namespace tomoloupe
