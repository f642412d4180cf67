#pragma once

#include <cstdint>

namespace tomoloupe {

// Convolution, pooling and rectifying of the first layers in one pass on the CPU. What they read and write is what they cost: a
// convolution's output is eight times as large as what the pooling leaves of it. Free of LibTorch so that they compile for several
// processors. Maps are contiguous [D, H, W], x fastest; pooling takes the largest of 2^3, a side becomes floor(side / 2).

struct MapShape {
    std::int64_t depth = 0, height = 0, width = 0;
    [[nodiscard]] std::int64_t size() const { return depth * height * width; }
    [[nodiscard]] MapShape halved() const { return {depth / 2, height / 2, width / 2}; }
};

/// Which of 2^3 voxels was the largest (x + 2 y + 4 z); kNone where the largest is not above 0 and no gradient passes.
using Winner = std::uint8_t;
inline constexpr Winner kNone = 8;

/// Channels that the kernels below compute at a time; a layer's channels must be a multiple.
inline constexpr std::int64_t kChannelBlock = 16;

/// relu(max-pool(convolution of one map with 3^3 kernels, zeros around it)). `weights` [27][channels], `bias` [channels], `padded`: room
/// for the map with a rim of one voxel. Writes `pooled` and `winners` [d, h, w][channels].
void convolvePool(const float* map, MapShape shape, const float* weights, const float* bias, std::int64_t channels, float* padded,
                  float* pooled, Winner* winners);

/// The gradients of weights [27][channels] and bias [channels] from `gradient` [d, h, w][channels] of `pooled`; added to what is there.
void convolvePoolGradient(const float* map, MapShape shape, const float* gradient, const Winner* winners, std::int64_t channels,
                          float* padded, float* weights, float* bias);

/// relu(max-pool(map)) of one map. Number: float, or std::uint16_t for bfloat16.
template <typename Number>
void poolRectify(const Number* map, MapShape shape, Number* pooled, Winner* winners);
/// The gradient of every voxel of the map from that of the pooled map.
template <typename Number>
void poolRectifyGradient(const Number* gradient, const Winner* winners, MapShape shape, Number* mapGradient);

}  // namespace tomoloupe
