#include "core/ssl/resample_kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
// The loader picks the widest the processor has.
#define TOMOLOUPE_VECTORISED __attribute__((target_clones("default", "avx2,fma", "avx512f"), optimize("O3")))
#else
#define TOMOLOUPE_VECTORISED
#endif

namespace tomoloupe {
namespace {

constexpr std::int64_t kSlices = 16;  // computed side by side
// Zeros about the input, so that no place needs a question: coordinates are held within [-1, n], where n and n + 1 are zeros too.
constexpr std::int64_t kBefore = 1, kPadding = 3;

using Four = float __attribute__((vector_size(16)));
using FourIndices = int __attribute__((vector_size(16)));

[[gnu::always_inline]] inline Four load(const float* from) {
    Four value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

/// to[j][i] = from[i][j] for i, j < 4; rows `fromStride` and `toStride` apart.
[[gnu::always_inline]] inline void transposeFour(const float* from, std::int64_t fromStride, float* to, std::int64_t toStride) {
    const Four a = load(from), b = load(from + fromStride), c = load(from + 2 * fromStride), d = load(from + 3 * fromStride);
    constexpr FourIndices kLow{0, 4, 1, 5}, kHigh{2, 6, 3, 7}, kFirst{0, 1, 4, 5}, kSecond{2, 3, 6, 7};
    const Four ab = __builtin_shuffle(a, b, kLow), cd = __builtin_shuffle(c, d, kLow);
    const Four abHigh = __builtin_shuffle(a, b, kHigh), cdHigh = __builtin_shuffle(c, d, kHigh);
    const Four rows[4] = {__builtin_shuffle(ab, cd, kFirst), __builtin_shuffle(ab, cd, kSecond),
                          __builtin_shuffle(abHigh, cdHigh, kFirst), __builtin_shuffle(abHigh, cdHigh, kSecond)};
    for (int i = 0; i < 4; ++i) std::memcpy(to + i * toStride, &rows[i], sizeof(Four));
}

/// to[j][i] = from[i][j] for i < rows, j < columns.
[[gnu::always_inline]] inline void transpose(const float* from, std::int64_t fromStride, std::int64_t rows, std::int64_t columns,
                                             float* to, std::int64_t toStride) {
    std::int64_t i = 0;
    for (; i + 4 <= rows; i += 4) {
        std::int64_t j = 0;
        for (; j + 4 <= columns; j += 4) transposeFour(from + i * fromStride + j, fromStride, to + j * toStride + i, toStride);
        for (; j < columns; ++j)
            for (std::int64_t k = i; k < i + 4; ++k) to[j * toStride + k] = from[k * fromStride + j];
    }
    for (; i < rows; ++i)
        for (std::int64_t j = 0; j < columns; ++j) to[j * toStride + i] = from[i * fromStride + j];
}

/// Where output voxel (x, y, z) of `side` lies in the input, in its voxels, along an axis of n: slope . (x, y, z) + start, by a row of a map.
template <typename Real>
struct Line {
    Real slope[3] = {0, 0, 0};
    Real start = 0;
    Real end = 0;  // coordinates beyond see zeros

    Line(const double* row, int axes, std::int64_t n, std::int64_t side) : end(Real(n)) {
        double at = row[axes];
        for (int axis = 0; axis < axes; ++axis) {
            slope[axis] = Real(row[axis] * double(n) / double(side));
            at += row[axis] * (1.0 / double(side) - 1);
        }
        start = Real(((at + 1) * double(n) - 1) / 2);
    }
};

}  // namespace

TOMOLOUPE_VECTORISED
void resamplePlanes(const VoxelGrid& in, const PlaneMap& map, std::int64_t side, float* out) {
    const Line<double> alongX(map.data(), 2, in.width, side), alongY(map.data() + 3, 2, in.height, side);
    const std::int64_t row = in.width + kPadding;
    thread_local std::vector<float> padded, rowBuffer, weightBuffer;
    thread_local std::vector<std::int32_t> placeBuffer;
    padded.assign(std::size_t((in.height + kPadding) * row * kSlices), 0);
    rowBuffer.resize(std::size_t(side * kSlices));
    weightBuffer.resize(std::size_t(2 * side));
    placeBuffer.resize(std::size_t(side));
    float* const result = rowBuffer.data();
    float* const right = weightBuffer.data();
    float* const below = right + side;
    std::int32_t* const place = placeBuffer.data();
    for (std::int64_t z = 0; z < in.depth; z += kSlices) {
        const std::int64_t slices = std::min(kSlices, in.depth - z);
        for (std::int64_t y = 0; y < in.height; ++y)
            transpose(in.voxels + (z * in.height + y) * in.width, in.height * in.width, slices, in.width,
                      padded.data() + ((y + kBefore) * row + kBefore) * kSlices, kSlices);
        for (std::int64_t y = 0; y < side; ++y) {
            const double startX = alongX.start + double(y) * alongX.slope[1], startY = alongY.start + double(y) * alongY.slope[1];
            for (std::int64_t x = 0; x < side; ++x) {
                const double px = std::clamp(startX + double(x) * alongX.slope[0], -1.0, alongX.end) + double(kBefore);
                const double py = std::clamp(startY + double(x) * alongY.slope[0], -1.0, alongY.end) + double(kBefore);
                const auto ix = std::int32_t(px), iy = std::int32_t(py);  // not negative: cut off is rounded down
                right[x] = float(px - ix);
                below[x] = float(py - iy);
                place[x] = (iy * std::int32_t(row) + ix) * std::int32_t(kSlices);
            }
            for (std::int64_t x = 0; x < side; ++x) {
                const float* const upper = padded.data() + place[x];
                const float* const lower = upper + row * kSlices;
                const float r = right[x], b = below[x];
                const float w00 = (1 - r) * (1 - b), w01 = r * (1 - b), w10 = (1 - r) * b, w11 = r * b;
                float* const to = result + x * kSlices;
                for (std::int64_t s = 0; s < kSlices; ++s)
                    to[s] = w00 * upper[s] + w01 * upper[s + kSlices] + w10 * lower[s] + w11 * lower[s + kSlices];
            }
            if (slices == kSlices) {
                transpose(result, kSlices, side, kSlices, out + (z * side + y) * side, side * side);
            } else {
                transpose(result, kSlices, side, slices, out + (z * side + y) * side, side * side);
            }
        }
    }
}

TOMOLOUPE_VECTORISED
void resampleSpace(const VoxelGrid& in, const SpaceMap& map, std::int64_t side, float* out) {
    const Line<float> alongX(map.data(), 3, in.width, side), alongY(map.data() + 4, 3, in.height, side), alongZ(map.data() + 8, 3, in.depth, side);
    const std::int64_t row = in.width + kPadding, plane = row * (in.height + kPadding);
    thread_local std::vector<float> padded;
    padded.assign(std::size_t(plane * (in.depth + kPadding)), 0);
    for (std::int64_t z = 0; z < in.depth; ++z)
        for (std::int64_t y = 0; y < in.height; ++y)
            std::copy_n(in.voxels + (z * in.height + y) * in.width, in.width, padded.data() + (z + kBefore) * plane + (y + kBefore) * row + kBefore);
    const float* const from = padded.data();
    const auto rowStep = std::int32_t(row), planeStep = std::int32_t(plane);
    for (std::int64_t z = 0; z < side; ++z) {
        for (std::int64_t y = 0; y < side; ++y, out += side) {
            const auto start = [y, z](const Line<float>& line) { return line.start + float(y) * line.slope[1] + float(z) * line.slope[2]; };
            const float startX = start(alongX), startY = start(alongY), startZ = start(alongZ);
            for (std::int32_t x = 0; x < std::int32_t(side); ++x) {
                const float px = std::clamp(startX + float(x) * alongX.slope[0], -1.0F, alongX.end) + float(kBefore);
                const float py = std::clamp(startY + float(x) * alongY.slope[0], -1.0F, alongY.end) + float(kBefore);
                const float pz = std::clamp(startZ + float(x) * alongZ.slope[0], -1.0F, alongZ.end) + float(kBefore);
                const auto ix = std::int32_t(px), iy = std::int32_t(py), iz = std::int32_t(pz);
                const float r = px - float(ix), b = py - float(iy), f = pz - float(iz);
                const std::int32_t at = iz * planeStep + iy * rowStep + ix, next = at + planeStep;
                const auto pair = [&](std::int32_t i) { return from[i] + r * (from[i + 1] - from[i]); };
                const float upper = pair(at) + b * (pair(at + rowStep) - pair(at));
                const float lower = pair(next) + b * (pair(next + rowStep) - pair(next));
                out[x] = upper + f * (lower - upper);
            }
        }
    }
}

}  // namespace tomoloupe
