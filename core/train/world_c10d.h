#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>
#include <string>

#include "core/jobs/rank.h"
#include "core/train/world.h"

namespace tomoloupe {

/// Whether this build can share a run among processes (LibTorch with Gloo, and Gloo's headers).
[[nodiscard]] bool canJoinWorlds();

/// Meets the other processes of `rank` at its master's port and stays connected with them as long as the object lives; of this thread.
/// `name` must be the same for all and tells them from those of another run. Tensors of a CUDA `device` go through NCCL where
/// LibTorch has it, else through the CPU. Divides the cores of this machine among the processes that may use the same ones.
/// `interrupt` is called while waiting and may throw. Throws Error when the others do not come within rank.timeout, and from any call
/// when one of them has gone or does not answer for that long.
[[nodiscard]] std::unique_ptr<World> joinWorld(const Rank& rank, const std::string& name, const at::Device& device,
                                               const std::function<void()>& interrupt = [] {});

}  // namespace tomoloupe
