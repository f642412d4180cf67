#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/error.h"
#include "core/engine/run_jobs.h"
#include "core/nn/compute.h"
#include "core/train/finetune_task.h"
#include "core/train/pretrain_task.h"

namespace tomoloupe {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t kFewestSteps = 3, kMostSteps = 20;  // the first is not counted
constexpr double kEnoughSeconds = 3;
constexpr double kBudgetBytes = 4.0 * (1ull << 30);  // volumes held at once, as in run_data.cpp
constexpr std::int64_t kInferenceBatch = 64;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// The largest memory that this process ever had.
double peakBytes() {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("VmHWM:", 0) != 0) continue;
        std::istringstream words(line.substr(6));
        double kilobytes = 0;
        words >> kilobytes;
        return kilobytes * 1024;
    }
    return 0;
}

/// Free and total memory of the card that this thread works on; asked of the driver, which LibTorch has loaded.
bool cardMemory(std::size_t& free, std::size_t& total) {
    void* driver = ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
    if (!driver) return false;
    const auto ask = reinterpret_cast<int (*)(std::size_t*, std::size_t*)>(::dlsym(driver, "cuMemGetInfo_v2"));
    return ask && ask(&free, &total) == 0;
}

std::string cardTitle(int index) {
    void* driver = ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
    const auto name = driver ? reinterpret_cast<int (*)(char*, int, int)>(::dlsym(driver, "cuDeviceGetName")) : nullptr;
    char text[256] = "";
    return name && name(text, sizeof text, index) == 0 ? text : "graphics card";
}

/// What is tried: steps on made-up particles, since neither speed nor memory hangs on what they show.
class Trial {
  public:
    Trial(const nlohmann::json& wish, const StopToken& stop)
        : stop_(stop), pretrain_(wish.value("kind", "") != "finetune"), box_(wish.at("box")), particles_(wish.at("particles")) {
        if (pretrain_)
            readPretraining(wish);
        else
            readFinetuning(wish);
    }

    nlohmann::json run() {
        std::size_t freeBefore = 0, total = 0;
        if (device_.is_cuda()) (void)at::empty({1}, at::TensorOptions(device_));  // so that the card has a context
        const bool card = device_.is_cuda() && cardMemory(freeBefore, total);
        makeTask();
        const double step = measureSteps();
        const double judged = judgedSeconds();
        std::size_t freeAfter = freeBefore;
        if (card) (void)cardMemory(freeAfter, total);
        const double epoch = step * double(stepsPerEpoch_) + judged;
        const double volume = 4.0 * double(box_ * box_ * box_), whole = volume * double(particles_);
        const double held = whole <= kBudgetBytes ? whole - volume * double(volumes_->count()) : 0;
        return {{"step_seconds", step},
                {"steps_per_epoch", stepsPerEpoch_},
                {"steps", steps_},
                {"seconds", epoch * epochs_},
                {"memory_bytes", peakBytes() + (card ? 0 : std::max(0.0, held))},
                {"device_memory_bytes", card ? double(freeBefore - std::min(freeBefore, freeAfter)) + std::max(0.0, held) : 0.0},
                {"device", device_.str()},
                {"precision", precision_ == at::kFloat ? "float32" : "bfloat16"}};
    }

  private:
    void readPretraining(const nlohmann::json& wish) {
        fromJson(pretrainOptions_.describe(), wish.at("options"));
        pretrainOptions_ = pretrainOptions_.resolved();
        pretrainOptions_.augmentation.voxelSizeAngstrom = wish.value("voxel", 10.0);
        useTrainer(pretrainOptions_.trainer);
        epochs_ = pretrainOptions_.epochs;
        stepsPerEpoch_ = std::max<std::int64_t>(1, particles_ / pretrainOptions_.batchSize);
        batch_ = pretrainOptions_.batchSize;
    }
    void readFinetuning(const nlohmann::json& wish) {
        fromJson(finetuneOptions_.describe(), wish.at("options"));
        finetuneOptions_.check();
        finetuneOptions_.augmentation.voxelSizeAngstrom = wish.value("voxel", 10.0);
        useTrainer(finetuneOptions_.trainer);
        epochs_ = finetuneOptions_.epochs;
        batch_ = finetuneOptions_.batchSize;
        const std::int64_t train = wish.value("train", particles_ * 3 / 5);
        stepsPerEpoch_ = std::max<std::int64_t>({1, (train + batch_ - 1) / batch_, finetuneOptions_.minimumSteps});
        validation_ = wish.value("validation", particles_ / 5);
        classes_ = std::max<std::int64_t>(2, wish.value("classes", std::int64_t(2)));
    }
    void useTrainer(const TrainerSettings& settings) {
        device_ = chooseDevice(settings.device);
        precision_ = choosePrecision(settings, device_);
        microBatch_ = settings.microBatch;
    }

    void makeTask() {
        const at::Generator generator = makeGenerator(at::kCPU, 1);
        const Index3 shape{box_, box_, box_};
        const std::int64_t count = std::max<std::int64_t>(2 * batch_, 2 * classes_);
        volumes_ = std::make_unique<VolumeBatches>(
            count, shape,
            [&](std::int64_t) {
                const at::Tensor made = at::empty({shape.product()}).normal_(0, 1, generator);
                return Volume(shape, std::vector<float>(made.data_ptr<float>(), made.data_ptr<float>() + shape.product()), 10);
            },
            device_, std::int64_t(kBudgetBytes));
        if (pretrain_) {
            method_ = makeMethod(pretrainOptions_, box_, 1, device_);
            method_->encoder()->setPrecision(precision_);
            task_ = std::make_unique<PretrainTask>(*method_, *volumes_, batch_, 1);
            std::vector<at::Tensor> parameters = method_->embedParameters();
            for (const at::Tensor& parameter : method_->lossParameters()) parameters.push_back(parameter);
            const auto make = pretrainOptions_.optimiser == "lars" ? makeLars : makeAdam;
            optimiser_ = make(std::move(parameters), pretrainOptions_.weightDecay, method_->followers());
            return;
        }
        ModelManifest manifest;
        manifest.encoder = finetuneOptions_.encoder;
        manifest.boxSize = box_;
        LabelledVolumes data{volumes_.get(), {}, {}, {}};
        for (std::int64_t c = 0; c < classes_; ++c) manifest.classes.push_back(std::to_string(c));
        for (std::int64_t i = 0; i < count; ++i) {
            data.labels.push_back(int(i % classes_));
            data.train.push_back(i);
        }
        finetuneOptions_.pseudoLabels = false;
        model_ = makeModel(std::move(manifest), 1, device_);
        model_.encoder->setPrecision(precision_);
        auto task = std::make_unique<FinetuneTask>(model_, std::move(data), finetuneOptions_, 1, device_);
        optimiser_ = makeSgd(task->parameters(), finetuneOptions_.momentum, finetuneOptions_.weightDecay);
        task_ = std::move(task);
    }

    /// Median seconds of a step.
    double measureSteps() {
        std::vector<double> times;
        const auto begin = Clock::now();
        const StepLimits limits{.microBatch = microBatch_, .interrupt = [this] { stop_.throwIfCancelled(); }};
        while (std::int64_t(times.size()) < kFewestSteps || (std::int64_t(times.size()) < kMostSteps && secondsSince(begin) < kEnoughSeconds)) {
            stop_.throwIfCancelled();
            const auto start = Clock::now();
            const std::int64_t step = std::int64_t(times.size());
            const StepPosition position{.epoch = step / task_->stepsPerEpoch(), .step = step, .steps = stepsPerEpoch_ * epochs_};
            const StepResult result = task_->step(position, limits);
            optimiser_->step(1e-5, task_->followerMomentum(position));
            task_->afterStep();
            (void)result.loss.item<float>();  // waits for the card
            times.push_back(secondsSince(start));
        }
        steps_ = std::int64_t(times.size());
        times.erase(times.begin());  // memory is taken and kernels are chosen in the first
        std::nth_element(times.begin(), times.begin() + std::ptrdiff_t(times.size() / 2), times.end());
        return times[times.size() / 2];
    }

    /// What an epoch takes beside its steps: validation, or looks at the representation (method.md: of all particles, twice).
    double judgedSeconds() {
        const double looks = pretrain_ ? (pretrainOptions_.trainer.monitorEpochs > 0 ? 2.0 * double(std::min<std::int64_t>(particles_, 2048)) / pretrainOptions_.trainer.monitorEpochs : 0)
                                       : double(validation_);
        if (looks <= 0) return 0;
        stop_.throwIfCancelled();
        const at::NoGradGuard noGrad;
        Encoder& encoder = pretrain_ ? *method_->encoder() : *model_.encoder;
        encoder.eval();
        std::vector<std::int64_t> some(std::size_t(std::min(kInferenceBatch, volumes_->count())));
        for (std::size_t i = 0; i < some.size(); ++i) some[i] = std::int64_t(i);
        const auto start = Clock::now();
        (void)encoder.embed(volumes_->batch(some)).sum().item<float>();
        return secondsSince(start) / double(some.size()) * looks;
    }

    StopToken stop_;
    bool pretrain_;
    std::int64_t box_, particles_;
    PretrainOptions pretrainOptions_;
    FinetuneOptions finetuneOptions_;
    at::Device device_ = at::kCPU;
    at::ScalarType precision_ = at::kFloat;
    std::int64_t microBatch_ = 0, batch_ = 1, epochs_ = 1, stepsPerEpoch_ = 1, steps_ = 0, validation_ = 0, classes_ = 2;
    std::unique_ptr<VolumeBatches> volumes_;
    std::unique_ptr<PretrainMethod> method_;
    Model model_;
    std::unique_ptr<TrainingTask> task_;
    std::unique_ptr<Optimiser> optimiser_;
};

/// Whether larger boxes take more weights; one model then takes one box alone.
bool weightsGrow(const EncoderOptions& options) {
    return encoderCost(options, 16).parameters != encoderCost(options, 32).parameters;
}

}  // namespace

std::string measureTraining(const std::string& wishJson, const StopToken& stop) {
    prepareComputeThread();
    try {
        return Trial(nlohmann::json::parse(wishJson), stop).run().dump();
    } catch (const nlohmann::json::exception& cause) {
        throw InvalidOptions(fmt::format("What to try is not told as expected: {}", cause.what()));
    } catch (const c10::Error& error) {
        const std::string what = error.what_without_backtrace();
        throw Error(fmt::format("The trial failed in LibTorch: {}", what.substr(0, what.find('\n'))));
    } catch (const std::bad_alloc&) {
        throw Error("There is not enough memory for a single step; choose a smaller batch size, box or encoder");
    }
}

std::string describeEncoders(std::int64_t boxSize) {
    nlohmann::json all = nlohmann::json::array();
    for (const EncoderKind& kind : encoderKinds()) {
        EncoderOptions options;
        options.name = kind.name;
        nlohmann::json one{{"name", kind.name}, {"when", kind.whenToChoose}};
        try {
            const EncoderCost cost = encoderCost(options, boxSize);
            one["parameters"] = cost.parameters;
            one["multiply_adds"] = cost.multiplyAdds;
            one["any_box"] = !weightsGrow(options);
        } catch (const Error& cause) {
            one["problem"] = cause.what();
        }
        all.push_back(std::move(one));
    }
    return all.dump();
}

std::string describeTraining() {
    nlohmann::json methods = nlohmann::json::array(), cards = nlohmann::json::array();
    for (const MethodKind& kind : methodKinds()) methods.push_back({{"name", kind.name}, {"when", kind.whenToChoose}});
    if (at::hasCUDA()) {
        for (int i = 0; i < at::detail::getCUDAHooks().getNumGPUs(); ++i) {
            (void)at::empty({1}, at::TensorOptions(at::Device(at::kCUDA, c10::DeviceIndex(i))));
            std::size_t free = 0, total = 0;
            (void)cardMemory(free, total);
            cards.push_back({{"name", fmt::format("cuda:{}", i)}, {"title", cardTitle(i)}, {"free_bytes", double(free)}, {"total_bytes", double(total)}});
        }
    }
    return nlohmann::json{{"methods", methods}, {"cards", cards}}.dump();
}

}  // namespace tomoloupe
