#include "core/ssl/space_augmentation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "core/fourier/parallel.h"
#include "core/nn/compute.h"
#include "core/ssl/resample_kernels.h"

namespace tomoloupe {
namespace {

constexpr double kWavelengthAngstrom = 0.0196867;    // of electrons at 300 kV
constexpr double kSphericalAberrationAngstrom = 2e7;  // 2 mm
// Damps the change of CTF where the volume has next to nothing: it then amplifies at most 2.2 times.
constexpr double kCtfFloor = 0.1;

using Number = std::function<double(const SpaceView&)>;

bool any(const std::vector<SpaceView>& views, const std::function<bool(const SpaceView&)>& wanted) {
    return std::any_of(views.begin(), views.end(), wanted);
}

/// One number of each view as [N, 1, 1, ...] with `dimensions` dimensions beside volumes like `like`.
at::Tensor column(const std::vector<SpaceView>& views, const at::Tensor& like, std::int64_t dimensions, const Number& number) {
    at::Tensor values = at::empty({std::int64_t(views.size())}, at::kFloat);
    std::transform(views.begin(), views.end(), values.data_ptr<float>(), [&](const SpaceView& view) { return float(number(view)); });
    std::vector<std::int64_t> shape(std::size_t(dimensions), 1);
    shape[0] = -1;
    return values.to(like.device()).view(shape);
}

void addNoise(at::Tensor& volumes, const std::vector<SpaceView>& views) {
    const auto add = [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const SpaceView& view = views[std::size_t(i)];
            if (view.noise == 0) continue;
            at::Tensor volume = volumes.select(0, i);
            volume.add_(at::empty_like(volume).normal_(0, 1, makeGenerator(volume.device(), view.noiseSeed)), view.noise);
        }
    };
    if (volumes.is_cpu()) {
        parallelFor(0, volumes.size(0), 1, add);
    } else {
        add(0, volumes.size(0));
    }
}

/// Frequencies of a transform, cycles per voxel, each in its dimension of [N, D, H, W/2 + 1].
struct Frequencies {
    at::Tensor x, y, z;
    explicit Frequencies(const at::Tensor& volumes) {
        const auto options = volumes.options().dtype(at::kFloat);
        z = at::fft_fftfreq(volumes.size(2), 1, options).view({1, -1, 1, 1});
        y = at::fft_fftfreq(volumes.size(3), 1, options).view({1, 1, -1, 1});
        x = at::fft_rfftfreq(volumes.size(4), 1, options).view({1, 1, 1, -1});
    }
};

/// 1 where a tilt series of the view's range about its axis measures, else 0.
at::Tensor measured(const std::vector<SpaceView>& views, const Frequencies& k) {
    constexpr double kRadian = std::numbers::pi / 180;
    const auto one = [&](const Number& number) { return column(views, k.x, 4, number); };
    const at::Tensor across = k.x * one([&](const SpaceView& v) { return std::cos(v.wedgeAxisDegrees * kRadian); }) +
                              k.y * one([&](const SpaceView& v) { return std::sin(v.wedgeAxisDegrees * kRadian); });
    const at::Tensor slope = one([&](const SpaceView& v) { return std::tan((90 - v.wedgeTiltDegrees) * kRadian); });
    // At Nyquist x and y stand for both signs, of which one may lie within the wedge.
    const at::Tensor unique = at::logical_and(k.x.abs() < 0.499999, k.y.abs() < 0.499999);
    const at::Tensor inside = at::logical_and(across.abs() >= slope * k.z.abs() - 1e-6, unique);
    return at::logical_or(inside, one([](const SpaceView& v) { return v.wedge ? 0 : 1; }) > 0.5);
}

/// |CTF| of each view's defocus over |CTF| of the volumes' own, held in bounds. Signs stay, as some reconstructions are corrected for them.
at::Tensor ctfChange(const std::vector<SpaceView>& views, const AugmentationOptions& options, const at::Tensor& squared) {
    const at::Tensor k2 = squared / (options.voxelSizeAngstrom * options.voxelSizeAngstrom);
    const at::Tensor aberration = k2 * k2 * (std::numbers::pi / 2 * kSphericalAberrationAngstrom * std::pow(kWavelengthAngstrom, 3));
    const at::Tensor perMicrometre = k2 * (-std::numbers::pi * kWavelengthAngstrom * 1e4);
    const at::Tensor own = (aberration + perMicrometre * options.ctfDefocusMicrometre).sin().abs();
    const at::Tensor defocus =
        column(views, squared, 4, [&](const SpaceView& v) { return v.ctf ? v.defocusMicrometre : options.ctfDefocusMicrometre; });
    const at::Tensor other = (aberration + perMicrometre * defocus).sin().abs();
    return (other * own + kCtfFloor) / (own * own + kCtfFloor);
}

}  // namespace

at::Tensor resample(const at::Tensor& given, const std::vector<SpaceView>& views, std::int64_t side) {
    const std::int64_t n = given.size(0), box = given.size(4);
    if (given.is_cpu() && given.scalar_type() == at::kFloat) {
        const at::Tensor volumes = given.contiguous();
        at::Tensor result = at::empty({n, 1, side, side, side}, volumes.options());
        const float* const from = volumes.data_ptr<float>();
        float* const to = result.data_ptr<float>();
        parallelFor(0, n, 1, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) {
                const SpaceMap& map = views[std::size_t(i)].map;
                if (map == SpaceView::kIdentity && box == side) {
                    std::copy_n(from + i * box * box * box, box * box * box, to + i * box * box * box);
                } else {
                    resampleSpace({from + i * box * box * box, box, box, box}, map, side, to + i * side * side * side);
                }
            }
        });
        return result;
    }
    at::Tensor theta = at::empty({n, 3, 4}, at::kFloat);
    float* values = theta.data_ptr<float>();
    for (const SpaceView& view : views)
        for (const double value : view.map) *values++ = static_cast<float>(value);
    const at::Tensor grid = at::affine_grid_generator(theta.to(given.options()), {n, 1, side, side, side}, false);
    return at::grid_sampler_3d(given, grid, /*bilinear*/ 0, /*zeros*/ 0, false);
}

at::Tensor imageAnew(const at::Tensor& volumes, const std::vector<SpaceView>& views, const AugmentationOptions& options) {
    at::Tensor noisy = volumes;
    if (any(views, [](const SpaceView& v) { return v.noise > 0; })) {
        noisy = volumes.clone();
        addNoise(noisy, views);
    }
    const bool wedge = any(views, [](const SpaceView& v) { return v.wedge; }), ctf = any(views, [](const SpaceView& v) { return v.ctf; });
    const bool blur = any(views, [](const SpaceView& v) { return v.blur > 0; });
    if (!wedge && !ctf && !blur) return noisy;
    const std::vector<std::int64_t> shape{noisy.size(2), noisy.size(3), noisy.size(4)}, axes{1, 2, 3};
    const Frequencies k(noisy);
    at::Tensor factor = at::ones({1, 1, 1, 1}, noisy.options());
    const at::Tensor squared = k.x * k.x + k.y * k.y + k.z * k.z;
    if (ctf) factor = factor * ctfChange(views, options, squared);
    if (blur) {
        constexpr double kScale = -2 * std::numbers::pi * std::numbers::pi;
        factor = factor * (squared * column(views, noisy, 4, [](const SpaceView& v) { return kScale * v.blur * v.blur; })).exp();
    }
    if (wedge) factor = factor * measured(views, k);
    return at::fft_irfftn(at::fft_rfftn(noisy.squeeze(1), c10::nullopt, axes).mul_(factor), shape, axes).unsqueeze(1);
}

at::Tensor standardise(const at::Tensor& volumes, const std::vector<SpaceView>& views) {
    const std::vector<std::int64_t> all{1, 2, 3, 4};
    const at::Tensor mean = volumes.mean(all, true), centred = volumes - mean;
    const at::Tensor deviation = centred.square().mean(all, true).sqrt_().clamp_min_(1e-6);
    const at::Tensor contrast = column(views, volumes, 5, [](const SpaceView& v) { return v.contrast; });
    const at::Tensor brightness = column(views, volumes, 5, [](const SpaceView& v) { return v.brightness; });
    return at::addcmul(brightness, centred, contrast / deviation);
}

at::Tensor makeViews(const at::Tensor& volumes, const std::vector<SpaceView>& views, const AugmentationOptions& options, std::int64_t side) {
    return standardise(imageAnew(resample(volumes, views, side), views, options), views);
}

}  // namespace tomoloupe
