#include "core/train/trainer.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <numbers>
#include <optional>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Whether LibTorch says that memory does not do: of the device, or of the machine.
bool isOutOfMemory(const c10::Error& error) {
    const std::string what = error.what_without_backtrace();
    return dynamic_cast<const c10::OutOfMemoryError*>(&error) || what.find("out of memory") != std::string::npos ||
           what.find("not enough memory") != std::string::npos;
}

class Loop {
  public:
    Loop(TrainingTask& task, Optimiser& optimiser, const TrainerOptions& options, JobContext& context, World& world)
        : task_(task), optimiser_(optimiser), options_(options), context_(context), world_(world),
          steps_(task.stepsPerEpoch()), position_(at::zeros({2}, at::kLong)),
          epochLoss_(at::zeros({1}, at::kDouble)) {
        limits_.microBatch = options.microBatch;
        if (world.size() == 1) limits_.interrupt = [&context] { context.stop().throwIfCancelled(); };  // ranks must agree first
    }

    TrainingEnd run() {
        resume();
        while (epoch() < options_.epochs && !task_.wantsToStop()) {
            const auto start = Clock::now();
            while (stepInEpoch() < steps_) {
                if (wish() == StopWish::Finish) return stopEarly();
                oneStep();
            }
            endEpoch();
            if (secondsSince(start) > options_.checkpointSeconds / 10) save();
        }
        return TrainingEnd::Completed;
    }

  private:
    /// A step whose numbers still lie on the device.
    struct Pending {
        std::int64_t step;
        double learningRate;
        StepResult result;
    };

    [[nodiscard]] std::int64_t epoch() const { return position_.data_ptr<std::int64_t>()[0]; }
    [[nodiscard]] std::int64_t stepInEpoch() const { return position_.data_ptr<std::int64_t>()[1]; }
    [[nodiscard]] StepPosition position() const { return {epoch(), epoch() * steps_ + stepInEpoch(), options_.epochs * steps_}; }
    void moveTo(std::int64_t epochIndex, std::int64_t step) {
        position_.data_ptr<std::int64_t>()[0] = epochIndex;
        position_.data_ptr<std::int64_t>()[1] = step;
    }

    /// What the user wants, the same on all ranks; throws Cancelled.
    StopWish wish() {
        double wanted = context_.stop().cancelRequested() ? 2 : context_.stop().finishRequested() ? 1 : 0;
        if (world_.size() > 1) wanted = world_.largest(wanted);
        if (wanted == 2) throw Cancelled();
        return wanted == 1 ? StopWish::Finish : StopWish::None;
    }

    [[nodiscard]] double learningRate(const StepPosition& at) const {
        const auto warm = double(options_.warmupEpochs * steps_);
        if (double(at.step) < warm) return options_.learningRate * (double(at.step) + 1) / warm;
        if (!options_.cosine) return options_.learningRate;
        return options_.learningRate * 0.5 * (1 + std::cos(std::numbers::pi * (double(at.step) - warm) / (double(at.steps) - warm)));
    }

    void oneStep() {
        const StepPosition at = position();
        StepResult result = fittingStep(at);
        limits_.interrupt();
        const bool immediate = !result.loss.is_cuda();
        pending_.push_back({at.step, learningRate(at), std::move(result)});
        if (options_.clipNorm > 0) clip(pending_.back().result);
        if (immediate) report();  // before the weights change: a loss that is no number leaves them alone
        optimiser_.step(learningRate(at), task_.followerMomentum(at));
        task_.afterStep();
        moveTo(epoch(), stepInEpoch() + 1);
        context_.progress(double(at.step + 1), double(at.steps));
        constexpr std::size_t kReportEvery = 50;  // reading a number makes the host wait for the device
        if (pending_.size() >= kReportEvery) report();
        if (secondsSince(lastSave_) >= options_.checkpointSeconds) save();
    }

    /// The step, begun again with half as many particles at a time where memory does not do.
    StepResult fittingStep(const StepPosition& at) {
        for (;;) {
            std::string reason;
            try {
                return task_.step(at, limits_);
            } catch (const c10::Error& error) {
                if (!isOutOfMemory(error)) throw;
                reason = error.what_without_backtrace();
            } catch (const std::bad_alloc&) {
                reason = "memory allocation failed";
            }
            halveMicroBatch(reason.substr(0, reason.find('\n')));
        }
    }

    void halveMicroBatch(const std::string& reason) {
        for (at::Tensor parameter : optimiser_.parameters()) parameter.mutable_grad() = at::Tensor();
        const std::int64_t current = limits_.microBatch > 0 ? std::min(limits_.microBatch, task_.particlesPerStep()) : task_.particlesPerStep();
        if (world_.size() > 1 || current <= 1)
            throw Error(fmt::format("There is not enough memory for {} particle(s) at a time ({}). Choose a smaller {}, a smaller "
                                    "encoder or another device", current, reason, world_.size() > 1 ? "micro-batch" : "box"));
        limits_.microBatch = current / 2;
        context_.log(LogLevel::Warning, fmt::format("Not enough memory for {} particles at a time; going on with {} ({})", current,
                                                    limits_.microBatch, reason));
    }

    void clip(StepResult& result) {
        const at::Tensor norm = gradientNorm(optimiser_.parameters());
        const at::Tensor factor = (options_.clipNorm / (norm + 1e-6)).clamp_max(1);
        for (const at::Tensor& parameter : optimiser_.parameters())
            if (at::Tensor gradient = parameter.grad(); gradient.defined()) gradient.mul_(factor);
        result.numbers.emplace_back("gradient norm", norm);
    }

    void report() {
        for (const Pending& pending : pending_) {
            const double loss = pending.result.loss.item<double>(), at = double(pending.step + 1);
            if (!std::isfinite(loss)) {
                pending_.clear();
                throw Error(fmt::format("The loss became {} in step {} (epoch {}). Try a smaller learning rate, or clip-norm 1; the "
                                        "last checkpoint is kept", loss, at, pending.step / steps_ + 1));
            }
            epochLoss_.add_(loss);
            context_.metric("loss", at, loss);
            context_.metric("learning rate", at, pending.learningRate);
            for (const auto& [name, value] : pending.result.numbers) context_.metric(name, at, value.item<double>());
        }
        pending_.clear();
    }

    void endEpoch() {
        report();
        const double meanLoss = epochLoss_.item<double>() / double(steps_);
        const auto globalStep = double((epoch() + 1) * steps_);
        std::string line = fmt::format("epoch {} of {}: loss {:.4f}", epoch() + 1, options_.epochs, meanLoss);
        context_.metric("epoch loss", globalStep, meanLoss);
        for (const auto& [name, value] : task_.endEpoch(epoch())) {
            context_.metric(name, globalStep, value);
            line += fmt::format(", {} {:.4f}", name, value);
        }
        context_.log(LogLevel::Info, line);
        epochLoss_.zero_();
        moveTo(epoch() + 1, 0);
    }

    TrainingEnd stopEarly() {
        save();
        return TrainingEnd::FinishedEarly;
    }

    [[nodiscard]] NamedTensors everything() const {
        NamedTensors all = task_.state();
        for (auto& item : optimiser_.state()) all.push_back(std::move(item));
        all.emplace_back("trainer.position", position_);
        all.emplace_back("trainer.epoch_loss", epochLoss_);
        return all;
    }

    void resume() {
        if (options_.checkpoint.empty() || !std::filesystem::exists(options_.checkpoint)) return;
        loadTensors(options_.checkpoint, everything());
        context_.log(LogLevel::Info, fmt::format("going on from epoch {}, step {}", epoch() + 1, stepInEpoch() + 1));
    }

    void save() {
        report();
        if (!options_.checkpoint.empty() && world_.rank() == 0) {
            const NamedTensors all = everything();
            checkFinite(all);
            saveTensors(options_.checkpoint, all, {});
        }
        lastSave_ = Clock::now();
    }

    /// Weights can break in a step whose loss was still a number; a checkpoint must not hold them.
    void checkFinite(const NamedTensors& all) const {
        at::NoGradGuard noGrad;
        for (const auto& [name, tensor] : all)
            if (tensor.is_floating_point() && !std::isfinite(tensor.sum(at::kDouble).item<double>()))
                throw Error(fmt::format("The numbers of {} grew beyond all bounds by step {}. Try a smaller learning rate, or clip-norm "
                                        "1; the last checkpoint is kept", name, position().step));
    }

    TrainingTask& task_;
    Optimiser& optimiser_;
    const TrainerOptions& options_;
    JobContext& context_;
    World& world_;
    std::int64_t steps_;
    StepLimits limits_;
    at::Tensor position_;   // epoch, step within it
    at::Tensor epochLoss_;  // sum over the epoch's reported steps
    std::vector<Pending> pending_;
    Clock::time_point lastSave_ = Clock::now();
};

}  // namespace

TrainingEnd train(TrainingTask& task, Optimiser& optimiser, const TrainerOptions& options, JobContext& context, World& world) {
    return Loop(task, optimiser, options, context, world).run();
}

}  // namespace tomoloupe
