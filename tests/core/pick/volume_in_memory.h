#pragma once

#include <atomic>
#include <utility>

#include "core/base/error.h"
#include "core/io/volume_file.h"
#include "core/volume/operations.h"

namespace tomoloupe::test {

/// A tomogram without a file.
class VolumeInMemory : public VolumeFile {
  public:
    explicit VolumeInMemory(Volume volume) : volume_(std::move(volume)) {
        info_.shape = volume_.shape();
        const double apix = volume_.voxelSizeAngstrom();
        info_.voxelSizeAngstrom = {apix, apix, apix};
    }
    [[nodiscard]] const VolumeInfo& info() const override { return info_; }
    [[nodiscard]] Volume read(const Box& box, std::int64_t) const override {
        if (!box.within(info_.shape)) throw Error("The box leaves the volume");
        reads_ += box.size.product();
        return crop(volume_, box);
    }
    /// Voxels read so far.
    [[nodiscard]] std::int64_t voxelsRead() const { return reads_; }

  private:
    Volume volume_;
    VolumeInfo info_;
    mutable std::atomic<std::int64_t> reads_ = 0;
};

}  // namespace tomoloupe::test
