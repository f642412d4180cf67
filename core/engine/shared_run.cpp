#include "core/engine/shared_run.h"

#include <ATen/detail/CUDAHooksInterface.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/nn/compute.h"
#include "core/train/world_c10d.h"

namespace tomoloupe {
namespace {

at::Device deviceFor(const std::string& option, const Rank& rank) {
    const at::Device device = chooseDevice(option);
    if (rank.size == 1 || !device.is_cuda() || (device.has_index() && option != "auto")) return device;
    // Slurm may show a process its own card alone.
    return at::Device(at::kCUDA, c10::DeviceIndex(rank.local % at::detail::getCUDAHooks().getNumGPUs()));
}

}  // namespace

SharedRun::SharedRun(const Run& run, const std::string& device, JobContext& context)
    : device_(deviceFor(device, rankFromEnvironment())), guard_(device_) {
    const Rank rank = rankFromEnvironment();
    if (rank.size == 1) return;
    joined_ = joinWorld(rank, run.folder().filename().string(), device_, [&] { context.stop().throwIfCancelled(); });
    const bool goesOn = std::filesystem::exists(run.trainerPath());
    if (joined_->largest(goesOn ? 1 : 0) > 0 && !goesOn)
        throw Error(fmt::format("This is {}; it does not see {}, which another one does: all must see the same run folder", rank.text(),
                                run.trainerPath().string()));
    context.log(LogLevel::Info, fmt::format("{} processes share the run", rank.size));
}

}  // namespace tomoloupe
