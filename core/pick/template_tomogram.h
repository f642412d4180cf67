#pragma once

#include <vector>

#include "core/base/stop_token.h"
#include "core/io/volume_file.h"

namespace tomoloupe {

/// A tomogram as a template search sees it: binned, of about mean 0 and standard deviation 1, and going on beyond its faces as its
/// own mirror image. Borrows the file. One thread.
class SearchTomogram {
  public:
    SearchTomogram(const VolumeFile& file, int binning, const StopToken& stop);

    [[nodiscard]] Index3 shape() const { return shape_; }
    /// Any box, in binned voxels; voxels that are not finite count as the mean.
    [[nodiscard]] std::vector<float> read(const Box& box) const;
    /// Boxes of up to `side` voxels a side, evenly spread over the tomogram: what is measured in them holds for all of it and does
    /// not depend on how the search goes through the tomogram.
    [[nodiscard]] std::vector<Box> samples(std::int64_t side, Index3 counts) const;
    /// The place in the file's voxels of a place in binned ones.
    [[nodiscard]] Vec3 filePosition(Vec3 binned) const;

  private:
    [[nodiscard]] std::vector<float> readBinned(const Box& box) const;

    const VolumeFile& file_;
    int binning_;
    StopToken stop_;
    Index3 shape_;
    double mean_ = 0, inverseDeviation_ = 1;
};

/// A small filter, a cube of odd side, that makes the noise of the tomogram white where there is any: 1 / sqrt(P) of the radial power
/// P of the measured coefficients, and less where P vanishes. Measured in samples() of the tomogram.
[[nodiscard]] std::vector<float> whiteningKernel(const SearchTomogram& tomogram, double tiltMaximumDegrees, const StopToken& stop);

}  // namespace tomoloupe
