#pragma once

#include <bit>
#include <cstdint>

namespace tomoloupe {

/// A whole number that sorts as the value does, and by index where values are equal; quicker to sort than pairs.
[[nodiscard]] inline std::uint64_t orderKey(float value, std::int32_t index) {
    const auto bits = std::bit_cast<std::uint32_t>(value == 0 ? 0.0f : value);  // -0 and 0 are equal
    const std::uint32_t rising = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    return std::uint64_t(rising) << 32 | static_cast<std::uint32_t>(index);
}

[[nodiscard]] inline std::int32_t indexOf(std::uint64_t key) {
    return static_cast<std::int32_t>(key & 0xffffffffu);
}

}  // namespace tomoloupe
