#include <ATen/ATen.h>

#include "core/nn/encoder_families.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kFilters = 32;
constexpr std::int64_t kSide = 9;
/// Keeps the logarithm finite where a filter finds next to nothing; a standardised volume has about 1 in all bands together.
constexpr double kFloor = 1e-3;

/// A bank of learnt filters, and nothing else: the volume averaged over 2^3 voxels, 32 filters of 9^3 voxels of that size, the power each
/// of them finds about the middle of the box, as a logarithm. Neither where a particle lies within the middle nor how it is turned
/// changes much of this once the filters are learnt, and with so few weights few particles teach them.
class BandPower3d : public LayeredEncoder {
  public:
    BandPower3d(const EncoderOptions& options, const at::Generator& generator)
        : LayeredEncoder(generator), dropout_(options.dropout), filters_(convolution("filters", 1, kFilters, kSide)) {}

    at::Tensor features(const at::Tensor& volumes) override {
        return tapped("power", convolved(filters_, halved(input(volumes))).square());  // [N, 32, D/2, H/2, W/2]
    }

    at::Tensor embedFeatures(const at::Tensor& features) override {
        return dropout((averagedAboutCentre(features.to(at::kFloat)) + kFloor).log(), dropout_);
    }

    std::int64_t embedSize() const override { return kFilters; }
    std::vector<std::string> layerNames() const override { return {"power"}; }
    bool takesAnyBox() const override { return true; }

  private:
    double dropout_;
    Layer filters_;
};

}  // namespace

std::shared_ptr<LayeredEncoder> makeBandPower3d(const EncoderOptions& options, std::int64_t, const at::Generator& generator) {
    return std::make_shared<BandPower3d>(options, generator);
}

}  // namespace tomoloupe
