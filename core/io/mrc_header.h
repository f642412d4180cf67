#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/io/volume_file.h"

namespace tomoloupe {

inline constexpr std::size_t kMrcHeaderBytes = 1024;

/// Byte offsets of the MRC2014 header (formats.md 3.1); fields of three follow each other.
namespace mrc_offset {
inline constexpr std::size_t kExtents = 0, kMode = 12, kStart = 16, kIntervals = 28, kCell = 40, kAngles = 52,
                             kAxes = 64, kMinimum = 76, kMaximum = 80, kMean = 84, kSpaceGroup = 88,
                             kExtendedBytes = 92, kExtendedType = 104, kVersion = 108, kImodStamp = 152,
                             kImodFlags = 156, kOrigin = 196, kMap = 208, kStamp = 212, kRms = 216, kLabelCount = 220,
                             kLabels = 224;
}

/// How one voxel lies in the file.
enum class MrcType { Int8, Uint8, Int16, Uint16, Float16, Float32, Uint4 };

/// A header after all repairs: where the voxels are and what they mean. File axes are columns, rows, sections.
struct MrcLayout {
    MrcType type = MrcType::Float32;
    bool swapBytes = false;
    std::array<std::int64_t, 3> fileShape{};  ///< columns, rows, sections of one volume
    std::array<int, 3> volumeAxis{0, 1, 2};   ///< the volume's axis (x 0, y 1, z 2) that each file axis runs along
    std::uint64_t dataOffset = kMrcHeaderBytes;
    std::uint64_t rowBytes = 0;  ///< of one row of columns
    VolumeInfo info;
    std::vector<std::string> problems;  ///< what validate reports besides info.warnings
    [[nodiscard]] std::uint64_t volumeBytes() const {
        return rowBytes * static_cast<std::uint64_t>(fileShape[1]) * static_cast<std::uint64_t>(fileShape[2]);
    }
};

/// True when some byte order makes mode and extents legal: what probe asks.
[[nodiscard]] bool looksLikeMrc(std::span<const std::byte> head);

/// Understands the first 1024 bytes of a file of `fileBytes` bytes (unpacked). Throws ReadError that names field and
/// byte.
[[nodiscard]] MrcLayout parseMrcHeader(std::span<const std::byte> header, std::uint64_t fileBytes,
                                       const std::filesystem::path& path);

}  // namespace tomoloupe
