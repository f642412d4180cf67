#include "core/fourier/plane_filter.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/fft_fft.h>
#include <ATen/ops/fft_ifft.h>
#include <ATen/ops/fft_irfft2.h>
#include <ATen/ops/fft_rfft2.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cstring>

#include "core/fourier/parallel.h"

namespace tomoloupe {
namespace {

using Complex = std::complex<float>;

constexpr std::int64_t kVoxelsAtATime = 1 << 18;  // about what a core's cache holds
constexpr std::int64_t kColumnsAtATime = 64;

class Run {
  public:
    Run(const PlaneFilter& filter, Spectrum& spectrum)
        : filter_(filter), spectrum_(spectrum), shape_(filter.shape), plane_(shape_.y * (shape_.x / 2 + 1)) {}

    void run() {
        const std::int64_t planes = std::max<std::int64_t>(1, kVoxelsAtATime / (shape_.x * shape_.y));
        inParts(shape_.z, planes, 0, [this](std::int64_t first, std::int64_t last) { forward(first, last); });
        inParts(plane_, kColumnsAtATime, 1, [this](std::int64_t first, std::int64_t last) { alongZ(first, last); });
        inParts(shape_.z, planes, 2, [this](std::int64_t first, std::int64_t last) { back(first, last); });
    }

  private:
    /// Works through `count` items, `atATime` a call, and looks up every few calls.
    void inParts(std::int64_t count, std::int64_t atATime, int stage, const std::function<void(std::int64_t, std::int64_t)>& work) {
        const std::int64_t batch = atATime * parallelThreads() * 4;
        for (std::int64_t start = 0; start < count; start += batch) {
            filter_.stop.throwIfCancelled();
            const std::int64_t end = std::min(count, start + batch), parts = (end - start + atATime - 1) / atATime;
            parallelFor(0, parts, 1, [&](std::int64_t first, std::int64_t last) {
                for (std::int64_t part = first; part < last; ++part)
                    work(start + part * atATime, std::min(end, start + (part + 1) * atATime));
            });
            if (filter_.progress) filter_.progress((stage + double(end) / double(count)) / 3);
        }
    }

    void forward(std::int64_t first, std::int64_t last) {
        std::vector<float> voxels(std::size_t((last - first) * shape_.x * shape_.y));
        filter_.make(first, voxels);
        const at::Tensor planes = at::from_blob(voxels.data(), {last - first, shape_.y, shape_.x}, at::kFloat);
        const at::Tensor transformed = at::fft_rfft2(planes).contiguous();  // [D, H, W/2 + 1]
        std::memcpy(spectrum_.data() + first * plane_, transformed.data_ptr(), std::size_t((last - first) * plane_) * sizeof(Complex));
    }

    void alongZ(std::int64_t first, std::int64_t last) {
        const std::int64_t columns = last - first, width = shape_.x / 2 + 1;
        std::vector<float> factors(std::size_t(columns * shape_.z));
        for (std::int64_t c = 0; c < columns; ++c)
            filter_.factors((first + c) % width, (first + c) / width, std::span(factors).subspan(std::size_t(c * shape_.z), std::size_t(shape_.z)));
        if (std::ranges::all_of(factors, [](float factor) { return factor == 0; })) {  // most of them, where the filter is a low-pass
            for (std::int64_t z = 0; z < shape_.z; ++z) std::fill_n(spectrum_.begin() + z * plane_ + first, columns, Complex());
            return;
        }
        std::vector<Complex> turned(std::size_t(columns * shape_.z));
        for (std::int64_t z = 0; z < shape_.z; ++z)
            for (std::int64_t c = 0; c < columns; ++c) turned[std::size_t(c * shape_.z + z)] = spectrum_[std::size_t(z * plane_ + first + c)];
        const at::Tensor lines = at::from_blob(turned.data(), {columns, shape_.z}, at::kComplexFloat);
        at::Tensor transformed = at::fft_fft(lines).contiguous();  // [columns, D]
        auto* values = static_cast<Complex*>(transformed.data_ptr());
        for (std::size_t i = 0; i < factors.size(); ++i) values[i] *= factors[i];
        const at::Tensor filtered = at::fft_ifft(transformed).contiguous();
        const auto* result = static_cast<const Complex*>(filtered.data_ptr());
        for (std::int64_t z = 0; z < shape_.z; ++z)
            for (std::int64_t c = 0; c < columns; ++c) spectrum_[std::size_t(z * plane_ + first + c)] = result[c * shape_.z + z];
    }

    void back(std::int64_t first, std::int64_t last) {
        const at::Tensor planes =
            at::from_blob(spectrum_.data() + first * plane_, {last - first, shape_.y, shape_.x / 2 + 1}, at::kComplexFloat);
        const at::Tensor voxels = at::fft_irfft2(planes, at::IntArrayRef({shape_.y, shape_.x})).contiguous();
        filter_.take(first, {voxels.data_ptr<float>(), std::size_t((last - first) * shape_.x * shape_.y)});
    }

    const PlaneFilter& filter_;
    Spectrum& spectrum_;
    Index3 shape_;
    std::int64_t plane_;  // coefficients
};

}  // namespace

void filterPlanes(const PlaneFilter& filter, Spectrum& workspace) {
    workspace.resize(std::size_t(spectrumSize(filter.shape)));
    Run(filter, workspace).run();
}

}  // namespace tomoloupe
