#pragma once

#include <cstdint>
#include <vector>

namespace tomoloupe {

/// Two Gaussians cut off at four sigma, as scipy.ndimage.gaussian_filter has them: weight k belongs to the distance k, and the
/// weights of both sides sum to 1. `narrow` never has more weights than `wide`.
struct GaussianPair {
    GaussianPair(double narrowSigma, double wideSigma);
    std::vector<float> narrow, wide;
    [[nodiscard]] std::int64_t radius() const { return static_cast<std::int64_t>(wide.size()) - 1; }
};

/// The index within [0, count) at which a row that is mirrored at its faces (d c b a | a b c d | d c b a) has its value.
[[nodiscard]] std::int64_t mirrored(std::int64_t index, std::int64_t count);

// The kernels work on tiles of kGaussianTile values; rows must have room for whole tiles. Every value is summed in the same order
// wherever its row begins and ends, so that work may be cut into blocks without changing a bit. `rows[i + k]` must be
// readable for -radius <= k <= radius and each of the `count` results i.
constexpr std::int64_t kGaussianTile = 64;

/// Both Gaussians across rows of one source, into narrow[i] and wide[i].
void smoothAcross(const GaussianPair& pair, const float* const* rows, std::int64_t count, std::int64_t width,
                  float* const* narrow, float* const* wide);
/// Each Gaussian across the rows of its own source.
void smoothAcross(const GaussianPair& pair, const float* const* narrowRows, const float* const* wideRows, std::int64_t count,
                  std::int64_t width, float* const* narrow, float* const* wide);
/// Each Gaussian along its own row, both readable `radius` values before 0 and after `width`; then scale * (narrow - wide).
void differenceAlong(const GaussianPair& pair, const float* narrowRow, const float* wideRow, std::int64_t width, float scale,
                     float* difference);

/// Sets found[x] to 1 where row[x] is not below its 18 neighbours that share a face or an edge, and above those of them that come
/// earlier in memory, so that a plateau counts once; else to 0. rows: 9 rows, y fastest, then z, the own one in the middle; each
/// readable from -1 to width. Returns whether there is any.
bool localMaxima(const float* const* rows, std::int64_t width, std::uint8_t* found);

}  // namespace tomoloupe
