#include "core/simulate/imaging.h"

#include <cmath>
#include <numbers>

#include "core/base/seed.h"

namespace tomoloupe {
namespace {

/// Relativistic wavelength of an electron in Å (method.md 4.2).
double wavelengthAngstrom(double kilovolt) {
    const double volt = 1000 * kilovolt;
    return std::sqrt(150.4 / (volt * (1 + volt / 1022000)));
}

/// 1 up to the radius, then a Gaussian edge of two grid steps, 0 below exp(-3): the published band-pass. `radius` and `k` in steps
/// of the grid.
double bandPassAt(double k, double radius) {
    if (k <= radius) return 1;
    const double exponent = std::pow((k - radius) / 2, 2);
    return exponent > 3 ? 0 : std::exp(-exponent);
}

/// Coefficients of the whole transform that the one at x of `nx`/2 + 1 stands for.
int standsFor(std::int64_t x, std::int64_t nx) { return x == 0 || 2 * x == nx ? 1 : 2; }

}  // namespace

double wedgeSlope(const ImagingOptions& options) { return std::tan((90 - options.tiltMaximumDegrees) * std::numbers::pi / 180); }

double ctfAt(const ImagingOptions& options, double k, double voxelSizeAngstrom) {
    if (!options.ctf) return 1;
    const double lambda = wavelengthAngstrom(options.voltageKilovolt);
    const double aberration = options.sphericalAberrationMillimetre * 1e7, defocus = options.defocusMicrometre * 1e4;
    const double phase = std::numbers::pi / 2 * (aberration * std::pow(lambda, 3) * std::pow(k, 4) - 2 * defocus * lambda * k * k);
    const double nyquist = 0.5 / voxelSizeAngstrom;
    return std::sin(phase) * std::exp(-std::pow(k / (options.ctfEnvelope * nyquist), 2));
}

RadialTransfer radialTransfer(const ImagingOptions& options, double k, double voxelSizeAngstrom) {
    // Radii of the published filters count steps of a grid of this side; the edge of the band-pass is two of them.
    constexpr double kPublishedSide = 300;
    const double band = options.bandPass > 0 ? bandPassAt(k * kPublishedSide, options.bandPass * kPublishedSide / 2) : 1;
    const double ctf = ctfAt(options, k / voxelSizeAngstrom, voxelSizeAngstrom);
    const double mtf = std::exp(-0.5 * std::pow(k / 0.5 / options.mtfWidth, 2));
    return {band * band * ctf, band * std::sqrt((ctf * ctf + mtf * mtf) / 2), ctf};
}

Imaging::Imaging(const ImagingOptions& options, Index3 shape, double voxelSizeAngstrom)
    : shape_(shape), signal_(std::size_t(spectrumSize(shape))), noise_(signal_.size()) {
    const double slope = wedgeSlope(options);
    double noisePower = 0, referencePower = 0;
    std::size_t i = 0;
    for (std::int64_t z = 0; z < shape.z; ++z) {
        const double kz = frequency(z, shape.z);
        for (std::int64_t y = 0; y < shape.y; ++y) {
            const double ky = frequency(y, shape.y);
            for (std::int64_t x = 0; x <= shape.x / 2; ++x, ++i) {
                const double kx = frequency(x, shape.x), k = std::sqrt(kx * kx + ky * ky + kz * kz);
                if (k > 0.5 || kx < slope * std::abs(kz) - 1e-9) continue;
                const RadialTransfer transfer = radialTransfer(options, k, voxelSizeAngstrom);
                signal_[i] = static_cast<float>(transfer.signal);
                noise_[i] = static_cast<float>(transfer.noise);
                noisePower += standsFor(x, shape.x) * transfer.noise * transfer.noise;
                referencePower += standsFor(x, shape.x) * transfer.reference * transfer.reference;
            }
        }
    }
    noiseVariance_ = noisePower / double(shape.product());
    referenceVariance_ = referencePower / double(shape.product());
}

double Imaging::varianceOf(const Spectrum& spectrum) const {
    double power = -std::norm(spectrum.front());
    std::size_t i = 0;
    for (std::int64_t row = 0; row < shape_.y * shape_.z; ++row) {
        for (std::int64_t x = 0; x <= shape_.x / 2; ++x, ++i) power += standsFor(x, shape_.x) * double(std::norm(spectrum[i]));
    }
    return power / (double(shape_.product()) * double(shape_.product()));
}

void Imaging::multiply(Spectrum& spectrum, const std::vector<float>& factors) {
    for (std::size_t i = 0; i < spectrum.size(); ++i) spectrum[i] *= factors[i];
}

void fillWhiteNoise(std::uint64_t seed, std::uint64_t firstIndex, std::span<float> values) {
    // Numbers 2p and 2p + 1 are the pair p of Box and Muller 1958.
    const std::uint64_t end = firstIndex + values.size();
    for (std::uint64_t pair = firstIndex / 2; 2 * pair < end; ++pair) {
        Random random(deriveSeed(seed, "", pair));
        const double radius = std::sqrt(-2 * std::log(1 - random.uniform())), angle = 2 * std::numbers::pi * random.uniform();
        if (2 * pair >= firstIndex) values[2 * pair - firstIndex] = static_cast<float>(radius * std::cos(angle));
        if (2 * pair + 1 < end) values[2 * pair + 1 - firstIndex] = static_cast<float>(radius * std::sin(angle));
    }
}

}  // namespace tomoloupe
