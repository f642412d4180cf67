#include "core/nn/pooling_kernels.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <vector>

#include "core/base/vectorised.h"

namespace tomoloupe {
namespace {

// One value a channel of a block. GCC and Clang split it where the processor's registers are shorter.
using Floats = float __attribute__((vector_size(4 * kChannelBlock)));
using Ints = std::int32_t __attribute__((vector_size(4 * kChannelBlock)));
using Winners = Winner __attribute__((vector_size(kChannelBlock)));

constexpr int kTaps = 27, kPlaces = 8;

/// The map in the middle of zeros, rim one voxel.
void pad(const float* map, MapShape shape, float* padded) {
    const std::int64_t width = shape.width + 2, plane = width * (shape.height + 2);
    std::fill_n(padded, plane * (shape.depth + 2), 0.0F);
    for (std::int64_t z = 0; z < shape.depth; ++z)
        for (std::int64_t y = 0; y < shape.height; ++y)
            std::copy_n(map + (z * shape.height + y) * shape.width, shape.width, padded + (z + 1) * plane + (y + 1) * width + 1);
}

/// Where, from the first voxel of a 4^3 patch of the padded map, the voxels of a 3^3 kernel and the 2^3 places of the kernel lie.
struct Offsets {
    std::int64_t tap[kTaps], place[kPlaces];
    explicit Offsets(MapShape shape) {
        const std::int64_t width = shape.width + 2, plane = width * (shape.height + 2);
        for (int i = 0; i < kTaps; ++i) tap[i] = i % 3 + width * (i / 3 % 3) + plane * (i / 9);
        for (int i = 0; i < kPlaces; ++i) place[i] = i % 2 + width * (i / 2 % 2) + plane * (i / 4);
    }
};

template <typename Number>
Number notANumber();
template <>
inline float notANumber() { return std::numeric_limits<float>::quiet_NaN(); }
template <>
inline std::uint16_t notANumber() { return 0x7fc0; }

inline float asFloat(float value) { return value; }
inline float asFloat(std::uint16_t value) { return std::bit_cast<float>(std::uint32_t(value) << 16); }

}  // namespace

TOMOLOUPE_VECTORISED
void convolvePool(const float* map, MapShape shape, const float* weights, const float* bias, std::int64_t channels, float* padded,
                  float* pooled, Winner* winners) {
    pad(map, shape, padded);
    const Offsets offsets(shape);
    const MapShape half = shape.halved();
    const std::int64_t width = shape.width + 2, plane = width * (shape.height + 2);
    for (std::int64_t block = 0; block < channels; block += kChannelBlock) {
        Floats weight[kTaps], shift;
        for (int t = 0; t < kTaps; ++t) std::memcpy(&weight[t], weights + t * channels + block, sizeof(Floats));
        std::memcpy(&shift, bias + block, sizeof(Floats));
        for (std::int64_t at = 0; at < half.size(); ++at) {
            const std::int64_t x = at % half.width, y = at / half.width % half.height, z = at / (half.width * half.height);
            const float* patch = padded + 2 * (z * plane + y * width + x);
            Floats sum[kPlaces] = {};
            for (int t = 0; t < kTaps; ++t)
#pragma GCC unroll 8  // so that the sums stay in registers
                for (int p = 0; p < kPlaces; ++p) sum[p] += patch[offsets.tap[t] + offsets.place[p]] * weight[t];
            Floats best = sum[0], all = sum[0];
            Ints winner = {};
#pragma GCC unroll 8
            for (int p = 1; p < kPlaces; ++p) {
                winner = sum[p] > best ? Ints{} + p : winner;
                best = sum[p] > best ? sum[p] : best;
                all += sum[p];
            }
            best += shift;
            winner = best > 0 ? winner : Ints{} + kNone;
            best = best > 0 ? best : Floats{};
            best = all == all ? best : all;  // what is no number is handed on, to be noticed
            std::memcpy(pooled + at * channels + block, &best, sizeof(Floats));
            const Winners bytes = __builtin_convertvector(winner, Winners);
            std::memcpy(winners + at * channels + block, &bytes, sizeof(Winners));
        }
    }
}

TOMOLOUPE_VECTORISED
void convolvePoolGradient(const float* map, MapShape shape, const float* gradient, const Winner* winners, std::int64_t channels,
                          float* padded, float* weights, float* bias) {
    pad(map, shape, padded);
    const Offsets offsets(shape);
    const MapShape half = shape.halved();
    const std::int64_t width = shape.width + 2, plane = width * (shape.height + 2);
    constexpr int kTapsAtOnce = 9;  // sums that stay in registers
    for (std::int64_t block = 0; block < channels; block += kChannelBlock) {
        Floats total[kTaps] = {}, totalBias = {};
        for (std::int64_t row = 0; row < half.depth * half.height; ++row) {
            const float* rowStart = padded + 2 * (row / half.height * plane + row % half.height * width);
            for (int first = 0; first < kTaps; first += kTapsAtOnce) {
                Floats sum[kTapsAtOnce] = {};
                for (std::int64_t x = 0; x < half.width; ++x) {
                    const std::int64_t at = row * half.width + x;
                    Floats g;
                    Winners bytes;
                    std::memcpy(&g, gradient + at * channels + block, sizeof(Floats));
                    std::memcpy(&bytes, winners + at * channels + block, sizeof(Winners));
                    const Ints winner = __builtin_convertvector(bytes, Ints);
                    if (first == 0) totalBias += winner == Ints{} + kNone ? Floats{} : g;
                    for (int p = 0; p < kPlaces; ++p) {
                        const Floats here = winner == Ints{} + p ? g : Floats{};
                        const float* patch = rowStart + 2 * x + offsets.place[p];
#pragma GCC unroll 9
                        for (int t = 0; t < kTapsAtOnce; ++t) sum[t] += patch[offsets.tap[first + t]] * here;
                    }
                }
                for (int t = 0; t < kTapsAtOnce; ++t) total[first + t] += sum[t];
            }
        }
        for (std::int64_t c = 0; c < kChannelBlock; ++c) {
            for (int t = 0; t < kTaps; ++t) weights[t * channels + block + c] += total[t][c];
            bias[block + c] += totalBias[c];
        }
    }
}

template <typename Number>
void poolRectify(const Number* map, MapShape shape, Number* pooled, Winner* winners) {
    const MapShape half = shape.halved();
    const std::int64_t plane = shape.height * shape.width;
    for (std::int64_t z = 0; z < half.depth; ++z)
        for (std::int64_t y = 0; y < half.height; ++y)
            for (std::int64_t x = 0; x < half.width; ++x) {
                const Number* corner = map + 2 * (z * plane + y * shape.width + x);
                Number best{};
                float largest = 0, all = 0;
                Winner winner = kNone;
#pragma GCC unroll 8
                for (Winner p = 0; p < kPlaces; ++p) {
                    const Number value = corner[p % 2 + shape.width * (p / 2 % 2) + plane * (p / 4)];
                    const bool better = asFloat(value) > largest;
                    largest = better ? asFloat(value) : largest;
                    best = better ? value : best;
                    winner = better ? p : winner;
                    all += asFloat(value);
                }
                if (all != all) best = notANumber<Number>();  // handed on, to be noticed
                *pooled++ = best;
                *winners++ = winner;
            }
}

template <typename Number>
void poolRectifyGradient(const Number* gradient, const Winner* winners, MapShape shape, Number* mapGradient) {
    const MapShape half = shape.halved();
    const std::int64_t plane = shape.height * shape.width;
    std::fill_n(mapGradient, shape.size(), Number{});
    for (std::int64_t z = 0; z < half.depth; ++z)
        for (std::int64_t y = 0; y < half.height; ++y)
            for (std::int64_t x = 0; x < half.width; ++x, ++gradient, ++winners)
                if (const Winner p = *winners; p != kNone)
                    mapGradient[2 * (z * plane + y * shape.width + x) + p % 2 + shape.width * (p / 2 % 2) + plane * (p / 4)] = *gradient;
}

template void poolRectify(const float*, MapShape, float*, Winner*);
template void poolRectify(const std::uint16_t*, MapShape, std::uint16_t*, Winner*);
template void poolRectifyGradient(const float*, const Winner*, MapShape, float*);
template void poolRectifyGradient(const std::uint16_t*, const Winner*, MapShape, std::uint16_t*);

}  // namespace tomoloupe
