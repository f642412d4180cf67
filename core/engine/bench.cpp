#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/engine/run_jobs.h"
#include "core/nn/compute.h"
#include "core/ssl/augmentation.h"
#include "core/ssl/moco.h"
#include "core/train/optimiser.h"

namespace tomoloupe {
namespace {

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

}  // namespace

std::string benchTraining(const std::string& optionsJson) {
    const nlohmann::json wish = nlohmann::json::parse(optionsJson);
    const at::Device device = chooseDevice(wish.value("device", "cpu"));
    prepareComputeThread();
    if (const int threads = wish.value("threads", 0); threads > 0) at::set_num_threads(threads);
    const std::int64_t box = wish.value("box", 32);
    const int repeats = wish.value("repeats", 7);
    PretrainOptions options;
    options.batchSize = wish.value("batch", 16);
    options.queueSize = options.batchSize * 8;
    options = options.resolved();
    constexpr std::int64_t kInferenceBatch = 64;

    const at::Generator generator = makeGenerator(at::kCPU, 1);
    const at::Tensor volumes = at::empty({kInferenceBatch, 1, box, box, box}).normal_(0, 1, generator).to(device);
    const at::Tensor batch = volumes.narrow(0, 0, options.batchSize).contiguous();
    std::uint64_t seed = 0;
    const double augmentation = medianMilliseconds(repeats * 3, [&] {
        at::NoGradGuard noGrad;
        augment(batch, options.augmentation, ++seed).sum().item<float>();
    });

    Moco method(options, box, 1, device);
    const auto optimiser = makeAdam(method.embedParameters(), options.weightDecay, method.followers());
    const double step = medianMilliseconds(repeats, [&] {
        const LossValue result = method.loss(method.embed(batch, ++seed, 0));
        result.loss.backward();
        optimiser->step(options.learningRate, options.momentum);
        method.afterStep();
        result.loss.item<float>();
    });

    method.encoder()->eval();
    const double inference = medianMilliseconds(repeats, [&] {
        at::NoGradGuard noGrad;
        method.encoder()->embed(volumes).sum().item<float>();
    });
    return nlohmann::json{{"augmentation_ms", augmentation},
                          {"augmentation_volumes_per_s", 1000 * options.batchSize / augmentation},
                          {"step_ms", step},
                          {"step_volumes_per_s", 1000 * options.batchSize / step},
                          {"inference_ms", inference},
                          {"inference_volumes_per_s", 1000 * double(kInferenceBatch) / inference},
                          {"batch", options.batchSize},
                          {"box", box},
                          {"device", device.str()},
                          {"threads", at::get_num_threads()},
                          {"blas", blasName()},
                          {"libtorch", TORCH_VERSION}}
        .dump();
}

}  // namespace tomoloupe
