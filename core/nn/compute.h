#pragma once

#include <ATen/core/Generator.h>
#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <string>

#include "core/recipe/learning.h"

namespace tomoloupe {

/// "auto": the first CUDA device, else the CPU. Throws InvalidOptions when the device asked for is not there.
[[nodiscard]] at::Device chooseDevice(const std::string& name);

/// An independent generator of random numbers on `device`.
[[nodiscard]] at::Generator makeGenerator(const at::Device& device, std::uint64_t seed);

/// Whether convolutions of bfloat16 can be computed there; on x86 oneDNN needs AVX-512.
[[nodiscard]] bool computesBfloat16(const at::Device& device);

/// The type to compute in on `device` by the option "precision"; "auto" is bfloat16 on CUDA devices. Also turns
/// LibTorch's deterministic algorithms on or off for this process. Throws InvalidOptions where settings exclude each other or the device cannot do it.
[[nodiscard]] at::ScalarType choosePrecision(const TrainerSettings& settings, const at::Device& device);

/// The cores that this process may use; a cluster or taskset may give it fewer than the machine has.
[[nodiscard]] int coresAllowed();

/// Makes this thread compute with all cores it may use and lets the allocator keep large blocks instead of returning them to the system
/// each step. First thing on every thread that computes; LibTorch's thread count is one a thread.
void prepareComputeThread();

/// Name of the linear algebra library in use ("openblas", "mkl", "blis", "reference", "unknown").
[[nodiscard]] std::string blasName();

/// Says once a process when the several times slower reference BLAS is in use.
void warnAboutSlowBlas();

}  // namespace tomoloupe
