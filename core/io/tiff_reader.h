#pragma once

#include "core/io/reader.h"

namespace tomoloupe {

/// TIFF and BigTIFF stacks: pages are z; ImageJ hyperstacks and OME voxel sizes. Any thread.
class TiffReader : public VolumeReader {
  public:
    [[nodiscard]] std::string_view name() const override { return "TIFF"; }
    [[nodiscard]] std::vector<std::string> extensions() const override { return {"tif", "tiff"}; }
    [[nodiscard]] Probe probe(const std::filesystem::path& path, std::span<const std::byte> head) const override;
    [[nodiscard]] std::shared_ptr<const VolumeFile> open(const std::filesystem::path& path) const override;
};

}  // namespace tomoloupe
