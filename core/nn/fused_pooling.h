#pragma once

#include <ATen/core/Tensor.h>

namespace tomoloupe {

/// relu(max-pool 2^3(x)) of maps [N, C, D, H, W] on the CPU, float32 or bfloat16, in one pass each way.
[[nodiscard]] at::Tensor pooledRectified(const at::Tensor& x);

/// Whether convolvedPooledRectified serves this layer: one channel in, 3^3 kernels, on the CPU, no gradient of the input.
[[nodiscard]] bool fusesConvolution(const at::Tensor& x, const at::Tensor& weight);
/// relu(max-pool 2^3(convolution of [N, 1, D, H, W] with zeros around it)), float32, never storing the convolution's output.
[[nodiscard]] at::Tensor convolvedPooledRectified(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

}  // namespace tomoloupe
