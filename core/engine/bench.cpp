#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/error.h"
#include "core/engine/run_jobs.h"
#include "core/nn/compute.h"
#include "core/ssl/augmentation.h"
#include "core/ssl/pretrain_method.h"
#include "core/train/optimiser.h"

namespace tomoloupe {
namespace {

constexpr std::int64_t kInferenceBatch = 64;

/// Median of the repeats after two warm-up calls, in milliseconds.
double medianMilliseconds(int repeats, const std::function<void()>& work) {
    std::vector<double> times;
    for (int i = -2; i < repeats; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        if (i >= 0) times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::nth_element(times.begin(), times.begin() + std::ptrdiff_t(times.size() / 2), times.end());
    return times[times.size() / 2];
}

/// What this machine reaches at most, measured: multiply-adds a second of a convolution as wide as the encoder's or of a matrix
/// product, whichever is quicker, and bytes read and written a second when copying.
struct PeakRates {
    double multiplyAdds = 0, bytes = 0;
};

PeakRates measurePeaks(const at::Device& device, at::ScalarType type) {
    at::NoGradGuard noGrad;
    const auto options = at::TensorOptions(device).dtype(type);
    const auto wait = [](const at::Tensor& x) { (void)x.flatten()[0].item<float>(); };
    const at::Tensor maps = at::ones({16, 64, 16, 16, 16}, options), kernels = at::ones({64, 64, 3, 3, 3}, options);
    const double convolution = medianMilliseconds(5, [&] { wait(at::conv3d(maps, kernels, {}, 1, {1, 1, 1})); });
    const at::Tensor square = at::ones({2048, 2048}, options);
    const double product = medianMilliseconds(5, [&] { wait(at::mm(square, square)); });
    const at::Tensor source = at::ones({64 << 20}, at::TensorOptions(device)), target = at::empty_like(source);
    const double copy = medianMilliseconds(5, [&] { wait(at::Tensor(target).copy_(source)); });
    return {1000 * std::max(16.0 * 4096 * 64 * 64 * 27 / convolution, 2048.0 * 2048 * 2048 / product), 1000 * 2.0 * double(source.nbytes()) / copy};
}

/// What a training step cannot do without: multiply-adds (a backward pass costs two forward passes) and the traffic of the weights
/// alone, read by every forward pass and the backward pass, their gradients, moments and slow copies.
struct StepFloor {
    double multiplyAdds = 0, bytes = 0;
};

StepFloor floorOf(const PretrainMethod& method, const PretrainOptions& options, std::int64_t box) {
    const EncoderCost cost = encoderCost(options.encoder, box);
    const double weights = 4 * double(cost.parameters), batch = options.batchSize;
    const bool slowCopy = !method.followers().empty();
    const double learning = options.method == "moco" ? 1 : 2 + options.localCrops;  // views that gradients come through
    const double fixed = slowCopy ? learning : 0;
    const double moments = options.optimiser == "adam" ? 2 : 1;
    return {batch * double(cost.multiplyAdds) * (3 * learning + fixed),
            weights * (1 + 1 + 1 + (slowCopy ? 3 : 0) + 1 + 2 + 2 * moments)};
}

class Bench {
  public:
    explicit Bench(const nlohmann::json& wish)
        : device_(chooseDevice(wish.value("device", "cpu"))), box_(wish.value("box", 32)), repeats_(wish.value("steps", 7)) {
        prepareComputeThread();
        if (const int threads = wish.value("threads", 0); threads > 0) at::set_num_threads(threads);
        options_.encoder.name = wish.value("encoder", options_.encoder.name);
        options_.method = wish.value("method", options_.method);
        options_.trainer.precision = wish.value("precision", options_.trainer.precision);
        options_.batchSize = wish.value("batch", options_.batchSize);
        options_.queueSize = 8 * options_.batchSize;
        check(options_.describe());
        options_ = options_.resolved();
        precision_ = choosePrecision(options_.trainer, device_);
        volumes_ = at::empty({std::max<std::int64_t>(kInferenceBatch, options_.batchSize), 1, box_, box_, box_})
                       .normal_(0, 1, makeGenerator(at::kCPU, 1))
                       .to(device_);
    }

    nlohmann::json run() {
        const auto method = makeMethod(options_, box_, 1, device_);
        method->encoder()->setPrecision(precision_);
        const double augmentation = timeAugmentation(), step = timeStep(*method), inference = timeInference(*method);
        const PeakRates peak = measurePeaks(device_, precision_);
        const StepFloor floor = floorOf(*method, options_, box_);
        const double forward = double(kInferenceBatch) * double(encoderCost(options_.encoder, box_).multiplyAdds);
        const auto perSecond = [](double count, double milliseconds) { return 1000 * count / milliseconds; };
        return {{"augmentation_ms", augmentation},
                {"augmentation_volumes_per_s", perSecond(options_.batchSize, augmentation)},
                {"step_ms", step},
                {"step_volumes_per_s", perSecond(options_.batchSize, step)},
                {"step_floor_arithmetic_ms", 1000 * floor.multiplyAdds / peak.multiplyAdds},
                {"step_floor_bytes_ms", 1000 * floor.bytes / peak.bytes},
                {"inference_ms", inference},
                {"inference_volumes_per_s", perSecond(kInferenceBatch, inference)},
                {"inference_floor_arithmetic_ms", 1000 * forward / peak.multiplyAdds},
                {"peak_gmac_per_s", peak.multiplyAdds / 1e9},
                {"peak_gbyte_per_s", peak.bytes / 1e9},
                {"encoder", options_.encoder.name},
                {"method", options_.method},
                {"precision", precision_ == at::kFloat ? "float32" : "bfloat16"},
                {"batch", options_.batchSize},
                {"box", box_},
                {"device", device_.str()},
                {"threads", at::get_num_threads()},
                {"blas", blasName()},
                {"libtorch", TORCH_VERSION}};
    }

  private:
    [[nodiscard]] at::Tensor batch() const { return volumes_.narrow(0, 0, options_.batchSize); }

    double timeAugmentation() {
        at::NoGradGuard noGrad;
        return medianMilliseconds(3 * repeats_, [&] { (void)augment(batch(), options_.augmentation, ++seed_).sum().item<float>(); });
    }

    double timeStep(PretrainMethod& method) {
        std::vector<at::Tensor> parameters = method.embedParameters();
        for (const at::Tensor& parameter : method.lossParameters()) parameters.push_back(parameter);
        const auto make = options_.optimiser == "lars" ? makeLars : makeAdam;
        const auto optimiser = make(parameters, options_.weightDecay, method.followers());
        StepPosition position{.epoch = 0, .step = 0, .steps = 1000000};
        return medianMilliseconds(repeats_, [&] {
            method.beginStep(position);
            const LossValue value = method.loss(method.embed(batch(), ++seed_, 0));
            value.loss.backward();
            optimiser->step(options_.learningRate, method.followerMomentum(position));
            method.afterStep();
            ++position.step;
            (void)value.loss.item<float>();
        });
    }

    double timeInference(PretrainMethod& method) const {
        at::NoGradGuard noGrad;
        method.encoder()->eval();
        return medianMilliseconds(repeats_, [&] { (void)method.encoder()->embed(volumes_.narrow(0, 0, kInferenceBatch)).sum().item<float>(); });
    }

    at::Device device_;
    std::int64_t box_;
    int repeats_;
    PretrainOptions options_;
    at::ScalarType precision_ = at::kFloat;
    at::Tensor volumes_;
    std::uint64_t seed_ = 0;
};

}  // namespace

std::string benchTraining(const std::string& optionsJson) { return Bench(nlohmann::json::parse(optionsJson)).run().dump(); }

}  // namespace tomoloupe
