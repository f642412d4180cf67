#include "core/simulate/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

#include "core/base/error.h"
#include "core/base/seed.h"
#include "core/volume/operations.h"
#include "core/volume/statistics.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kMarginVoxels = 16;  // what imaging spreads from one side of the grid comes in at the other

double varianceOf(const Volume& volume) { return std::pow(statisticsOf(volume.voxels()).standardDeviation, 2); }

}  // namespace

struct Simulator::Impl {
    SimulateOptions options;
    std::vector<Structure> structures;
    std::vector<double> radii, packedRadii;  ///< Å, of the particles and of what is kept free of others
    mutable std::mutex gridsMutex;
    mutable std::map<std::int64_t, std::unique_ptr<const Imaging>> grids;  // by side

    [[nodiscard]] const Imaging& grid(std::int64_t side) const {
        const std::lock_guard lock(gridsMutex);
        auto& made = grids[side];
        if (!made) made = std::make_unique<Imaging>(options.imaging, Index3{side, side, side}, options.voxelSizeAngstrom);
        return *made;
    }

    /// The periodic field that a box's noise is cut from.
    [[nodiscard]] const Imaging& noiseGrid() const { return grid(quickSize(2 * std::int64_t(options.boxSize))); }

    /// The scene's noise-free image on a grid that holds all of it, cropped to the box; and its energy, the sum of its squares.
    struct Image {
        Volume box;
        double energy = 0;
    };
    [[nodiscard]] Image image(const SimulatedParticle& particle) const;
    [[nodiscard]] Volume noiseOf(std::int64_t index, std::uint64_t seed) const;
    [[nodiscard]] Volume maskOf(const SimulatedParticle& particle) const;
};

Simulator::Simulator(const SimulateOptions& options)
    : Simulator(options, loadStructures(options.structures, {.voxelSizeAngstrom = options.voxelSizeAngstrom / 2,
                                                             .resolutionAngstrom = options.resolutionAngstrom})) {}

Simulator::Simulator(const SimulateOptions& options, std::vector<Structure> structures) : impl_(std::make_unique<Impl>()) {
    impl_->options = options;
    check(impl_->options.describe());
    impl_->structures = std::move(structures);
    for (const Structure& structure : impl_->structures) {
        impl_->radii.push_back(structure.radiusAngstrom);
        impl_->packedRadii.push_back(structure.radiusAngstrom + options.marginAngstrom);
    }
    const double side = options.sceneSide * options.voxelSizeAngstrom;
    const double widest = *std::max_element(impl_->packedRadii.begin(), impl_->packedRadii.end());
    const int particles = options.neighbours + 1;
    // Spheres in cubes of their own: what fits so fits whatever the classes drawn.
    if (2 * widest * std::ceil(std::cbrt(particles)) > side)
        throw Error(fmt::format("The scene cannot be packed: {} particles of up to {:.0f} Å do not fit into {} voxels of {:g} Å; ask "
                                "for fewer neighbours, a smaller packing-margin or a larger scene-side",
                                particles, 2 * widest, options.sceneSide, options.voxelSizeAngstrom));
}

Simulator::~Simulator() = default;

const std::vector<Structure>& Simulator::structures() const { return impl_->structures; }

std::vector<std::string> Simulator::classNames() const {
    std::vector<std::string> names;
    for (const Structure& structure : impl_->structures) names.push_back(structure.name);
    return names;
}

Simulator::Impl::Image Simulator::Impl::image(const SimulatedParticle& particle) const {
    const double voxel = options.voxelSizeAngstrom;
    const auto position = [&](const PlacedStructure& placed) { return particle.positionVoxels + (1 / voxel) * placed.positionAngstrom; };
    double low = 0, high = double(options.boxSize);  // of the cube that holds box and particles, the same along each axis
    for (const PlacedStructure& placed : particle.scene) {
        const Vec3 at = position(placed);
        const double radius = radii[std::size_t(placed.structure)] / voxel;
        low = std::min({low, at.x - radius, at.y - radius, at.z - radius});
        high = std::max({high, at.x + radius, at.y + radius, at.z + radius});
    }
    const auto start = static_cast<std::int64_t>(std::floor(low)) - kMarginVoxels / 2;
    const std::int64_t side = quickSize(static_cast<std::int64_t>(std::ceil(high)) + kMarginVoxels / 2 - start);
    const Index3 shape{side, side, side};
    std::vector<float> density(std::size_t(shape.product()), 0.0F);
    const Vec3 shift{-double(start), -double(start), -double(start)};
    for (const PlacedStructure& placed : particle.scene)
        addStructure(structures[std::size_t(placed.structure)], placed.rotation, position(placed) + shift, voxel, shape, density);
    const Imaging& imaging = grid(side);
    Spectrum spectrum = fourierTransform(density, shape);
    imaging.imageSignal(spectrum);
    const double voxels = double(shape.product());
    const double energy = imaging.varianceOf(spectrum) * voxels + std::norm(spectrum.front()) / voxels;
    const Volume whole(shape, inverseFourierTransform(spectrum, shape), voxel);
    const std::int64_t box = options.boxSize;
    return {crop(whole, {{-start, -start, -start}, {box, box, box}}).withGeometry(voxel, {}), energy};
}

/// Noise of variance 1 as imaging leaves it, cut from a periodic field of twice the side, where it is what a crop of any larger one is.
Volume Simulator::Impl::noiseOf(std::int64_t index, std::uint64_t seed) const {
    const std::int64_t box = options.boxSize;
    const Imaging& imaging = noiseGrid();
    const Index3 shape = imaging.shape();
    std::vector<float> white(std::size_t(shape.product()));
    fillWhiteNoise(deriveSeed(seed, "noise", std::uint64_t(index)), 0, white);
    Spectrum spectrum = fourierTransform(white, shape);
    imaging.imageNoise(spectrum);
    std::vector<float> noise = inverseFourierTransform(spectrum, shape);
    const auto scale = static_cast<float>(1 / std::sqrt(imaging.noiseVariance()));
    for (float& value : noise) value *= scale;
    return crop(Volume(shape, std::move(noise), options.voxelSizeAngstrom), {{}, {box, box, box}});
}

Volume Simulator::Impl::maskOf(const SimulatedParticle& particle) const {
    const std::int64_t box = options.boxSize;
    const Structure& target = structures[std::size_t(particle.classIndex)];
    std::vector<float> mask(std::size_t(box * box * box), 0.0F);
    addStructure(target, particle.rotation, particle.positionVoxels, options.voxelSizeAngstrom, {box, box, box}, mask);
    for (float& value : mask) value = value > target.maskLevel ? 1.0F : 0.0F;
    return {{box, box, box}, std::move(mask), options.voxelSizeAngstrom};
}

SimulatedParticle Simulator::make(std::int64_t index, std::uint64_t seed) const {
    const SimulateOptions& options = impl_->options;
    Random random(deriveSeed(seed, "scene", std::uint64_t(index)));
    SimulatedParticle particle;
    particle.classIndex = int(index % std::int64_t(impl_->structures.size()));
    particle.scene = packScene(impl_->packedRadii, particle.classIndex, options.neighbours, random);
    particle.rotation = particle.scene.front().rotation;
    const double reach = options.offset * options.boxSize;
    const auto coordinate = [&] { return double(options.boxSize / 2) + random.uniform(-reach, reach); };
    const double x = coordinate(), y = coordinate(), z = coordinate();
    particle.positionVoxels = {x, y, z};

    const Impl::Image image = impl_->image(particle);
    particle.clean = image.box;
    particle.mask = impl_->maskOf(particle);
    particle.volume = particle.clean;
    if (options.snr >= SimulateOptions::kNoNoise) return particle;
    const double sceneVoxels = std::pow(double(options.sceneSide), 3);
    const double sceneVariance = image.energy / sceneVoxels, boxVariance = varianceOf(particle.clean);
    const Volume noise = impl_->noiseOf(index, seed);
    const double boxNoise = varianceOf(noise);  // of a field of variance 1: a box sees more or less of it by chance
    const Imaging& imaging = impl_->noiseGrid();
    const double passing = imaging.noiseVariance() / imaging.referenceVariance();  // published ratio: before the last filters
    const bool crop = options.snrScope == "crop";
    const double noiseVariance = (crop ? boxVariance / boxNoise : sceneVariance * passing) / options.snr;
    particle.noiseVariance = noiseVariance;
    particle.sceneSnr = sceneVariance * passing / noiseVariance;
    particle.localSnr = boxVariance / (noiseVariance * boxNoise);
    std::vector<float> voxels(particle.clean.voxels().begin(), particle.clean.voxels().end());
    const auto sigma = static_cast<float>(std::sqrt(noiseVariance));
    for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] += sigma * noise.voxels()[i];
    particle.volume = Volume(particle.clean.shape(), std::move(voxels), options.voxelSizeAngstrom);
    return particle;
}

}  // namespace tomoloupe
