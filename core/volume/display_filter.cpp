#include "core/volume/display_filter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>
#include <vector>

#include "core/volume/statistics.h"

namespace tomoloupe {
namespace {

constexpr double kWidestSampled = 3;  // voxels; beyond it a recursion is faster

struct Picture {
    std::int64_t width = 0, height = 0;
    std::vector<float> values;
    [[nodiscard]] float* row(std::int64_t y) { return values.data() + y * width; }
    [[nodiscard]] const float* row(std::int64_t y) const { return values.data() + y * width; }
};

std::int64_t mirrored(std::int64_t place, std::int64_t size) {
    const std::int64_t period = 2 * size;
    const std::int64_t turned = ((place % period) + period) % period;
    return turned < size ? turned : period - 1 - turned;
}

Picture transposed(const Picture& source) {
    constexpr std::int64_t kTile = 32;  // both tiles stay in the first cache
    Picture target{source.height, source.width, std::vector<float>(source.values.size())};
    for (std::int64_t y0 = 0; y0 < source.height; y0 += kTile)
        for (std::int64_t x0 = 0; x0 < source.width; x0 += kTile)
            for (std::int64_t x = x0; x < std::min(x0 + kTile, source.width); ++x)
                for (std::int64_t y = y0; y < std::min(y0 + kTile, source.height); ++y)
                    target.row(x)[y] = source.row(y)[x];
    return target;
}

void addRow(float weight, const float* row, std::int64_t width, float* sum) {
    for (std::int64_t x = 0; x < width; ++x) sum[x] += weight * row[x];
}

Picture sampledAcrossRows(const Picture& source, double sigma) {
    const auto reach = static_cast<std::int64_t>(std::ceil(4 * sigma));
    std::vector<double> weights;
    double total = 0;
    for (std::int64_t i = 0; i <= reach; ++i) {
        weights.push_back(std::exp(-0.5 * double(i) * double(i) / (sigma * sigma)));
        total += (i == 0 ? 1 : 2) * weights.back();
    }
    Picture target{source.width, source.height, std::vector<float>(source.values.size(), 0.0f)};
    for (std::int64_t y = 0; y < source.height; ++y)
        for (std::int64_t i = -reach; i <= reach; ++i)
            addRow(static_cast<float>(weights[static_cast<std::size_t>(std::abs(i))] / total),
                   source.row(mirrored(y + i, source.height)), source.width, target.row(y));
    return target;
}

/// One of the two damped waves whose sum over n = |y| is nearly a Gaussian: the real part of weight * pole^n.
struct Wave {
    std::complex<double> weight, pole;
};

/// Deriche 1993 (INRIA 1893), fourth order; normalised so that a constant stays what it is.
std::array<Wave, 2> wavesOf(double sigma) {
    std::array<Wave, 2> waves{{{{1.680, -3.735}, std::exp(std::complex<double>(-1.783, 0.6318) / sigma)},
                               {{-0.6803, 0.2598}, std::exp(std::complex<double>(-1.723, 1.997) / sigma)}}};
    double sum = 0;
    for (const Wave& wave : waves) sum += (wave.weight * (1.0 + wave.pole) / (1.0 - wave.pole)).real();
    for (Wave& wave : waves) wave.weight /= sum;
    return waves;
}

/// What a wave remembers of the rows it has passed, a complex number a column.
class WaveState {
  public:
    WaveState(const Wave& wave, std::int64_t width, const float* first) : wave_(wave) {
        const std::complex<double> steady = 1.0 / (1.0 - wave.pole);  // as if the first row had gone on for ever
        for (std::int64_t x = 0; x < width; ++x) {
            real_.push_back(static_cast<float>(steady.real()) * first[x]);
            imaginary_.push_back(static_cast<float>(steady.imag()) * first[x]);
        }
    }
    void pass(const float* row) {
        const auto c = static_cast<float>(wave_.pole.real()), s = static_cast<float>(wave_.pole.imag());
        for (std::size_t x = 0; x < real_.size(); ++x) {
            const float real = c * real_[x] - s * imaginary_[x] + row[x];
            imaginary_[x] = s * real_[x] + c * imaginary_[x];
            real_[x] = real;
        }
    }
    void addTo(float* out, const std::complex<double>& factor) const {
        const auto c = static_cast<float>(factor.real()), s = static_cast<float>(factor.imag());
        for (std::size_t x = 0; x < real_.size(); ++x) out[x] += c * real_[x] - s * imaginary_[x];
    }

  private:
    Wave wave_;
    std::vector<float> real_, imaginary_;
};

/// Time does not depend on sigma but for the rows beyond the borders.
Picture wavesAcrossRows(const Picture& source, double sigma) {
    const auto beyond = static_cast<std::int64_t>(std::ceil(5 * sigma));
    Picture target{source.width, source.height, std::vector<float>(source.values.size(), 0.0f)};
    const auto rowAt = [&](std::int64_t y) { return source.row(mirrored(y, source.height)); };
    for (const Wave& wave : wavesOf(sigma)) {
        WaveState down(wave, source.width, rowAt(-beyond)), up(wave, source.width, rowAt(source.height + beyond));
        for (std::int64_t y = -beyond; y < source.height; ++y) {
            down.pass(rowAt(y));
            if (y >= 0) down.addTo(target.row(y), wave.weight);
        }
        for (std::int64_t y = source.height + beyond; y > 0; --y) {
            up.pass(rowAt(y));
            if (y <= source.height) up.addTo(target.row(y - 1), wave.weight * wave.pole);
        }
    }
    return target;
}

Picture smoothedAcrossRows(const Picture& picture, double sigma) {
    return sigma <= kWidestSampled ? sampledAcrossRows(picture, sigma) : wavesAcrossRows(picture, sigma);
}

Picture smoothed(const Picture& picture, double sigma) {
    constexpr double kNothing = 0.1;  // voxels: the neighbour would weigh 1e-22
    if (!(sigma > kNothing)) return picture;
    return transposed(smoothedAcrossRows(transposed(smoothedAcrossRows(picture, sigma)), sigma));
}

Picture difference(Picture narrow, const Picture& wide) {
    for (std::size_t i = 0; i < narrow.values.size(); ++i) narrow.values[i] -= wide.values[i];
    return narrow;
}

Picture filteredPicture(const Picture& picture, const DisplayFilter& filter, double voxelSizeAngstrom) {
    switch (filter.kind) {
        case DisplayFilter::Kind::None:
            break;
        case DisplayFilter::Kind::Gaussian:
            return smoothed(picture, filter.sigmaVoxels);
        case DisplayFilter::Kind::BandPass:
            return difference(smoothed(picture, sigmaOfHalf(filter.finestAngstrom) / voxelSizeAngstrom),
                              smoothed(picture, sigmaOfHalf(filter.coarsestAngstrom) / voxelSizeAngstrom));
        case DisplayFilter::Kind::DifferenceOfGaussians:
            return difference(smoothed(picture, filter.sigmaVoxels),
                              smoothed(picture, filter.sigmaVoxels * filter.sigmaRatio));
    }
    return picture;
}

}  // namespace

double sigmaOfHalf(double length) {
    return length * std::sqrt(std::numbers::ln2 / 2) / std::numbers::pi;
}

Volume filtered(const Volume& picture, const DisplayFilter& filter) {
    if (picture.empty() || filter.kind == DisplayFilter::Kind::None) return picture;
    const Index3 shape = picture.shape();
    const auto section = static_cast<std::size_t>(shape.x * shape.y);
    std::vector<float> voxels;
    voxels.reserve(picture.voxels().size());
    const double size = picture.voxelSizeAngstrom() > 0 ? picture.voxelSizeAngstrom() : 1;
    for (std::int64_t z = 0; z < shape.z; ++z) {
        const auto source = picture.voxels().subspan(static_cast<std::size_t>(z) * section, section);
        Picture flat{shape.x, shape.y, {source.begin(), source.end()}};
        const Statistics statistics = statisticsOf(source);
        if (statistics.notFinite > 0)
            for (float& value : flat.values)
                if (!std::isfinite(value)) value = static_cast<float>(statistics.mean);
        const Picture result = filteredPicture(flat, filter, size);
        voxels.insert(voxels.end(), result.values.begin(), result.values.end());
    }
    return Volume(shape, std::move(voxels), picture.voxelSizeAngstrom(), picture.originAngstrom());
}

}  // namespace tomoloupe
