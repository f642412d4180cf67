#include "core/ssl/vector_queue.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace tomoloupe {

VectorQueue::VectorQueue(at::Tensor vectors, std::int64_t count)
    : rows_(std::move(vectors)), position_(at::zeros({1}, at::kLong)), count_(at::full({1}, count, at::kLong)) {}

bool VectorQueue::full() const { return rows_.size(0) > 0 && count_.item<std::int64_t>() == rows_.size(0); }

void VectorQueue::push(const at::Tensor& vectors) {
    if (rows_.size(0) == 0) return;
    at::NoGradGuard noGrad;
    const std::int64_t position = position_.item<std::int64_t>(), n = vectors.size(0);
    rows_.narrow(0, position, n).copy_(vectors);
    position_.fill_((position + n) % rows_.size(0));
    count_.fill_(std::min(count_.item<std::int64_t>() + n, rows_.size(0)));
}

void VectorQueue::appendState(NamedTensors& all, const std::string& name) const {
    all.emplace_back(name, rows_);
    all.emplace_back(name + "_position", position_);
    all.emplace_back(name + "_count", count_);
}

}  // namespace tomoloupe
