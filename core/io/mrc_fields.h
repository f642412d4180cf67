#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "core/io/mrc_header.h"

namespace tomoloupe {

/// The raw header words in one byte order; no checks.
class MrcFields {
  public:
    MrcFields(std::span<const std::byte> header, bool swapBytes) : header_(header), swap_(swapBytes) {}
    [[nodiscard]] bool swapped() const { return swap_; }
    [[nodiscard]] std::int32_t whole(std::size_t offset) const { return static_cast<std::int32_t>(word(offset)); }
    [[nodiscard]] double real(std::size_t offset) const {
        const std::uint32_t bits = word(offset);
        float value = 0;
        std::memcpy(&value, &bits, 4);
        return value;
    }
    [[nodiscard]] std::array<std::int64_t, 3> wholes(std::size_t offset) const {
        return {whole(offset), whole(offset + 4), whole(offset + 8)};
    }
    [[nodiscard]] std::array<double, 3> reals(std::size_t offset) const {
        return {real(offset), real(offset + 4), real(offset + 8)};
    }
    [[nodiscard]] std::string text(std::size_t offset, std::size_t length) const {
        return {reinterpret_cast<const char*>(header_.data()) + offset, length};
    }
    [[nodiscard]] bool hasMap() const { return text(mrc_offset::kMap, 3) == "MAP"; }
    [[nodiscard]] bool hasImodStamp() const { return whole(mrc_offset::kImodStamp) == 1146047817; }

  private:
    [[nodiscard]] std::uint32_t word(std::size_t offset) const {
        std::uint32_t bits = 0;
        std::memcpy(&bits, header_.data() + offset, 4);
        return swap_ ? __builtin_bswap32(bits) : bits;
    }
    std::span<const std::byte> header_;
    bool swap_;
};

/// Bits of one voxel for the modes that MRC, IMOD and EMAN2 define, 0 for any other number.
[[nodiscard]] int mrcBitsOfMode(std::int32_t mode);

/// Bytes of header, extended header and voxels as the fields claim; UINT64_MAX when that has no 64-bit number.
[[nodiscard]] std::uint64_t mrcClaimedBytes(const MrcFields& fields);

/// Reads the header in the byte order in which mode, extents and file length make most sense; the machine stamp decides
/// between equals. `fileBytes` 0: unknown.
[[nodiscard]] MrcFields mrcFieldsOf(std::span<const std::byte> header, std::uint64_t fileBytes);

/// The byte order that the machine stamp names: '<', '>' or 0.
[[nodiscard]] char mrcStampOrder(std::span<const std::byte> header);

}  // namespace tomoloupe
