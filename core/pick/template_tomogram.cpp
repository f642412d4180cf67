#include "core/pick/template_tomogram.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/fourier/fourier.h"
#include "core/volume/statistics.h"

namespace tomoloupe {
namespace {

constexpr double kPi = std::numbers::pi;

/// Index within 0 .. count-1 of an index of the endless mirror image; the outermost voxels are not repeated.
std::int64_t mirrored(std::int64_t i, std::int64_t count) {
    if (count == 1) return 0;
    const std::int64_t period = 2 * (count - 1);
    i = ((i % period) + period) % period;
    return i < count ? i : period - i;
}

struct Axis {
    std::vector<std::int64_t> source;  // of each voxel of the box, relative to `first`
    std::int64_t first = 0, count = 0;
};

Axis mirroredAxis(std::int64_t start, std::int64_t size, std::int64_t extent) {
    Axis axis;
    for (std::int64_t i = 0; i < size; ++i) axis.source.push_back(mirrored(start + i, extent));
    const auto [low, high] = std::minmax_element(axis.source.begin(), axis.source.end());
    axis.first = *low;
    axis.count = *high - *low + 1;
    for (std::int64_t& index : axis.source) index -= axis.first;
    return axis;
}

}  // namespace

SearchTomogram::SearchTomogram(const VolumeFile& file, int binning, const StopToken& stop) : file_(file), binning_(binning), stop_(stop) {
    const Index3 full = file.info().shape;
    shape_ = {full.x / binning, full.y / binning, full.z / binning};
    StatisticsAccumulator sum;
    for (const Box& box : samples(64, {3, 3, 2})) {
        stop_.throwIfCancelled();
        sum.add(readBinned(box));
    }
    const Statistics statistics = sum.result();
    mean_ = statistics.mean;
    inverseDeviation_ = statistics.standardDeviation > 0 ? 1 / statistics.standardDeviation : 1;
}

std::vector<Box> SearchTomogram::samples(std::int64_t side, Index3 counts) const {
    const Index3 size{std::min(side, shape_.x), std::min(side, shape_.y), std::min(side, shape_.z)};
    const auto number = [side](std::int64_t extent, std::int64_t wanted) { return std::clamp<std::int64_t>(extent / side, 1, wanted); };
    const Index3 n{number(shape_.x, counts.x), number(shape_.y, counts.y), number(shape_.z, counts.z)};
    const auto start = [](std::int64_t i, std::int64_t parts, std::int64_t extent, std::int64_t width) {
        return (2 * i + 1) * extent / (2 * parts) - width / 2;
    };
    std::vector<Box> boxes;
    for (std::int64_t z = 0; z < n.z; ++z)
        for (std::int64_t y = 0; y < n.y; ++y)
            for (std::int64_t x = 0; x < n.x; ++x)
                boxes.push_back({{start(x, n.x, shape_.x, size.x), start(y, n.y, shape_.y, size.y), start(z, n.z, shape_.z, size.z)}, size});
    return boxes;
}

std::vector<float> SearchTomogram::readBinned(const Box& box) const {
    const std::int64_t b = binning_;
    if (b == 1) {
        const Volume volume = file_.read(box);
        return {volume.voxels().begin(), volume.voxels().end()};
    }
    std::vector<float> means(std::size_t(box.size.product()));
    for (std::int64_t z = 0; z < box.size.z; ++z) {  // a layer at a time: never more than `binning` sections of the file
        stop_.throwIfCancelled();
        const Volume layer = file_.read({{b * box.start.x, b * box.start.y, b * (box.start.z + z)}, {b * box.size.x, b * box.size.y, b}});
        const float* voxel = layer.voxels().data();
        float* target = means.data() + box.size.x * box.size.y * z;
        for (std::int64_t row = 0; row < b * b * box.size.y; ++row) {
            float* line = target + box.size.x * ((row / b) % box.size.y);
            for (std::int64_t x = 0; x < box.size.x; ++x)
                for (std::int64_t i = 0; i < b; ++i) line[x] += *voxel++;
        }
    }
    const float inverse = 1 / static_cast<float>(b * b * b);
    for (float& mean : means) mean *= inverse;
    return means;
}

std::vector<float> SearchTomogram::read(const Box& box) const {
    const Axis x = mirroredAxis(box.start.x, box.size.x, shape_.x), y = mirroredAxis(box.start.y, box.size.y, shape_.y),
               z = mirroredAxis(box.start.z, box.size.z, shape_.z);
    const std::vector<float> source = readBinned({{x.first, y.first, z.first}, {x.count, y.count, z.count}});
    std::vector<float> voxels;
    voxels.reserve(std::size_t(box.size.product()));
    for (const std::int64_t sz : z.source)
        for (const std::int64_t sy : y.source) {
            const float* row = source.data() + x.count * (sy + y.count * sz);
            for (const std::int64_t sx : x.source) {
                const double value = (double(row[sx]) - mean_) * inverseDeviation_;
                voxels.push_back(std::isfinite(value) ? static_cast<float>(value) : 0.0F);
            }
        }
    return voxels;
}

Vec3 SearchTomogram::filePosition(Vec3 binned) const {
    const double half = (binning_ - 1) / 2.0;  // the middle of the first `binning` voxels
    return {binning_ * binned.x + half, binning_ * binned.y + half, binning_ * binned.z + half};
}

namespace {

constexpr std::int64_t kSampleSide = 64, kShells = 32, kKernelReach = 8;
constexpr double kPowerFloor = 0.02;  // of the strongest shell: noise weaker than this is not made white

/// Mean power of the measured coefficients in shells of equal width up to half a cycle a voxel.
std::array<double, kShells + 1> radialPower(std::vector<float> voxels, Index3 shape, double slope) {
    const auto window = [](std::int64_t i, std::int64_t count) { return 0.5 - 0.5 * std::cos(2 * kPi * (double(i) + 0.5) / double(count)); };
    for (std::int64_t z = 0, i = 0; z < shape.z; ++z)
        for (std::int64_t y = 0; y < shape.y; ++y)
            for (std::int64_t x = 0; x < shape.x; ++x, ++i)
                voxels[std::size_t(i)] *= static_cast<float>(window(x, shape.x) * window(y, shape.y) * window(z, shape.z));
    const Spectrum spectrum = fourierTransform(voxels, shape);
    std::array<double, kShells + 1> power{}, count{};
    for (std::int64_t z = 0, i = 0; z < shape.z; ++z)
        for (std::int64_t y = 0; y < shape.y; ++y)
            for (std::int64_t x = 0; x <= shape.x / 2; ++x, ++i) {
                const double kx = frequency(x, shape.x), ky = frequency(y, shape.y), kz = frequency(z, shape.z);
                const auto shell = static_cast<std::size_t>(std::lround(2 * kShells * std::sqrt(kx * kx + ky * ky + kz * kz)));
                if (shell > kShells || kx < slope * std::abs(kz) - 1e-9) continue;
                power[shell] += std::norm(spectrum[std::size_t(i)]);
                count[shell] += 1;
            }
    for (std::size_t shell = 0; shell <= kShells; ++shell) power[shell] /= std::max(1.0, count[shell]);
    return power;
}

}  // namespace

std::vector<float> whiteningKernel(const SearchTomogram& tomogram, double tiltMaximumDegrees, const StopToken& stop) {
    const double slope = tiltMaximumDegrees >= 90 ? 0 : std::tan((90 - tiltMaximumDegrees) * kPi / 180);
    std::vector<std::array<double, kShells + 1>> powers;
    for (const Box& box : tomogram.samples(kSampleSide, {3, 3, 2})) {
        stop.throwIfCancelled();
        powers.push_back(radialPower(tomogram.read(box), box.size, slope));
    }
    std::array<double, kShells + 1> gain{};
    for (std::size_t shell = 0; shell <= kShells; ++shell) {  // the median, so that a gold bead in one sample does not count
        std::nth_element(powers.begin(), powers.begin() + std::ptrdiff_t(powers.size() / 2), powers.end(),
                         [shell](const auto& a, const auto& b) { return a[shell] < b[shell]; });
        gain[shell] = powers[powers.size() / 2][shell];
    }
    const double strongest = *std::max_element(gain.begin() + 1, gain.end());
    if (!(strongest > 0)) return {1};
    for (double& power : gain) power = std::sqrt(power / strongest) / (power / strongest + kPowerFloor);
    constexpr std::int64_t kGrid = 64;
    Spectrum spectrum(std::size_t(spectrumSize({kGrid, kGrid, kGrid})));
    for (std::int64_t z = 0, i = 0; z < kGrid; ++z)
        for (std::int64_t y = 0; y < kGrid; ++y)
            for (std::int64_t x = 0; x <= kGrid / 2; ++x, ++i) {
                const double kx = frequency(x, kGrid), ky = frequency(y, kGrid), kz = frequency(z, kGrid);
                const double shell = std::min(2 * kShells * std::sqrt(kx * kx + ky * ky + kz * kz), double(kShells));
                const auto below = std::min(static_cast<std::size_t>(shell), std::size_t(kShells - 1));
                const double between = shell - double(below);
                spectrum[std::size_t(i)] = static_cast<float>(gain[below] + between * (gain[below + 1] - gain[below]));
            }
    const std::vector<float> filter = inverseFourierTransform(spectrum, {kGrid, kGrid, kGrid});
    std::vector<float> kernel;
    for (std::int64_t z = -kKernelReach; z <= kKernelReach; ++z)
        for (std::int64_t y = -kKernelReach; y <= kKernelReach; ++y)
            for (std::int64_t x = -kKernelReach; x <= kKernelReach; ++x) {
                const double distance = std::sqrt(double(x * x + y * y + z * z)) / (kKernelReach + 1);
                const double taper = distance < 1 ? 0.5 + 0.5 * std::cos(kPi * distance) : 0;
                const auto wrap = [](std::int64_t i) { return (i + kGrid) % kGrid; };
                kernel.push_back(static_cast<float>(taper * filter[std::size_t(wrap(x) + kGrid * (wrap(y) + kGrid * wrap(z)))]));
            }
    return kernel;
}

}  // namespace tomoloupe
