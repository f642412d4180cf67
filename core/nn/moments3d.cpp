#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/nn/encoder_families.h"

namespace tomoloupe {
namespace {

struct Band {
    float centre, width;  ///< of a Gaussian over spatial frequency, as parts of Nyquist
};
constexpr std::array<Band, 7> kBands{{{0.0625f, 0.0375f}, {0.125f, 0.0375f}, {0.1875f, 0.044f}, {0.2625f, 0.05f}, {0.356f, 0.0625f}, {0.469f, 0.075f}, {0.594f, 0.0875f}}};
constexpr std::int64_t kBandCount = std::ssize(kBands);
/// Standard deviations of the windows about the middle, as parts of the side: within a centred particle, about it, and its surroundings.
constexpr std::array<double, 3> kWindows{3.0 / 32, 5.0 / 32, 8.0 / 32};
constexpr std::int64_t kPairs = kBandCount * (kBandCount + 1) / 2;  // of bands, each with itself too
constexpr std::int64_t kOfWindow = kBandCount + kBandCount * kBandCount + kPairs, kMoments = std::ssize(kWindows) * kOfWindow;
constexpr std::int64_t kEmbed = 256;  // more than there are moments: nothing is lost
/// Keep logarithm and quotient finite where a band is empty; a standardised volume has power 1 in all bands together.
constexpr double kLogFloor = 1e-5, kPowerFloor = 1e-6;

/// Side of the smallest grid, an even one, that holds what is below three quarters of Nyquist.
std::int64_t keptSide(std::int64_t side) { return 2 * ((3 * side + 7) / 8); }

/// Along one axis of a transform of `side`: the lowest `kept` frequencies, in the order of a transform of `kept`.
at::Tensor lowFrequencies(const at::Tensor& spectrum, std::int64_t axis, std::int64_t kept) {
    const std::int64_t half = kept / 2, side = spectrum.size(axis);
    return at::cat({spectrum.narrow(axis, 0, half), spectrum.narrow(axis, side - half, half)}, axis);
}

/// What is left of a particle when turn and small shifts do not matter, without learning: the volume in seven isotropic bands of frequency
/// b_i; in three Gaussian windows about the middle the logarithm of each band's power <b_i^2>, the third moments <b_i b_j^2> over the
/// powers, which tell how a band's sign goes with another's strength: shape, of which power knows nothing, and the logarithm of the fourth
/// moments <b_i^2 b_j^2> over the powers, which tell how strengths keep together. One learnt matrix maps these to the representation;
/// learning without labels turns it to what views of one particle share. Grad-CAM at "moments" is exact to first order: moments are sums
/// over voxels, and the map shows what each voxel adds to them.
class Moments3d : public LayeredEncoder {
  public:
    Moments3d(const EncoderOptions& options, const at::Generator& generator)
        : LayeredEncoder(generator), dropout_(options.dropout), map_(connected("map", kMoments, kEmbed)) {}

    /// [N, 14, S, S, S]: the bands and their squares, on a grid of three quarters of the side.
    at::Tensor features(const at::Tensor& volumes) override {
        const std::int64_t side = volumes.size(2), kept = keptSide(side);
        if (volumes.is_meta()) return tapped("bands", at::empty({volumes.size(0), 2 * kBandCount, kept, kept, kept}, volumes.options()));
        at::Tensor spectrum = at::fft_rfftn(volumes.to(at::kFloat).squeeze(1), {}, at::IntArrayRef({1, 2, 3}));
        spectrum = lowFrequencies(lowFrequencies(spectrum, 1, kept), 2, kept).narrow(3, 0, kept / 2 + 1);
        const double scale = double(kept * kept * kept) / double(side * side * side);
        const at::Tensor filters = bandFilters(side, kept, volumes.device()) * scale;
        const at::Tensor bands = at::fft_irfftn(spectrum.unsqueeze(1) * filters, at::IntArrayRef({kept, kept, kept}), at::IntArrayRef({2, 3, 4}));
        return tapped("bands", at::cat({bands, bands.square()}, 1));
    }

    at::Tensor embedFeatures(const at::Tensor& features) override {
        const at::Tensor found = isWatched() ? tapped("moments", parts(features)).flatten(2).sum(2) : sums(features);
        return dropout(connectedLinear(map_, moments(found)), dropout_);
    }

    std::int64_t embedSize() const override { return kEmbed; }
    std::vector<std::string> layerNames() const override { return {"bands", "moments"}; }
    bool takesAnyBox() const override { return true; }

  private:
    /// [bands, S, S, S/2+1], real.
    static at::Tensor bandFilters(std::int64_t side, std::int64_t kept, const at::Device& device) {
        const at::TensorOptions options = at::TensorOptions().device(device);
        const double step = 1.0 / double(kept);
        const at::Tensor whole = at::fft_fftfreq(kept, step, options), half = at::fft_rfftfreq(kept, step, options);
        const at::Tensor radius = (whole.square().view({-1, 1, 1}) + whole.square().view({1, -1, 1}) + half.square().view({1, 1, -1})).sqrt();
        std::vector<at::Tensor> filters;
        for (const Band& band : kBands) filters.push_back(((radius * (2.0 / double(side)) - band.centre) / band.width).square().mul(-0.5).exp());
        return at::stack(filters) * (radius < double(kept / 2));  // the last frequency of the grid has no partner
    }

    /// Of each window <b_i^2>, then <b_i b_j^2>, then <b_i^2 b_j^2> of each pair; [N, kMoments].
    at::Tensor sums(const at::Tensor& features) {
        if (features.is_meta()) {
            countMultiplyAdds(features.size(0) * kMoments * features[0][0].numel());
            return at::empty({features.size(0), kMoments}, features.options());
        }
        const at::Tensor bands = features.narrow(1, 0, kBandCount).flatten(2), squares = features.narrow(1, kBandCount, kBandCount).flatten(2);
        std::vector<at::Tensor> found;
        for (const double deviation : kWindows) {
            const at::Tensor window = centredWindow(features.size(2), deviation, features.options());  // [S^3], sums to 1
            found.push_back(at::matmul(squares, window));
            found.push_back(at::bmm(bands * window, squares.transpose(1, 2)).flatten(1));
            found.push_back(pairsOf(at::bmm(squares * window, squares.transpose(1, 2)), 1));
        }
        return at::cat(found, 1);
    }

    /// What each voxel adds to these, [N, kMoments, S, S, S]: large, for explanations alone.
    at::Tensor parts(const at::Tensor& features) {
        const at::Tensor bands = features.narrow(1, 0, kBandCount), squares = features.narrow(1, kBandCount, kBandCount);
        std::vector<at::Tensor> found;
        for (const double deviation : kWindows) {
            const at::Tensor window = centredWindow(features.size(2), deviation, features.options()).view(features.sizes().slice(2));
            found.push_back(squares * window);
            found.push_back(((bands * window).unsqueeze(2) * squares.unsqueeze(1)).flatten(1, 2));
            found.push_back(pairsOf((squares * window).unsqueeze(2) * squares.unsqueeze(1), 1));
        }
        return at::cat(found, 1);
    }

    /// Of a table over two bands, at `axis` and the next, each pair once, the first not after the second: kPairs at `axis`.
    static at::Tensor pairsOf(const at::Tensor& table, std::int64_t axis) {
        std::vector<at::Tensor> rows;
        for (std::int64_t i = 0; i < kBandCount; ++i) rows.push_back(table.select(axis, i).narrow(axis, i, kBandCount - i));
        return at::cat(rows, axis);
    }

    /// Logarithms of the powers, third moments over them and logarithms of fourth moments over them, in the order of the sums.
    static at::Tensor moments(const at::Tensor& sums) {
        const at::Tensor windows = sums.view({sums.size(0), std::ssize(kWindows), kOfWindow});
        const std::vector<at::Tensor> ofWindow = windows.split_with_sizes({kBandCount, kBandCount * kBandCount, kPairs}, 2);
        const at::Tensor &power = ofWindow[0], &third = ofWindow[1], &fourth = ofWindow[2];
        const at::Tensor floored = power + kPowerFloor, spread = floored.sqrt();
        const at::Tensor scale = (spread.unsqueeze(3) * floored.unsqueeze(2)).flatten(2);
        const at::Tensor powers = pairsOf(floored.unsqueeze(3) * floored.unsqueeze(2), 2);
        return at::cat({(power + kLogFloor).log(), third / scale, (fourth / powers + kLogFloor).log()}, 2).flatten(1);
    }

    double dropout_;
    Layer map_;
};

}  // namespace

std::shared_ptr<LayeredEncoder> makeMoments3d(const EncoderOptions& options, std::int64_t, const at::Generator& generator) {
    return std::make_shared<Moments3d>(options, generator);
}

}  // namespace tomoloupe
