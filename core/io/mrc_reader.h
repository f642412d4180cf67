#pragma once

#include "core/io/reader.h"

namespace tomoloupe {

/// MRC2014, CCP4 maps, RELION and IMOD variants, also packed with gzip or bzip2. Any thread.
class MrcReader : public VolumeReader {
  public:
    [[nodiscard]] std::string_view name() const override { return "MRC"; }
    [[nodiscard]] std::vector<std::string> extensions() const override;
    [[nodiscard]] Probe probe(const std::filesystem::path& path, std::span<const std::byte> head) const override;
    [[nodiscard]] std::shared_ptr<const VolumeFile> open(const std::filesystem::path& path) const override;
};

}  // namespace tomoloupe
