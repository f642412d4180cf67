#include "core/io/voxel_convert.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace tomoloupe {
namespace {

template <std::size_t Bytes>
struct UnsignedOf;
template <>
struct UnsignedOf<1> {
    using Type = std::uint8_t;
};
template <>
struct UnsignedOf<2> {
    using Type = std::uint16_t;
};
template <>
struct UnsignedOf<4> {
    using Type = std::uint32_t;
};
template <>
struct UnsignedOf<8> {
    using Type = std::uint64_t;
};

std::uint8_t swapped(std::uint8_t value) {
    return value;
}
std::uint16_t swapped(std::uint16_t value) {
    return __builtin_bswap16(value);
}
std::uint32_t swapped(std::uint32_t value) {
    return __builtin_bswap32(value);
}
std::uint64_t swapped(std::uint64_t value) {
    return __builtin_bswap64(value);
}

template <typename Value, bool kSwap>
void convertAll(const std::byte* source, std::int64_t count, float* target, std::int64_t stride) {
    using Bits = typename UnsignedOf<sizeof(Value)>::Type;
    for (std::int64_t i = 0; i < count; ++i) {
        Bits bits = 0;
        std::memcpy(&bits, source + i * static_cast<std::int64_t>(sizeof(Bits)), sizeof(Bits));
        if constexpr (kSwap) bits = swapped(bits);
        target[i * stride] = static_cast<float>(std::bit_cast<Value>(bits));
    }
}

template <typename Value>
void convert(bool swap, const std::byte* source, std::int64_t count, float* target, std::int64_t stride) {
    // With the stride known to be 1 the compiler makes vector code.
    if (swap)
        stride == 1 ? convertAll<Value, true>(source, count, target, 1)
                    : convertAll<Value, true>(source, count, target, stride);
    else
        stride == 1 ? convertAll<Value, false>(source, count, target, 1)
                    : convertAll<Value, false>(source, count, target, stride);
}

void convertHalves(bool swap, const std::byte* source, std::int64_t count, float* target, std::int64_t stride) {
    for (std::int64_t i = 0; i < count; ++i) {
        std::uint16_t bits = 0;
        std::memcpy(&bits, source + 2 * i, 2);
        target[i * stride] = floatFromHalf(swap ? swapped(bits) : bits);
    }
}

}  // namespace

std::size_t bytesOf(RawType type) {
    static constexpr std::array<std::size_t, 9> kBytes{1, 1, 2, 2, 4, 4, 2, 4, 8};
    return kBytes[static_cast<std::size_t>(type)];
}

const char* nameOf(RawType type) {
    static constexpr std::array<const char*, 9> kNames{"int8",   "uint8",   "int16",   "uint16", "int32",
                                                       "uint32", "float16", "float32", "float64"};
    return kNames[static_cast<std::size_t>(type)];
}

float floatFromHalf(std::uint16_t half) {
    const std::uint32_t sign = std::uint32_t(half & 0x8000) << 16;
    const std::uint32_t exponent = (half >> 10) & 31, fraction = half & 1023;
    if (exponent == 0) {
        const float small = std::ldexp(static_cast<float>(fraction), -24);
        return sign ? -small : small;
    }
    const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
    return std::bit_cast<float>(sign | (wide << 23) | (fraction << 13));
}

void convertVoxels(RawType type, bool swapBytes, const std::byte* source, std::int64_t count, float* target,
                   std::int64_t stride) {
    switch (type) {
        case RawType::Int8:
            return convert<std::int8_t>(swapBytes, source, count, target, stride);
        case RawType::Uint8:
            return convert<std::uint8_t>(swapBytes, source, count, target, stride);
        case RawType::Int16:
            return convert<std::int16_t>(swapBytes, source, count, target, stride);
        case RawType::Uint16:
            return convert<std::uint16_t>(swapBytes, source, count, target, stride);
        case RawType::Int32:
            return convert<std::int32_t>(swapBytes, source, count, target, stride);
        case RawType::Uint32:
            return convert<std::uint32_t>(swapBytes, source, count, target, stride);
        case RawType::Float16:
            return convertHalves(swapBytes, source, count, target, stride);
        case RawType::Float32:
            return convert<float>(swapBytes, source, count, target, stride);
        case RawType::Float64:
            return convert<double>(swapBytes, source, count, target, stride);
    }
}

}  // namespace tomoloupe
