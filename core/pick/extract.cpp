#include "core/pick/extract.h"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.h"
#include "core/volume/operations.h"
#include "core/volume/statistics.h"

namespace tomoloupe {

ParticleBox boxOfParticle(Vec3 positionVoxels, int boxSize, int binning) {
    // A binned voxel's centre lies (binning - 1)/2 after that of its first voxel (see binned()).
    const double toCentre = double(boxSize / 2) * binning + (binning - 1) / 2.0;
    const auto start = [toCentre](double position) { return std::int64_t(std::floor(position - toCentre + 0.5)); };
    const Index3 first{start(positionVoxels.x), start(positionVoxels.y), start(positionVoxels.z)};
    const std::int64_t side = std::int64_t(boxSize) * binning;
    return {{first, {side, side, side}},
            {positionVoxels.x - toCentre - double(first.x), positionVoxels.y - toCentre - double(first.y),
             positionVoxels.z - toCentre - double(first.z)}};
}

Volume extractSubtomogram(const VolumeFile& tomogram, Vec3 positionVoxels, const ExtractOptions& options) {
    const Box box = boxOfParticle(positionVoxels, options.boxSize, options.binning).box;
    const Box inside = box.intersection({{0, 0, 0}, tomogram.info().shape});
    if (inside.size.product() == 0)
        throw Error(fmt::format("The particle at {:.1f}, {:.1f}, {:.1f} (voxels) lies outside its tomogram, which has {} x {} x {}; check "
                                "that the particles belong to this tomogram and to its binning",
                                positionVoxels.x, positionVoxels.y, positionVoxels.z, tomogram.info().shape.x, tomogram.info().shape.y,
                                tomogram.info().shape.z));
    Volume volume = tomogram.read(inside);
    if (!(inside == box))
        volume = crop(volume, {box.start - inside.start, box.size}, float(statisticsOf(volume.voxels()).mean));
    if (options.binning > 1) volume = binned(volume, options.binning);
    if (options.invert) volume = inverted(volume);
    if (options.normalise == "volume") volume = standardised(volume);
    return volume;
}

}  // namespace tomoloupe
