#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/volume_file.h"

namespace tomoloupe {

enum class Probe { No, Maybe, Sure };

/// One file format. "Not mine" is a return value of probe; "mine but broken" is a ReadError from open.
class VolumeReader {
  public:
    virtual ~VolumeReader() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// Without the dot, lower case.
    [[nodiscard]] virtual std::vector<std::string> extensions() const = 0;
    /// `head`: up to the first 1024 bytes, already unpacked where the file is gzip or bzip2.
    [[nodiscard]] virtual Probe probe(const std::filesystem::path& path, std::span<const std::byte> head) const = 0;
    [[nodiscard]] virtual std::shared_ptr<const VolumeFile> open(const std::filesystem::path& path) const = 0;
    /// Every problem of a file, one sentence each; empty when it is sound. Does not throw for a broken file.
    /// The default opens it, reads every voxel and reports the error or the warnings.
    [[nodiscard]] virtual std::vector<std::string> validate(const std::filesystem::path& path) const;
};

/// The readers known to the program, asked in order; the first Sure wins, else the first Maybe. Owned by app/.
class ReaderRegistry {
  public:
    void add(std::unique_ptr<VolumeReader> reader);
    [[nodiscard]] const std::vector<std::unique_ptr<VolumeReader>>& readers() const { return readers_; }
    /// Throws ReadError when the file cannot be opened, UnsupportedFormat when no reader wants it.
    [[nodiscard]] const VolumeReader& readerFor(const std::filesystem::path& path) const;
    [[nodiscard]] std::shared_ptr<const VolumeFile> open(const std::filesystem::path& path) const;

  private:
    std::vector<std::unique_ptr<VolumeReader>> readers_;
};

/// MRC/CCP4, HDF5 stacks (own layout), TIFF.
[[nodiscard]] ReaderRegistry builtInReaders();

}  // namespace tomoloupe
