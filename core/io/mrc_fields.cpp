#include "core/io/mrc_fields.h"

#include <algorithm>

namespace tomoloupe {
namespace {

// How plausible one byte order is. MODE 0 reads the same in both, so extents and length count too.
int plausibility(const MrcFields& fields, std::uint64_t fileBytes) {
    int score = mrcBitsOfMode(fields.whole(mrc_offset::kMode)) > 0 ? 8 : 0;
    const auto extents = fields.wholes(mrc_offset::kExtents);
    if (std::all_of(extents.begin(), extents.end(), [](std::int64_t n) { return n > 0; })) {
        score += 4;
        // The smallest voxel has four bits; a product beyond 64 bits is beyond any file.
        std::uint64_t voxels = 1;
        bool fits = true;
        for (const std::int64_t n : extents)
            fits = fits && !__builtin_mul_overflow(voxels, static_cast<std::uint64_t>(n), &voxels);
        if (fits &&
            (fileBytes == 0 ? *std::max_element(extents.begin(), extents.end()) < 65536 : voxels / 2 <= fileBytes))
            score += 4;
    }
    const auto axes = fields.wholes(mrc_offset::kAxes);
    if (std::all_of(axes.begin(), axes.end(), [](std::int64_t axis) { return axis >= 1 && axis <= 3; })) score += 1;
    return score;
}

}  // namespace

int mrcBitsOfMode(std::int32_t mode) {
    switch (mode) {
        case 0:
            return 8;
        case 1:
        case 6:
        case 12:
            return 16;
        case 2:
        case 3:
            return 32;
        case 4:
            return 64;
        case 16:
            return 24;
        case 17:
            return 32;
        case 101:
            return 4;
        default:
            return 0;
    }
}

std::uint64_t mrcClaimedBytes(const MrcFields& fields) {
    const auto extents = fields.wholes(mrc_offset::kExtents);
    const int bits = mrcBitsOfMode(fields.whole(mrc_offset::kMode));
    if (bits == 0) return kMrcHeaderBytes;
    std::uint64_t bytes = 1;
    for (const std::int64_t n : extents)
        if (n <= 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(n), &bytes))
            return n <= 0 ? kMrcHeaderBytes : UINT64_MAX;
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(bits), &bytes)) return UINT64_MAX;
    // Rows of four-bit voxels end on whole bytes: up to half a byte a row more.
    const auto rows = static_cast<std::uint64_t>(extents[1]) * static_cast<std::uint64_t>(extents[2]);
    const std::int32_t extended = std::max(fields.whole(mrc_offset::kExtendedBytes), 0);
    return bytes / 8 + (bits == 4 ? rows : 0) + kMrcHeaderBytes + static_cast<std::uint64_t>(extended);
}

char mrcStampOrder(std::span<const std::byte> header) {
    const auto byte = [&](std::size_t i) { return std::to_integer<int>(header[mrc_offset::kStamp + i]); };
    if (byte(0) == 0x44 && (byte(1) == 0x44 || byte(1) == 0x41 || byte(1) == 0x20)) return '<';
    if (byte(0) == 0x11 && byte(1) == 0x11) return '>';
    return 0;
}

MrcFields mrcFieldsOf(std::span<const std::byte> header, std::uint64_t fileBytes) {
    const MrcFields little(header, false), big(header, true);
    const int apart = plausibility(little, fileBytes) - plausibility(big, fileBytes);
    if (apart != 0) return apart > 0 ? little : big;
    return mrcStampOrder(header) == '>' ? big : little;
}

}  // namespace tomoloupe
