#include "core/simulate/column_transfer.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/fourier/fourier.h"
#include "core/simulate/imaging.h"

namespace tomoloupe {
namespace {

constexpr int kSteps = 1 << 13;  // from 0 to 0.5 cycles a voxel
constexpr double kSoftening = 0.005;  // cycles a voxel

/// Weights of a Gaussian for steps -n..n.
std::vector<double> softeningWeights() {
    const double sigma = kSoftening / 0.5 * kSteps;
    const int reach = static_cast<int>(4 * sigma);
    std::vector<double> weights;
    double sum = 0;
    for (int i = -reach; i <= reach; ++i) sum += weights.emplace_back(std::exp(-0.5 * std::pow(i / sigma, 2)));
    for (double& weight : weights) weight /= sum;
    return weights;
}

}  // namespace

ColumnTransfer::ColumnTransfer(const ImagingOptions& options, Index3 shape, double voxelSizeAngstrom)
    : shape_(shape), slope_(wedgeSlope(options)) {
    for (std::int64_t z = 0; z < shape.z; ++z) kz_.push_back(frequency(z, shape.z));
    const std::vector<double> weights = softeningWeights();
    const int reach = static_cast<int>(weights.size() / 2);
    std::vector<RadialTransfer> sharp;
    for (int i = 0; i <= kSteps + reach; ++i) sharp.push_back(radialTransfer(options, 0.5 * i / kSteps, voxelSizeAngstrom));
    for (int i = 0; i <= kSteps; ++i) {
        RadialTransfer soft;
        for (int j = -reach; j <= reach; ++j) {
            const double weight = weights[std::size_t(j + reach)];
            const RadialTransfer& transfer = sharp[std::size_t(std::abs(i + j))];
            soft.signal += weight * transfer.signal;
            soft.noise += weight * transfer.noise;
        }
        const double k = 0.5 * i / kSteps;
        signal_.push_back(static_cast<float>(soft.signal));
        noise_.push_back(static_cast<float>(soft.noise));
        noiseVariance_ += 4 * std::numbers::pi * k * k * soft.noise * soft.noise * 0.5 / kSteps;
    }
    // The wedge has its edge along y: of every shell it leaves the same part.
    noiseVariance_ *= std::min(1.0, options.tiltMaximumDegrees / 90);
}

void ColumnTransfer::fill(const std::vector<float>& radial, std::int64_t x, std::int64_t y, std::span<float> alongZ) const {
    const double kx = frequency(x, shape_.x), ky = frequency(y, shape_.y), plane = kx * kx + ky * ky;
    for (std::size_t z = 0; z < alongZ.size(); ++z) {
        const double kz = kz_[z], squared = plane + kz * kz;
        alongZ[z] = 0;
        if (squared > 0.25 || kx < slope_ * std::abs(kz) - 1e-9) continue;
        const double at = std::sqrt(squared) * 2 * kSteps;
        const int below = std::min(static_cast<int>(at), kSteps - 1);
        const float part = static_cast<float>(at - below);
        alongZ[z] = (1 - part) * radial[std::size_t(below)] + part * radial[std::size_t(below) + 1];
    }
}

}  // namespace tomoloupe
