#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace tomoloupe {

/// The class that each row of `probabilities` [N, classes] (float32, CPU) may be taught as, -1 for none: the most probable one where
/// its probability reaches `threshold`. Of each class the most probable rows are taken, at most as many as there would be if the
/// rows were composed like the labelled particles, of which there are `labelled[c]` of class c: a network that prefers one class
/// must not be taught to prefer it still more.
[[nodiscard]] std::vector<int> choosePseudoLabels(const at::Tensor& probabilities, double threshold, std::span<const std::int64_t> labelled);

/// For each class N / (classes * members): rare classes weigh as much as frequent ones, and the mean over the N particles is 1. A class
/// without members has weight 0.
[[nodiscard]] std::vector<double> balancedWeights(std::span<const std::int64_t> members);

}  // namespace tomoloupe
