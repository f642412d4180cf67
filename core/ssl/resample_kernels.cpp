#include "core/ssl/resample_kernels.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/base/vectorised.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kSlices = 16;  // computed side by side
// Zeros about the input, so that no place needs a question: coordinates are held within [-1, n], where n and n + 1 are zeros too.
constexpr std::int64_t kBefore = 1, kPadding = 3;

using Four = float __attribute__((vector_size(16)));
using FourIndices = int __attribute__((vector_size(16)));

/// to[j][i] = from[i][j] for i, j < 4; rows `fromStride` and `toStride` apart.
[[gnu::always_inline]] inline void transposeFour(const float* from, std::int64_t fromStride, float* to, std::int64_t toStride) {
    Four rows[4];
    for (int i = 0; i < 4; ++i) std::memcpy(&rows[i], from + i * fromStride, sizeof(Four));
    constexpr FourIndices kLow{0, 4, 1, 5}, kHigh{2, 6, 3, 7}, kFirst{0, 1, 4, 5}, kSecond{2, 3, 6, 7};
    const Four lowA = __builtin_shuffle(rows[0], rows[1], kLow), lowB = __builtin_shuffle(rows[2], rows[3], kLow);
    const Four highA = __builtin_shuffle(rows[0], rows[1], kHigh), highB = __builtin_shuffle(rows[2], rows[3], kHigh);
    const Four columns[4] = {__builtin_shuffle(lowA, lowB, kFirst), __builtin_shuffle(lowA, lowB, kSecond),
                             __builtin_shuffle(highA, highB, kFirst), __builtin_shuffle(highA, highB, kSecond)};
    for (int i = 0; i < 4; ++i) std::memcpy(to + i * toStride, &columns[i], sizeof(Four));
}

/// to[j][i] = from[i][j] for i < rows, j < columns. Rows or columns may lie a power of two apart, where few fit the cache at a time.
void transpose(const float* from, std::int64_t fromStride, std::int64_t rows, std::int64_t columns, float* to, std::int64_t toStride) {
    const std::int64_t wholeRows = rows / 4 * 4, wholeColumns = columns / 4 * 4;
    if (fromStride > toStride) {
        for (std::int64_t i = 0; i < wholeRows; i += 4)
            for (std::int64_t j = 0; j < wholeColumns; j += 4)
                transposeFour(from + i * fromStride + j, fromStride, to + j * toStride + i, toStride);
    } else {
        for (std::int64_t j = 0; j < wholeColumns; j += 4)
            for (std::int64_t i = 0; i < wholeRows; i += 4)
                transposeFour(from + i * fromStride + j, fromStride, to + j * toStride + i, toStride);
    }
    for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = i < wholeRows ? wholeColumns : 0; j < columns; ++j) to[j * toStride + i] = from[i * fromStride + j];
}

template <typename Real>
[[gnu::always_inline]] inline Real held(Real value, Real end) {
    value = value > Real(-1) ? value : Real(-1);
    return (value < end ? value : end) + Real(kBefore);
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
    /// The same along one row of output voxels: slope[0] x + start.
    [[nodiscard]] Line rowAt(std::int64_t y, std::int64_t z) const {
        Line line = *this;
        line.start += Real(y) * slope[1] + Real(z) * slope[2];
        return line;
    }
};

/// One row of output: places in the padded input, in voxels, and how far to the right and below of them.
struct Places {
    std::vector<std::int32_t> place;
    std::vector<float> right, below;
};

TOMOLOUPE_VECTORISED
void findPlaces(Line<double> alongX, Line<double> alongY, std::int32_t rowStep, std::int32_t* __restrict place, float* __restrict right,
                float* __restrict below, std::int32_t side) {
    for (std::int32_t x = 0; x < side; ++x) {
        const double px = held(alongX.start + x * alongX.slope[0], alongX.end), py = held(alongY.start + x * alongY.slope[0], alongY.end);
        const auto ix = std::int32_t(px), iy = std::int32_t(py);  // not negative: cut off is rounded down
        right[x] = float(px - ix);
        below[x] = float(py - iy);
        place[x] = iy * rowStep + ix;
    }
}

TOMOLOUPE_VECTORISED
void blendRow(const float* from, std::int64_t rowStep, const std::int32_t* place, const float* right, const float* below, std::int64_t side,
              float* __restrict to) {
    for (std::int64_t x = 0; x < side; ++x, to += kSlices) {
        const float* const __restrict upper = from + place[x] * kSlices;
        const float* const __restrict lower = upper + rowStep * kSlices;
        const float r = right[x], b = below[x];
        const float w00 = (1 - r) * (1 - b), w01 = r * (1 - b), w10 = (1 - r) * b, w11 = r * b;
        for (std::int64_t s = 0; s < kSlices; ++s)
            to[s] = w00 * upper[s] + w01 * upper[s + kSlices] + w10 * lower[s] + w11 * lower[s + kSlices];
    }
}

TOMOLOUPE_VECTORISED
void blendSpaceRow(const float* __restrict from, Line<float> alongX, Line<float> alongY, Line<float> alongZ, std::int32_t rowStep,
                   std::int32_t planeStep, std::int32_t side, float* __restrict out) {
    for (std::int32_t x = 0; x < side; ++x) {
        const float px = held(alongX.start + float(x) * alongX.slope[0], alongX.end);
        const float py = held(alongY.start + float(x) * alongY.slope[0], alongY.end);
        const float pz = held(alongZ.start + float(x) * alongZ.slope[0], alongZ.end);
        const auto ix = std::int32_t(px), iy = std::int32_t(py), iz = std::int32_t(pz);
        const float r = px - float(ix), b = py - float(iy), f = pz - float(iz);
        const std::int32_t a = iz * planeStep + iy * rowStep + ix, c = a + rowStep, d = a + planeStep, e = d + rowStep;
        const float upperA = from[a] + r * (from[a + 1] - from[a]), upperC = from[c] + r * (from[c + 1] - from[c]);
        const float lowerD = from[d] + r * (from[d + 1] - from[d]), lowerE = from[e] + r * (from[e + 1] - from[e]);
        const float upper = upperA + b * (upperC - upperA), lower = lowerD + b * (lowerE - lowerD);
        out[x] = upper + f * (lower - upper);
    }
}

}  // namespace

void resamplePlanes(const VoxelGrid& in, const PlaneMap& map, std::int64_t side, float* out) {
    const Line<double> alongX(map.data(), 2, in.width, side), alongY(map.data() + 3, 2, in.height, side);
    const std::int64_t row = in.width + kPadding;
    thread_local std::vector<float> padded, blended;  // [row, column, slice]
    thread_local Places places;
    padded.assign(std::size_t((in.height + kPadding) * row * kSlices), 0);
    blended.resize(std::size_t(side * kSlices));
    places.place.resize(std::size_t(side));
    places.right.resize(std::size_t(side));
    places.below.resize(std::size_t(side));
    for (std::int64_t z = 0; z < in.depth; z += kSlices) {
        const std::int64_t slices = std::min(kSlices, in.depth - z);
        for (std::int64_t y = 0; y < in.height; ++y)
            transpose(in.voxels + (z * in.height + y) * in.width, in.height * in.width, slices, in.width,
                      padded.data() + ((y + kBefore) * row + kBefore) * kSlices, kSlices);
        for (std::int64_t y = 0; y < side; ++y) {
            findPlaces(alongX.rowAt(y, 0), alongY.rowAt(y, 0), std::int32_t(row), places.place.data(), places.right.data(), places.below.data(),
                       std::int32_t(side));
            blendRow(padded.data(), row, places.place.data(), places.right.data(), places.below.data(), side, blended.data());
            transpose(blended.data(), kSlices, side, slices, out + (z * side + y) * side, side * side);
        }
    }
}

void resampleSpace(const VoxelGrid& in, const SpaceMap& map, std::int64_t side, float* out) {
    const Line<float> alongX(map.data(), 3, in.width, side), alongY(map.data() + 4, 3, in.height, side), alongZ(map.data() + 8, 3, in.depth, side);
    const std::int64_t row = in.width + kPadding, plane = row * (in.height + kPadding);
    thread_local std::vector<float> padded;
    padded.assign(std::size_t(plane * (in.depth + kPadding)), 0);
    for (std::int64_t z = 0; z < in.depth; ++z)
        for (std::int64_t y = 0; y < in.height; ++y)
            std::copy_n(in.voxels + (z * in.height + y) * in.width, in.width, padded.data() + (z + kBefore) * plane + (y + kBefore) * row + kBefore);
    for (std::int64_t z = 0; z < side; ++z)
        for (std::int64_t y = 0; y < side; ++y, out += side)
            blendSpaceRow(padded.data(), alongX.rowAt(y, z), alongY.rowAt(y, z), alongZ.rowAt(y, z), std::int32_t(row), std::int32_t(plane),
                          std::int32_t(side), out);
}

}  // namespace tomoloupe
