#pragma once

#include "core/io/reader.h"

namespace tomoloupe {

/// Stacks of subtomograms of our own layout (stack.h) as volume files. Any thread.
class Hdf5StackReader : public VolumeReader {
  public:
    [[nodiscard]] std::string_view name() const override { return "HDF5 stack"; }
    [[nodiscard]] std::vector<std::string> extensions() const override { return {"h5", "hdf5"}; }
    [[nodiscard]] Probe probe(const std::filesystem::path& path, std::span<const std::byte> head) const override;
    [[nodiscard]] std::shared_ptr<const VolumeFile> open(const std::filesystem::path& path) const override;
};

}  // namespace tomoloupe
