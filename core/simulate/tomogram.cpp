#include "core/simulate/tomogram.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/fourier/plane_filter.h"
#include "core/simulate/column_transfer.h"
#include "core/simulate/imaging.h"
#include "core/simulate/membrane.h"
#include "core/simulate/tomogram_statistics.h"

namespace tomoloupe {
namespace {

/// The first writes the image of the scene, the second adds the noise to it.
enum class Pass { Signal, Noise };

/// Rows on either side of a slab that its filters reach into. The edge of the band-pass is steep, which makes it ring: past this, what is left is a thousandth
/// of the noise.
constexpr std::int64_t kMarginRows = 64;
/// Of the spectrum of a slab with its margins.
constexpr double kSpectrumBytes = 1.25e9;

Index3 shapeOf(const SimulateTomogramOptions& options) { return {options.sizeX, options.sizeY, options.sizeZ}; }

/// How the tomogram is cut along y: slabs of `rows`, each within a grid with margins on all sides. Along x and z, where the wedge's streaks run, the margin
/// keeps them from coming in again on the other side while they are strong.
struct SlabPlan {
    Index3 grid;
    std::int64_t rows = 0, count = 0;

    SlabPlan(Index3 shape, std::int64_t askedRows) {
        grid.x = quickSize(shape.x + 48);
        grid.z = quickSize(shape.z + std::max<std::int64_t>(48, shape.z / 4));
        const auto most = static_cast<std::int64_t>(kSpectrumBytes / sizeof(float) / double(grid.x * grid.z)) - 2 * kMarginRows;
        const std::int64_t rowsAtMost = std::clamp<std::int64_t>(askedRows > 0 ? askedRows : most, 16, shape.y);
        count = (shape.y + rowsAtMost - 1) / rowsAtMost;
        rows = (shape.y + count - 1) / count;
        count = (shape.y + rows - 1) / rows;
        grid.y = quickSize(rows + 2 * kMarginRows);
    }
};

/// Everything that has mass, to be added to any part of the tomogram.
class Contents {
  public:
    Contents(const SimulateTomogramOptions& options, std::span<const Structure> structures, const TomogramScene& scene)
        : options_(options), structures_(structures), scene_(scene) {}

    /// `start`: the voxel of the tomogram at the first of `voxels`.
    void addTo(Index3 start, Index3 shape, std::span<float> voxels) const {
        const double size = options_.voxelSizeAngstrom, resolution = options_.resolutionAngstrom;
        for (const Vesicle& vesicle : scene_.vesicles) addVesicle(vesicle, size, resolution, start, shape, voxels);
        for (const GoldBead& bead : scene_.beads) addGoldBead(bead, size, resolution, start, shape, voxels);
        for (const TomogramParticle& particle : scene_.particles) {
            const Structure& structure = structures_[std::size_t(particle.structure)];
            const double reach = (structure.radiusAngstrom + 2 * resolution) / size + 1;
            const Vec3 p = particle.position - Vec3{double(start.x), double(start.y), double(start.z)};
            if (p.y + reach < 0 || p.y - reach > double(shape.y) || p.z + reach < 0 || p.z - reach > double(shape.z)) continue;
            addStructure(structure, particle.tomogramFromParticle, p, size, shape, voxels);
        }
    }

  private:
    const SimulateTomogramOptions& options_;
    std::span<const Structure> structures_;
    const TomogramScene& scene_;
};

class TomogramMaker {
  public:
    TomogramMaker(const SimulateTomogramOptions& options, const TomogramScene& scene, const Ice& ice, MrcStream& out, const TomogramRun& run)
        : options_(options), shape_(shapeOf(options)), plan_(shape_, run.slabRows), scene_(scene), ice_(ice), out_(out), run_(run) {}

    void make(const Contents& contents, SimulatedTomogram& result) {
        const ColumnTransfer transfer(options_.imaging, plan_.grid, options_.voxelSizeAngstrom);
        const IceSums signal = filtered(Pass::Signal, transfer, [&](std::int64_t firstRow, std::int64_t firstZ, std::span<float> voxels) {
            if (firstZ < shape_.z) contents.addTo({0, firstRow, firstZ}, planes(voxels), voxels);
        });
        const double deviation = std::sqrt(signal.variance());
        signalScale_ = (options_.contrast == "dark" ? -1 : 1) * (deviation > 0 ? (noisy() ? std::sqrt(options_.snr) : 1) / deviation : 0);
        result.iceVoxels = signal.count;
        result.slabs = plan_.count;
        if (!noisy()) return scaleSignal();
        noiseScale_ = 1 / std::sqrt(transfer.noiseVariance());
        const std::uint64_t seed = deriveSeed(run_.seed, "tomogram noise");
        const IceSums noise = filtered(Pass::Noise, transfer, [&](std::int64_t firstRow, std::int64_t firstZ, std::span<float> voxels) {
            addNoise(seed, firstRow, firstZ, voxels);
        });
        result.snr = signal.variance() * signalScale_ * signalScale_ / noise.variance();
    }

  private:
    [[nodiscard]] Index3 planes(std::span<const float> voxels) const {
        return {plan_.grid.x, plan_.grid.y, std::int64_t(voxels.size()) / (plan_.grid.x * plan_.grid.y)};
    }

    [[nodiscard]] bool noisy() const { return options_.snr < SimulateOptions::kNoNoise; }

    /// Filters what `fill(first row, first z, voxels)` makes, slab after slab. Returns the sums of what was filtered.
    template <typename Fill>
    IceSums filtered(Pass pass, const ColumnTransfer& transfer, Fill fill) {
        std::vector<IceSums> sums(std::size_t(shape_.z));  // added up in one order, so that the result does not depend on threads
        for (std::int64_t slab = 0; slab < plan_.count; ++slab) {
            const std::int64_t row = slab * plan_.rows, rows = std::min(plan_.rows, shape_.y - row);
            const IceRegion region(ice_, scene_.beads, shape_.x, row, rows);
            PlaneFilter filter{plan_.grid,
                               [&](std::int64_t x, std::int64_t y, std::span<float> factors) {
                                   pass == Pass::Signal ? transfer.signal(x, y, factors) : transfer.noise(x, y, factors);
                               },
                               [&](std::int64_t z, std::span<float> voxels) { fill(row - kMarginRows, z, voxels); },
                               [&](std::int64_t z, std::span<const float> voxels) { take(pass, region, z, voxels, sums); }};
            filter.progress = [&](double fraction) {
                const double slabsBefore = double((pass == Pass::Noise ? plan_.count : 0) + slab);
                if (run_.progress) run_.progress((slabsBefore + fraction) / double((noisy() ? 2 : 1) * plan_.count));
            };
            filter.stop = run_.stop;
            filterPlanes(filter, workspace_);
        }
        IceSums all;
        for (const IceSums& sum : sums) all.add(sum);
        return all;
    }

    void take(Pass pass, const IceRegion& region, std::int64_t firstZ, std::span<const float> voxels, std::vector<IceSums>& sums) {
        const std::int64_t count = planes(voxels).z, nx = shape_.x;
        std::vector<float> rows(std::size_t(nx * region.rows())), image(pass == Pass::Noise ? rows.size() : 0);
        for (std::int64_t z = firstZ; z < std::min(firstZ + count, shape_.z); ++z) {
            const float* plane = voxels.data() + (z - firstZ) * plan_.grid.x * plan_.grid.y;
            for (std::int64_t y = 0; y < region.rows(); ++y)
                std::copy_n(plane + (y + kMarginRows) * plan_.grid.x, nx, rows.data() + y * nx);
            if (pass == Pass::Noise)
                for (float& value : rows) value *= static_cast<float>(noiseScale_);
            sums[std::size_t(z)].add(region.sums(z, rows));
            const Box box{{0, region.firstRow(), z}, {nx, region.rows(), 1}};
            if (pass == Pass::Noise) {
                out_.read(box, image);
                for (std::size_t i = 0; i < rows.size(); ++i) rows[i] += static_cast<float>(signalScale_) * image[i];
            }
            out_.write(box, rows);
        }
    }

    /// White noise of a field without end, so that slabs overlap in the same noise.
    void addNoise(std::uint64_t seed, std::int64_t firstRow, std::int64_t firstZ, std::span<float> voxels) const {
        const Index3 shape = planes(voxels);
        for (std::int64_t z = 0; z < shape.z; ++z)
            for (std::int64_t y = 0; y < shape.y; ++y) {
                const std::uint64_t row = (std::uint64_t(firstZ + z) << 24) + std::uint64_t(firstRow + y + (1 << 20));
                fillWhiteNoise(seed, row << 16, voxels.subspan(std::size_t(shape.x * (y + shape.y * z)), std::size_t(shape.x)));
            }
    }

    void scaleSignal() {
        for (std::int64_t z = 0; z < shape_.z; ++z) {
            run_.stop.throwIfCancelled();
            const Box box{{0, 0, z}, {shape_.x, shape_.y, 1}};
            std::vector<float> plane(std::size_t(box.size.product()));
            out_.read(box, plane);
            for (float& value : plane) value *= static_cast<float>(signalScale_);
            out_.write(box, plane);
        }
    }

    const SimulateTomogramOptions& options_;
    Index3 shape_;
    SlabPlan plan_;
    const TomogramScene& scene_;
    const Ice& ice_;
    MrcStream& out_;
    const TomogramRun& run_;
    double signalScale_ = 0, noiseScale_ = 0;
    Spectrum workspace_;
};

}  // namespace

SimulatedTomogram simulateTomogram(const SimulateTomogramOptions& options, std::span<const Structure> structures, MrcStream& out,
                                   const TomogramRun& run) {
    if (!(out.shape() == shapeOf(options))) throw Error("The file for the tomogram was made for another size");
    const Ice ice(shapeOf(options), options.iceFraction, run.seed);
    std::vector<double> radii;
    for (const Structure& structure : structures) radii.push_back(structure.radiusAngstrom);
    SimulatedTomogram result;
    result.scene = placeScene(options, radii, ice, run.seed, run.stop);
    TomogramMaker maker(options, result.scene, ice, out, run);
    maker.make(Contents(options, structures, result.scene), result);
    return result;
}

}  // namespace tomoloupe
