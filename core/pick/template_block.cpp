#include "core/pick/template_block.h"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/fft_fft.h>
#include <ATen/ops/fft_ifft.h>
#include <ATen/ops/fft_irfft.h>
#include <ATen/ops/fft_irfftn.h>
#include <ATen/ops/fft_rfft.h>
#include <ATen/ops/fft_rfftn.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/fourier/parallel.h"

namespace tomoloupe {
namespace {

constexpr float kTie = 1e-5F;           // correlations nearer than this are equal
constexpr double kFlatVariance = 1e-6;  // of a tomogram of variance 1: below it nothing can be correlated

at::Device deviceNamed(const std::string& name) {
    if (name == "cpu" || (name == "auto" && !at::hasCUDA())) return at::kCPU;
    if (!at::hasCUDA())
        throw InvalidOptions("No CUDA device can be used here; choose device cpu or auto");
    try {
        return name == "auto" ? at::Device(at::kCUDA, 0) : at::Device(name);
    } catch (const c10::Error&) {
        throw InvalidOptions("\"" + name + "\" is no device; choose auto, cpu or cuda");
    }
}

/// A cube reversed along its three axes: convolving with it is correlating with the cube.
at::Tensor reversedCube(std::span<const float> voxels, std::int64_t side) {
    at::Tensor cube = at::empty({1, side, side, side}, at::kFloat);
    std::reverse_copy(voxels.begin(), voxels.end(), cube.data_ptr<float>());
    return cube;
}

/// `block` convolved with a symmetric kernel, without the voxels that the kernel took from beyond its faces.
at::Tensor convolved(const at::Tensor& block, std::span<const float> kernel) {
    const auto side = static_cast<std::int64_t>(std::lround(std::cbrt(double(kernel.size()))));
    const at::Tensor padded = at::zeros(block.sizes(), block.options());
    padded.narrow(0, 0, side).narrow(1, 0, side).narrow(2, 0, side)
        .copy_(at::from_blob(const_cast<float*>(kernel.data()), {side, side, side}, at::kFloat));
    const at::Tensor whole = at::fft_irfftn(at::fft_rfftn(block) * at::fft_rfftn(padded), block.sizes());
    const std::int64_t lost = side - 1;  // the kernel's middle lies side/2 into the padded cube: what is whole begins at side - 1
    return whole.narrow(0, lost, block.size(0) - lost).narrow(1, lost, block.size(1) - lost).narrow(2, lost, block.size(2) - lost).contiguous();
}

}  // namespace

struct BlockCorrelator::State {
    explicit State(const std::string& name) : device(deviceNamed(name)) {}

    /// Spectra [B, Z, Y, X/2 + 1] of cubes [B, n, n, n] padded to the block: what is zero is not transformed.
    at::Tensor paddedSpectrum(const at::Tensor& cubes) const {
        return at::fft_fft(at::fft_fft(at::fft_rfft(cubes, shape.x, -1), shape.y, -2), shape.z, -3);
    }
    /// The way back of spectra [B, Z, Y, X/2 + 1], only of the block without `begin` voxels before it; changes the spectra.
    at::Tensor innerVoxels(const at::Tensor& spectra, std::int64_t begin) const {
        at::Tensor part = at::fft_ifft(spectra, c10::nullopt, -3).narrow(-3, begin, inner.z);
        part = at::fft_ifft(part, c10::nullopt, -2).narrow(-2, begin, inner.y);
        return at::fft_irfft(part, shape.x, -1).narrow(-1, begin, inner.x);
    }
    at::Tensor correlated(const at::Tensor& cubes) const {  // [B, n, n, n] reversed -> [B, inner]
        return innerVoxels(paddedSpectrum(cubes).mul_(spectrum), margin + side / 2);
    }
    std::int64_t innerCount() const { return inner.product(); }
    void keepBest(const std::vector<at::Tensor>& scores, std::int64_t first);

    at::Device device;
    Index3 shape, inner;
    std::int64_t margin = 0, side = 0;
    double maskCount = 0;
    at::Tensor spectrum, filtered;   // of the block after the kernel: [Z, Y, X/2 + 1], and [Z, Y, X] in double precision
    at::Tensor weights;              // [inner], 1 / (n sigma): makes correlations of sums
    at::Tensor best, bestTemplate;   // [inner]
};

BlockCorrelator::BlockCorrelator(const std::string& device) : state_(std::make_unique<State>(device)) {}
BlockCorrelator::~BlockCorrelator() = default;

std::int64_t BlockCorrelator::batch() const { return state_->device.is_cpu() ? parallelThreads() : 8; }
std::int64_t BlockCorrelator::largestSide() const { return state_->device.is_cpu() ? 160 : 320; }
Index3 BlockCorrelator::innerShape() const { return state_->inner; }

void BlockCorrelator::setBlock(std::span<const float> voxels, Index3 shape, std::int64_t margin, std::span<const float> kernel) {
    const c10::InferenceMode inference;
    State& s = *state_;
    at::Tensor block = at::from_blob(const_cast<float*>(voxels.data()), {shape.z, shape.y, shape.x}, at::kFloat).to(s.device);
    block = kernel.size() > 1 ? convolved(block, kernel) : block.clone();
    s.shape = {block.size(2), block.size(1), block.size(0)};
    s.margin = margin;
    s.inner = s.shape - Index3{2 * margin, 2 * margin, 2 * margin};
    s.spectrum = at::fft_rfftn(block);
    s.filtered = block.to(at::kDouble);
}

void BlockCorrelator::setMask(std::span<const float> mask, std::int64_t side) {
    const c10::InferenceMode inference;
    State& s = *state_;
    s.side = side;
    // In double precision: the variance is a small difference of large sums where a gold bead is near.
    const at::Tensor cube = reversedCube(mask, side).to(s.device, at::kDouble);
    const at::Tensor maskSpectrum = s.paddedSpectrum(cube);
    const double count = cube.sum().item<double>();
    const auto meanUnderMask = [&](const at::Tensor& values) {
        return s.innerVoxels(at::fft_rfftn(values) * maskSpectrum, s.margin + side / 2)[0] / count;
    };
    const at::Tensor mean = meanUnderMask(s.filtered), variance = meanUnderMask(s.filtered * s.filtered) - mean * mean;
    s.weights = at::where(variance > kFlatVariance, (variance.clamp_min(kFlatVariance).sqrt() * count).reciprocal(), at::zeros({}, variance.options()))
                    .to(at::kFloat).contiguous();
    s.maskCount = count;
    s.best = at::full({s.inner.z, s.inner.y, s.inner.x}, -1e30, at::TensorOptions(at::kFloat).device(s.device));
    s.bestTemplate = at::full({s.inner.z, s.inner.y, s.inner.x}, -1, at::TensorOptions(at::kInt).device(s.device));
}

void BlockCorrelator::State::keepBest(const std::vector<at::Tensor>& scores, std::int64_t first) {
    if (!device.is_cpu()) {
        for (std::size_t b = 0; b < scores.size(); ++b) {
            const at::Tensor score = scores[b] * weights, better = score > best + kTie;
            best = at::where(better, score, best);
            bestTemplate.masked_fill_(better, at::Scalar(first + std::int64_t(b)));
        }
        return;
    }
    parallelFor(0, inner.z, 1, [&](std::int64_t from, std::int64_t to) {
        for (std::size_t b = 0; b < scores.size(); ++b)
            for (std::int64_t z = from; z < to; ++z)
                for (std::int64_t y = 0; y < inner.y; ++y) {
                    const at::Tensor& map = scores[b];
                    const float* score = map.data_ptr<float>() + z * map.stride(0) + y * map.stride(1);
                    const std::int64_t row = inner.x * (y + inner.y * z);
                    const float* weight = weights.data_ptr<float>() + row;
                    float* kept = best.data_ptr<float>() + row;
                    std::int32_t* which = bestTemplate.data_ptr<std::int32_t>() + row;
                    const auto index = static_cast<std::int32_t>(first + std::int64_t(b));
                    for (std::int64_t x = 0; x < inner.x; ++x) {
                        const float value = score[x] * weight[x];
                        const bool better = value > kept[x] + kTie;
                        kept[x] = better ? value : kept[x];
                        which[x] = better ? index : which[x];
                    }
                }
    });
}

void BlockCorrelator::correlate(std::int64_t first, std::int64_t count, const MakeTemplate& make) {
    State& s = *state_;
    const auto size = static_cast<std::size_t>(s.side * s.side * s.side);
    std::vector<at::Tensor> cubes(static_cast<std::size_t>(count)), scores(cubes.size());
    parallelFor(0, count, 1, [&](std::int64_t from, std::int64_t to) {
        const c10::InferenceMode inference;
        std::vector<float> voxels(size);
        for (std::int64_t b = from; b < to; ++b) {
            make(first + b, voxels);
            cubes[std::size_t(b)] = reversedCube(voxels, s.side);
            if (s.device.is_cpu()) scores[std::size_t(b)] = s.correlated(cubes[std::size_t(b)])[0];
        }
    });
    const c10::InferenceMode inference;
    if (!s.device.is_cpu()) {
        const at::Tensor sums = s.correlated(at::cat(cubes).to(s.device));
        for (std::int64_t b = 0; b < count; ++b) scores[std::size_t(b)] = sums[b];
    }
    s.keepBest(scores, first);
}

std::vector<float> BlockCorrelator::correlation(std::int64_t orientation, const MakeTemplate& make) {
    const c10::InferenceMode inference;
    const State& s = *state_;
    std::vector<float> voxels(static_cast<std::size_t>(s.side * s.side * s.side));
    make(orientation, voxels);
    const at::Tensor map = (s.correlated(reversedCube(voxels, s.side).to(s.device))[0] * s.weights).cpu().contiguous();
    return {map.data_ptr<float>(), map.data_ptr<float>() + s.innerCount()};
}

std::vector<float> BlockCorrelator::bestScores() const {
    const at::Tensor map = state_->best.cpu().contiguous();
    return {map.data_ptr<float>(), map.data_ptr<float>() + state_->innerCount()};
}

std::vector<std::int32_t> BlockCorrelator::bestTemplates() const {
    const at::Tensor map = state_->bestTemplate.cpu().contiguous();
    return {map.data_ptr<std::int32_t>(), map.data_ptr<std::int32_t>() + state_->innerCount()};
}

std::vector<float> BlockCorrelator::deviations() const {
    std::vector<float> deviations(std::size_t(state_->innerCount()));
    const at::Tensor weights = state_->weights.cpu().contiguous();
    const float* weight = weights.data_ptr<float>();
    for (std::size_t i = 0; i < deviations.size(); ++i)
        deviations[i] = weight[i] > 0 ? static_cast<float>(1 / (double(weight[i]) * state_->maskCount)) : 0;
    return deviations;
}

}  // namespace tomoloupe
