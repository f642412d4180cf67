#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "core/io/positioned_file.h"

namespace tomoloupe {

enum class Packing { None, Gzip, Bzip2 };

/// By the first bytes, never by the name.
[[nodiscard]] Packing packingOf(const PositionedFile& file);

/// Up to `limit` first bytes, unpacked where the file is packed. Broken packing gives what could be unpacked.
[[nodiscard]] std::vector<std::byte> unpackedHead(const PositionedFile& file, std::size_t limit);

/// The file unpacked into a temporary file that has no name and goes with the object. Throws ReadError when the packed
/// data are broken or cut off, and when they hold more than `limitBytes` (nothing beyond that is written).
[[nodiscard]] PositionedFile unpacked(const PositionedFile& file, std::uint64_t limitBytes);

/// How many bytes a packed file of this length can hold at the very most.
[[nodiscard]] std::uint64_t mostUnpackedBytes(Packing packing, std::uint64_t packedBytes);

}  // namespace tomoloupe
