#include <ATen/ATen.h>
#include <fmt/format.h>

#include "core/nn/encoder_families.h"

namespace tomoloupe {
namespace {

enum class Pooling { none, inPlane, all };

struct Stage {
    std::int64_t width;
    Pooling pooling;  ///< after the convolution; that of the last stage belongs to the tail
};

/// What tells the plain encoders apart.
struct Plan {
    std::vector<Stage> stages;   ///< 3^3 convolutions, rectified
    std::int64_t connected;      ///< width of the two connected layers
    bool padsBeforeLastPooling;  ///< by one voxel on every side along H and W
};

/// Convolutions and max-poolings in a row, flattened, then two connected layers, each followed by dropout.
class Plain3d : public LayeredEncoder {
  public:
    Plain3d(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator, const Plan& plan)
        : LayeredEncoder(generator), plan_(plan), dropout_(options.dropout) {
        std::int64_t in = 1;
        for (const Stage& stage : plan.stages) {
            names_.push_back(fmt::format("conv{}", names_.size() + 1));
            convolutions_.push_back(convolution(names_.back(), in, stage.width, 3));
            in = stage.width;
        }
        fc1_ = connected("fc1", flatSize(boxSize), plan.connected);
        fc2_ = connected("fc2", plan.connected, plan.connected);
    }

    at::Tensor features(const at::Tensor& volumes) override {
        at::Tensor x = input(volumes);
        for (std::size_t i = 0; i < convolutions_.size(); ++i) {
            const bool pooled = plan_.stages[i].pooling != Pooling::none && i + 1 < convolutions_.size();
            x = pooled ? convolvedPooled(convolutions_[i], x, window(plan_.stages[i])) : rectified(convolved(convolutions_[i], x));
            x = tapped(names_[i].c_str(), x);
        }
        return x;
    }

    at::Tensor embedFeatures(const at::Tensor& features) override {
        at::Tensor x = plan_.padsBeforeLastPooling ? at::constant_pad_nd(features, {1, 1, 1, 1, 0, 0}) : features;
        x = maxPooled(x, window(plan_.stages.back())).flatten(1);
        x = dropout(connectedRectified(fc1_, x), dropout_);
        return dropout(connectedRectified(fc2_, x), dropout_).to(at::kFloat);
    }

    std::int64_t embedSize() const override { return plan_.connected; }
    std::vector<std::string> layerNames() const override { return names_; }

  private:
    static Window window(const Stage& stage) {
        const std::int64_t depth = stage.pooling == Pooling::all ? 2 : 1, plane = stage.pooling == Pooling::none ? 1 : 2;
        return {depth, plane, plane};
    }

    /// Length of what the tail flattens.
    std::int64_t flatSize(std::int64_t boxSize) const {
        std::int64_t depth = boxSize, side = boxSize;
        for (std::size_t i = 0; i < plan_.stages.size(); ++i) {
            if (plan_.padsBeforeLastPooling && i + 1 == plan_.stages.size()) side += 2;
            depth /= window(plan_.stages[i])[0];
            side /= window(plan_.stages[i])[1];
        }
        return plan_.stages.back().width * depth * side * side;
    }

    Plan plan_;
    double dropout_;
    std::vector<std::string> names_;
    std::vector<Layer> convolutions_;
    Layer fc1_, fc2_;
};

}  // namespace

std::shared_ptr<LayeredEncoder> makeCb3d(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator) {
    const Plan plan{.stages = {{64, Pooling::inPlane}, {128, Pooling::all}, {256, Pooling::none}, {256, Pooling::all},
                               {512, Pooling::none}, {512, Pooling::all}, {512, Pooling::none}, {512, Pooling::all}},
                    .connected = 4096,
                    .padsBeforeLastPooling = true};
    return std::make_shared<Plain3d>(options, boxSize, generator, plan);
}

std::shared_ptr<LayeredEncoder> makeDsrf3dV2(const EncoderOptions& options, std::int64_t boxSize, const at::Generator& generator) {
    const Plan plan{.stages = {{32, Pooling::none}, {32, Pooling::all}, {64, Pooling::none}, {64, Pooling::all}, {128, Pooling::none},
                               {128, Pooling::all}},
                    .connected = 1024,
                    .padsBeforeLastPooling = false};
    return std::make_shared<Plain3d>(options, boxSize, generator, plan);
}

}  // namespace tomoloupe
