#include "core/pick/template_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/simulate/imaging.h"

namespace tomoloupe {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kMaskMarginVoxels = 1;  // what the microscope's optics spread beyond the structure

/// Frequencies above `cutoff` (cycles per voxel) removed, with a soft edge of a tenth of it.
std::vector<float> lowPassed(std::span<const float> voxels, std::int64_t side, double cutoff) {
    const Index3 shape{side, side, side};
    Spectrum spectrum = fourierTransform(voxels, shape);
    std::size_t i = 0;
    for (std::int64_t z = 0; z < side; ++z)
        for (std::int64_t y = 0; y < side; ++y)
            for (std::int64_t x = 0; x <= side / 2; ++x, ++i) {
                const double k = std::sqrt(std::pow(frequency(x, side), 2) + std::pow(frequency(y, side), 2) + std::pow(frequency(z, side), 2));
                const double edge = std::clamp((k / cutoff - 0.9) / 0.1, 0.0, 1.0);
                spectrum[i] *= static_cast<float>(0.5 * (1 + std::cos(kPi * edge)));
            }
    return inverseFourierTransform(spectrum, shape);
}

/// The mean of `count` neighbouring voxels as a factor at `frequency` cycles per `count` voxels.
double meanFactor(double frequency, int count) {
    const double phase = kPi * frequency / count;
    return count == 1 || std::abs(phase) < 1e-9 ? 1 : std::sin(phase * count) / (count * std::sin(phase));
}

}  // namespace

SearchTemplate::SearchTemplate(const Structure& structure, const TemplateImaging& imaging) {
    scale_ = imaging.searchVoxelAngstrom / structure.density.voxelSizeAngstrom();
    radius_ = structure.radiusAngstrom / imaging.searchVoxelAngstrom;
    if (radius_ < 1.5)
        throw InvalidOptions(fmt::format("The template {} has a radius of {:.0f} Å, which is less than two voxels of the search ({:.0f} Å); it "
                                         "cannot be found in so coarse a tomogram", structure.name, structure.radiusAngstrom,
                                         imaging.searchVoxelAngstrom));
    if (radius_ > 80)
        throw InvalidOptions(fmt::format("The template {} is {:.0f} voxels of the search wide; choose a larger search-voxel than {:.1f} Å",
                                         structure.name, 2 * radius_, imaging.searchVoxelAngstrom));
    const double maskRadius = radius_ + kMaskMarginVoxels;
    reach_ = static_cast<std::int64_t>(std::floor(maskRadius));
    for (std::int64_t z = -reach_; z <= reach_; ++z)
        for (std::int64_t y = -reach_; y <= reach_; ++y)
            for (std::int64_t x = -reach_; x <= reach_; ++x)
                mask_.push_back(double(x * x + y * y + z * z) <= maskRadius * maskRadius ? 1.0F : 0.0F);
    maskCount_ = double(std::count(mask_.begin(), mask_.end(), 1.0F));
    densitySide_ = structure.density.shape().x;
    const std::span<const float> given = structure.density.voxels();
    density_ = scale_ > 1 ? lowPassed(given, densitySide_, 0.5 / scale_) : std::vector<float>(given.begin(), given.end());
    makeFactors(imaging);
}

std::int64_t kernelReach(std::span<const float> kernel) { return std::int64_t(std::lround(std::cbrt(double(kernel.size())))) / 2; }

Spectrum kernelSpectrum(std::span<const float> kernel, std::int64_t side) {
    const std::int64_t reach = kernelReach(kernel);
    std::vector<float> box(std::size_t(side * side * side));
    const auto wrapped = [&](std::int64_t i) { return (i + side) % side; };
    auto value = kernel.begin();
    for (std::int64_t z = -reach; z <= reach; ++z)
        for (std::int64_t y = -reach; y <= reach; ++y)
            for (std::int64_t x = -reach; x <= reach; ++x) box[std::size_t(wrapped(x) + side * (wrapped(y) + side * wrapped(z)))] = *value++;
    return fourierTransform(box, {side, side, side});
}

void SearchTemplate::makeFactors(const TemplateImaging& imaging) {
    boxSide_ = quickSize(side() + kernelReach(imaging.kernel) + 4);  // what the kernel wraps round stays outside the mask
    factors_ = kernelSpectrum(imaging.kernel, boxSide_);
    const double tilt = imaging.microscope.tiltMaximumDegrees, slope = std::tan((90 - tilt) * kPi / 180);
    std::size_t i = 0;
    for (std::int64_t z = 0; z < boxSide_; ++z)
        for (std::int64_t y = 0; y < boxSide_; ++y)
            for (std::int64_t x = 0; x <= boxSide_ / 2; ++x, ++i) {
                const double kx = frequency(x, boxSide_), ky = frequency(y, boxSide_), kz = frequency(z, boxSide_);
                const double k = std::sqrt(kx * kx + ky * ky + kz * kz);
                const bool measured = tilt >= 90 || kx >= slope * std::abs(kz) - 1e-9;
                double factor = measured ? meanFactor(kx, imaging.binning) * meanFactor(ky, imaging.binning) * meanFactor(kz, imaging.binning) : 0;
                factor *= ctfAt(imaging.microscope, k / imaging.searchVoxelAngstrom, imaging.searchVoxelAngstrom / imaging.binning);
                factors_[i] *= static_cast<float>(imaging.dark ? -factor : factor);
            }
}

float SearchTemplate::sample(Vec3 at) const {
    const auto x0 = static_cast<std::int64_t>(std::floor(at.x)), y0 = static_cast<std::int64_t>(std::floor(at.y)),
               z0 = static_cast<std::int64_t>(std::floor(at.z));
    const std::int64_t n = densitySide_;
    if (x0 < 0 || y0 < 0 || z0 < 0 || x0 + 1 >= n || y0 + 1 >= n || z0 + 1 >= n) return 0;
    const auto fx = static_cast<float>(at.x - double(x0)), fy = static_cast<float>(at.y - double(y0)), fz = static_cast<float>(at.z - double(z0));
    const float* corner = density_.data() + x0 + n * (y0 + n * z0);
    const auto alongX = [fx](const float* p) { return p[0] + fx * (p[1] - p[0]); };
    const auto plane = [&](const float* p) {
        const float low = alongX(p);
        return low + fy * (alongX(p + n) - low);
    };
    const float low = plane(corner);
    return low + fz * (plane(corner + n * n) - low);
}

void SearchTemplate::turned(const Rotation& rotation, std::span<float> voxels) const {
    const Matrix3 m = rotation.inverse().matrix();
    const std::int64_t middle = boxSide_ / 2;
    const auto half = static_cast<double>(densitySide_ / 2);
    std::vector<float> box(std::size_t(boxSide_ * boxSide_ * boxSide_));
    const auto reach = std::min<std::int64_t>(static_cast<std::int64_t>(std::ceil(radius_)) + 1, middle - 1);
    for (std::int64_t z = -reach; z <= reach; ++z)
        for (std::int64_t y = -reach; y <= reach; ++y) {
            float* row = box.data() + middle + boxSide_ * (y + middle + boxSide_ * (z + middle));
            for (std::int64_t x = -reach; x <= reach; ++x) {
                const double dx = scale_ * double(x), dy = scale_ * double(y), dz = scale_ * double(z);
                row[x] = sample({half + m[0] * dx + m[1] * dy + m[2] * dz, half + m[3] * dx + m[4] * dy + m[5] * dz,
                                 half + m[6] * dx + m[7] * dy + m[8] * dz});
            }
        }
    const Index3 shape{boxSide_, boxSide_, boxSide_};
    Spectrum spectrum = fourierTransform(box, shape);
    for (std::size_t i = 0; i < spectrum.size(); ++i) spectrum[i] *= factors_[i];
    box = inverseFourierTransform(spectrum, shape);
    for (std::int64_t z = 0, i = 0; z < side(); ++z)
        for (std::int64_t y = 0; y < side(); ++y)
            for (std::int64_t x = 0; x < side(); ++x, ++i)
                voxels[std::size_t(i)] = box[std::size_t(x + middle - reach_ + boxSide_ * (y + middle - reach_ + boxSide_ * (z + middle - reach_)))];
    normalise(voxels);
}

void SearchTemplate::normalise(std::span<float> voxels) const {
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < voxels.size(); ++i) sum += double(mask_[i] * voxels[i]);
    const double mean = sum / maskCount_;
    for (std::size_t i = 0; i < voxels.size(); ++i) squares += double(mask_[i]) * (voxels[i] - mean) * (voxels[i] - mean);
    const double inverse = squares > 0 ? 1 / std::sqrt(squares / maskCount_) : 0;
    for (std::size_t i = 0; i < voxels.size(); ++i) voxels[i] = static_cast<float>(mask_[i] * (voxels[i] - mean) * inverse);
}

}  // namespace tomoloupe
