#pragma once

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>

#include "core/base/stop_token.h"
#include "core/io/volume_file.h"
#include "core/pick/gaussian.h"

namespace tomoloupe {

/// Floats in planes and rows, starting on 64 bytes, with a spacing of rows and planes that spreads them over the processor's caches.
class Planes {
  public:
    /// `margin` values can be used before and, beyond whole tiles, after the `width` of each row. Not set to anything.
    Planes(std::int64_t planes, std::int64_t rows, std::int64_t width, std::int64_t margin);
    [[nodiscard]] float* row(std::int64_t plane, std::int64_t y) { return first_ + plane * stride_ + y * pitch_; }
    [[nodiscard]] const float* row(std::int64_t plane, std::int64_t y) const { return first_ + plane * stride_ + y * pitch_; }
    void copyPlane(std::int64_t from, std::int64_t to);
    void fillPlane(std::int64_t plane, float value);

  private:
    std::int64_t margin_, pitch_, stride_;
    struct Free {
        void operator()(float* values) const { std::free(values); }
    };
    std::unique_ptr<float[], Free> values_;
    float* first_;
};

/// Consecutive planes of the response: plane 0 and plane `centres` + 1 surround those in the middle. Rows -1 and height, columns -1
/// and width, and planes outside the region hold minus infinity.
struct ResponseSlab {
    const Planes* planes;
    std::int64_t first;         ///< where plane 0 stands in `planes`
    std::int64_t firstCentreZ;  ///< of plane 1, in the tomogram
    std::int64_t centres;
    [[nodiscard]] const float* row(std::int64_t plane, std::int64_t y) const { return planes->row(first + plane, y + 1); }
};

struct DogFilter {
    GaussianPair pair;
    float offset = 0;  ///< taken from the voxels, so that float32 keeps its digits; voxels that are not finite become it
    float furthest = std::numeric_limits<float>::infinity();  ///< from the offset; voxels beyond are moved there
    float scale = 1;   ///< -1 where particles are dark
};

/// Response of a part of a tomogram, from low z to high, in memory that does not grow with the part's height. The region's voxels come
/// out the same, to the bit, whatever the region. Every plane is a centre once. Uses parallelFor.
void dogResponse(const VolumeFile& file, const DogFilter& filter, const Box& region, std::int64_t planesAtOnce,
                 const std::function<void(const ResponseSlab&)>& sink, const StopToken& stop);

/// Values held for each voxel of a plane of the region.
[[nodiscard]] inline std::int64_t dogPlanesHeld(const GaussianPair& pair, std::int64_t planesAtOnce) {
    return 4 * planesAtOnce + 2 + 2 * pair.radius();
}

}  // namespace tomoloupe
