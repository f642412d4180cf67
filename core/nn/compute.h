#pragma once

#include <ATen/core/Generator.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <string>

namespace tomoloupe {

/// "auto": the first CUDA device, else the CPU. Throws InvalidOptions when the device asked for is not there.
[[nodiscard]] at::Device chooseDevice(const std::string& name);

/// An independent generator of random numbers on `device`.
[[nodiscard]] at::Generator makeGenerator(const at::Device& device, std::uint64_t seed);

/// Makes this thread compute with all cores and lets the allocator keep large blocks instead of returning them to the system
/// each step. First thing on every thread that computes; LibTorch's thread count is one a thread.
void prepareComputeThread();

/// Name of the linear algebra library in use ("openblas", "mkl", "blis", "reference", "unknown").
[[nodiscard]] std::string blasName();

/// Says once a process when the several times slower reference BLAS is in use.
void warnAboutSlowBlas();

}  // namespace tomoloupe
