#include "core/pick/dog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/error.h"
#include "core/fourier/parallel.h"
#include "core/pick/dog_response.h"
#include "core/volume/statistics.h"

namespace tomoloupe {
namespace {

constexpr double kSigmaOfRadius = 0.65;

struct Maximum {
    std::int32_t x, y, z;
    float value;
};

/// Of a few slices: near enough to the tomogram's own, and the same for every block.
Statistics usualValues(const VolumeFile& file, const StopToken& stop) {
    constexpr std::int64_t kSlices = 5;
    const Index3 shape = file.info().shape;
    const std::int64_t rows = std::max<std::int64_t>((1 << 22) / shape.x, 1);
    StatisticsAccumulator sum;
    for (std::int64_t i = 0; i < kSlices; ++i)
        for (std::int64_t y = 0; y < shape.y; y += rows) {
            stop.throwIfCancelled();
            const std::int64_t z = shape.z * (2 * i + 1) / (2 * kSlices);
            sum.add(file.read({{0, y, z}, {shape.x, std::min(rows, shape.y - y), 1}}).voxels());
        }
    return sum.result();
}

DogFilter filterOf(const VolumeFile& file, const PickOptions& options, const StopToken& stop) {
    const double sigma = dogSigma(options, file.info());
    DogFilter filter{GaussianPair(sigma, sigma * options.sigmaRatio)};
    const Statistics usual = usualValues(file, stop);
    if (usual.count > 0) filter.offset = float(usual.mean);
    if (options.clipDeviations > 0 && usual.standardDeviation > 0)
        filter.furthest = float(options.clipDeviations * usual.standardDeviation);
    filter.scale = options.contrast == "dark" ? -1.0f : 1.0f;
    return filter;
}

/// Appends the maxima of the slab's centres that lie in `wanted`; the slab is of `region`.
void findMaxima(const ResponseSlab& slab, const Box& region, const Box& wanted, std::vector<Maximum>& found, const StopToken& stop) {
    std::vector<std::vector<Maximum>> byPlane(std::size_t(slab.centres));
    parallelFor(0, slab.centres, 1, [&](std::int64_t first, std::int64_t last) {
        std::vector<std::uint8_t> marks(std::size_t(region.size.x + kGaussianTile), 0);
        const float* rows[9];
        for (std::int64_t plane = first; plane < last; ++plane) {
            stop.throwIfCancelled();
            const std::int64_t z = slab.firstCentreZ + plane;
            if (z < wanted.start.z || z >= wanted.end().z) continue;
            for (std::int64_t y = wanted.start.y; y < wanted.end().y; ++y) {
                const std::int64_t row = y - region.start.y;
                for (int i = 0; i < 9; ++i) rows[i] = slab.row(plane + i / 3, row + i % 3 - 1);
                if (!localMaxima(rows, region.size.x, marks.data())) continue;
                for (std::int64_t x = wanted.start.x; x < wanted.end().x; ++x)
                    if (const std::int64_t column = x - region.start.x; marks[std::size_t(column)])
                        byPlane[std::size_t(plane)].push_back({std::int32_t(x), std::int32_t(y), std::int32_t(z), rows[4][column]});
            }
        }
    });
    for (const auto& maxima : byPlane) found.insert(found.end(), maxima.begin(), maxima.end());
}

/// The block with the voxels its maxima are compared with.
Box withNeighbours(const Box& block, Index3 shape) {
    return Box{block.start - Index3{1, 1, 1}, block.size + Index3{2, 2, 2}}.intersection({{0, 0, 0}, shape});
}

/// Threshold, then minimum distance.
DogPicks choose(const std::vector<Maximum>& maxima, const PickOptions& options, const VolumeInfo& info) {
    DogPicks picks;
    picks.candidates = std::int64_t(maxima.size());
    picks.sigmaVoxels = dogSigma(options, info);
    picks.minimumDistanceVoxels = dogMinimumDistance(options, info);
    if (maxima.empty()) return picks;
    const auto [worst, best] =
        std::minmax_element(maxima.begin(), maxima.end(), [](const Maximum& a, const Maximum& b) { return a.value < b.value; });
    picks.worst = worst->value;
    picks.best = best->value;
    picks.threshold = picks.worst + options.threshold * (picks.best - picks.worst) / 20;
    std::vector<Peak> peaks;
    for (const Maximum& maximum : maxima)
        if (maximum.value >= picks.threshold)
            peaks.push_back({{double(maximum.x), double(maximum.y), double(maximum.z)}, maximum.value, {}, -1});
    picks.peaks = withoutNeighbours(std::move(peaks), picks.minimumDistanceVoxels, options.maximumCount);
    return picks;
}

/// The tomogram seen from above, cut into columns of which one fits what `blockSize` allows: 16 bytes a voxel of a block.
std::vector<Box> columns(Index3 shape, std::int64_t planesHeld, std::int64_t blockSize) {
    const double side = std::sqrt(4.0 * double(blockSize) * double(blockSize) * double(blockSize) / double(planesHeld));
    const auto parts = [side](std::int64_t length) { return std::max<std::int64_t>(1, std::int64_t(std::ceil(double(length) / side))); };
    const std::int64_t nx = parts(shape.x), ny = parts(shape.y);
    std::vector<Box> all;
    for (std::int64_t j = 0; j < ny; ++j)
        for (std::int64_t i = 0; i < nx; ++i) {
            const Index3 start{shape.x * i / nx, shape.y * j / ny, 0}, end{shape.x * (i + 1) / nx, shape.y * (j + 1) / ny, shape.z};
            all.push_back({start, end - start});
        }
    return all;
}

}  // namespace

double dogSigma(const PickOptions& options, const VolumeInfo& tomogram) {
    const double diameter = options.diameterAngstrom / tomogram.voxelSize();
    const auto smallest = double(std::min({tomogram.shape.x, tomogram.shape.y, tomogram.shape.z}));
    if (options.sigmaVoxels <= 0 && diameter <= 0)
        throw InvalidOptions("Picking by difference of Gaussians needs the particle's diameter in Å: give --diameter, such as 140");
    if (diameter > smallest)
        throw InvalidOptions(fmt::format("A particle of {:g} Å does not fit the tomogram, which is {} voxels of {:.4g} Å at its thinnest "
                                         "({:.4g} Å); check --diameter and the tomogram's voxel size",
                                         options.diameterAngstrom, smallest, tomogram.voxelSize(), smallest * tomogram.voxelSize()));
    return options.sigmaVoxels > 0 ? options.sigmaVoxels : std::max(2.0, kSigmaOfRadius * diameter / 2);
}

double dogMinimumDistance(const PickOptions& options, const VolumeInfo& tomogram) {
    if (options.minimumDistanceAngstrom > 0) return options.minimumDistanceAngstrom / tomogram.voxelSize();
    if (options.diameterAngstrom > 0) return options.diameterAngstrom / tomogram.voxelSize() / 2;
    return dogSigma(options, tomogram);
}

DogPicks pickByDog(const VolumeFile& tomogram, const PickOptions& options, const PickProgress& progress, const StopToken& stop) {
    const DogFilter filter = filterOf(tomogram, options, stop);
    const Index3 shape = tomogram.info().shape;
    const std::int64_t planesAtOnce = std::clamp(options.blockSize / 8, 4, 32);
    std::vector<Maximum> maxima;
    const double total = double(shape.product());
    double done = 0;
    for (const Box& column : columns(shape, dogPlanesHeld(filter.pair, planesAtOnce), options.blockSize)) {
        const Box region = withNeighbours(column, shape);
        dogResponse(tomogram, filter, region, planesAtOnce, [&](const ResponseSlab& slab) {
            findMaxima(slab, region, column, maxima, stop);
            done += double(slab.centres) * double(column.size.x * column.size.y);
            if (progress) progress(done, total);
        }, stop);
    }
    stop.throwIfCancelled();
    return choose(maxima, options, tomogram.info());
}

DogSlice dogSlice(const VolumeFile& tomogram, const PickOptions& options, std::int64_t z, const StopToken& stop) {
    const Index3 shape = tomogram.info().shape;
    if (z < 0 || z >= shape.z) throw Error(fmt::format("There is no slice {}: the tomogram has {}, counted from 0", z, shape.z));
    const DogFilter filter = filterOf(tomogram, options, stop);
    const double radius = options.diameterAngstrom > 0 ? options.diameterAngstrom / tomogram.info().voxelSize() / 2
                                                       : dogSigma(options, tomogram.info());
    const auto reach = std::int64_t(radius);
    const Box wanted = Box{{0, 0, z - reach}, {shape.x, shape.y, 2 * reach + 1}}.intersection({{0, 0, 0}, shape});
    const Box region = withNeighbours(wanted, shape);
    std::vector<Maximum> maxima;
    std::vector<float> slice;
    dogResponse(tomogram, filter, region, 16, [&](const ResponseSlab& slab) {
        findMaxima(slab, region, wanted, maxima, stop);
        if (const std::int64_t plane = z - slab.firstCentreZ; plane >= 0 && plane < slab.centres)
            for (std::int64_t y = 0; y < shape.y; ++y) slice.insert(slice.end(), slab.row(plane + 1, y), slab.row(plane + 1, y) + shape.x);
    }, stop);
    const double apix = tomogram.info().voxelSize();
    return {Volume({shape.x, shape.y, 1}, std::move(slice), apix, {0, 0, apix * double(z)}), choose(maxima, options, tomogram.info()).peaks};
}

}  // namespace tomoloupe
