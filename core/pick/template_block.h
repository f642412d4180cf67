#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/volume/geometry.h"

namespace tomoloupe {

/// Correlates one block of a tomogram with many small templates through Fourier transforms, on the CPU's threads or a CUDA device.
/// LibTorch stays inside. One thread at a time.
class BlockCorrelator {
  public:
    /// "auto", "cpu", "cuda" or "cuda:1". Throws InvalidOptions when there is no such device.
    explicit BlockCorrelator(const std::string& device);
    ~BlockCorrelator();

    /// Templates that are worked on together.
    [[nodiscard]] std::int64_t batch() const;
    /// The largest side of a block that takes less than 100 ms a batch.
    [[nodiscard]] std::int64_t largestSide() const;

    /// A new block: `voxels` of `shape`, convolved with the symmetric `kernel` (a cube of odd side), then cropped by the kernel's
    /// reach at every face. Scores are of the voxels at least `margin`, no less than any template's reach, from the faces that it has
    /// then. A mask must be set next.
    void setBlock(std::span<const float> voxels, Index3 shape, std::int64_t margin, std::span<const float> kernel);
    /// From now on templates have this mask, a cube of odd `side` of zeros and ones. Forgets the best scores.
    void setMask(std::span<const float> mask, std::int64_t side);

    /// Writes template `orientation`, side^3 voxels of mean 0 and standard deviation 1 within the mask; called on several threads.
    using MakeTemplate = std::function<void(std::int64_t orientation, std::span<float> voxels)>;
    /// Keeps, for every voxel, the best correlation with templates first ... first + count - 1 and those before, and which it was: a
    /// later one must be better by 1e-5, so that rounding does not choose. count at most batch().
    void correlate(std::int64_t first, std::int64_t count, const MakeTemplate& make);
    /// The correlations with one template.
    [[nodiscard]] std::vector<float> correlation(std::int64_t orientation, const MakeTemplate& make);

    /// Of what has scores: the block without its margin.
    [[nodiscard]] Index3 innerShape() const;
    [[nodiscard]] std::vector<float> bestScores() const;
    [[nodiscard]] std::vector<std::int32_t> bestTemplates() const;  ///< -1: none
    /// Standard deviation of the block under the mask; 0 where it is flat.
    [[nodiscard]] std::vector<float> deviations() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tomoloupe
