#pragma once

#include <cstddef>
#include <cstdint>

namespace tomoloupe {

/// How voxels lie in a file of plain numbers.
enum class RawType { Int8, Uint8, Int16, Uint16, Int32, Uint32, Float16, Float32, Float64 };

[[nodiscard]] std::size_t bytesOf(RawType type);
[[nodiscard]] const char* nameOf(RawType type);

/// `count` numbers that follow each other in `source`, as floats every `stride` floats from `target`.
void convertVoxels(RawType type, bool swapBytes, const std::byte* source, std::int64_t count, float* target,
                   std::int64_t stride);

/// IEEE 754 half precision.
[[nodiscard]] float floatFromHalf(std::uint16_t half);

}  // namespace tomoloupe
