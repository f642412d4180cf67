#pragma once

#include <c10/core/Device.h>
#include <c10/core/DeviceGuard.h>

#include <memory>

#include "core/jobs/job.h"
#include "core/project/run.h"
#include "core/train/world.h"

namespace tomoloupe {

/// The processes that do a training run together, and this one's device. On the thread that computes, as long as it does.
class SharedRun {
  public:
    /// Waits for the others, when the environment speaks of some. `device` is the option: auto and cuda give each process of a
    /// machine a card of its own. Throws Error when one does not come or does not see the same run folder.
    SharedRun(const Run& run, const std::string& device, JobContext& context);

    [[nodiscard]] const at::Device& device() const { return device_; }
    [[nodiscard]] World& world() const { return joined_ ? *joined_ : aloneInTheWorld(); }
    /// Whether this process writes the run's files.
    [[nodiscard]] bool writes() const { return world().rank() == 0; }

  private:
    at::Device device_;
    c10::DeviceGuard guard_;
    std::unique_ptr<World> joined_;
};

}  // namespace tomoloupe
