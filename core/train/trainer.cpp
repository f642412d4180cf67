#include "core/train/trainer.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <numbers>

#include "core/base/error.h"

namespace tomoloupe {
namespace {

using Clock = std::chrono::steady_clock;

class Loop {
  public:
    Loop(TrainingTask& task, Optimiser& optimiser, const TrainerOptions& options, JobContext& context)
        : task_(task), optimiser_(optimiser), options_(options), context_(context), position_(at::zeros({2}, at::kLong)),
          epochLoss_(at::zeros({1}, at::kDouble)) {}

    TrainingEnd run() {
        resume();
        const std::int64_t steps = task_.stepsPerEpoch();
        while (epoch() < options_.epochs) {
            while (stepInEpoch() < steps) {
                if (context_.stop().finishRequested()) return stopEarly();
                oneStep(steps);
            }
            endEpoch(steps);
            saveWhenDue();
        }
        return TrainingEnd::Completed;
    }

  private:
    [[nodiscard]] std::int64_t epoch() const { return position_.data_ptr<std::int64_t>()[0]; }
    [[nodiscard]] std::int64_t stepInEpoch() const { return position_.data_ptr<std::int64_t>()[1]; }
    void moveTo(std::int64_t epochIndex, std::int64_t step) {
        position_.data_ptr<std::int64_t>()[0] = epochIndex;
        position_.data_ptr<std::int64_t>()[1] = step;
    }

    [[nodiscard]] double learningRate(std::int64_t globalStep, std::int64_t totalSteps) const {
        if (!options_.cosine) return options_.learningRate;
        return options_.learningRate * 0.5 * (1 + std::cos(std::numbers::pi * double(globalStep) / double(totalSteps)));
    }

    void oneStep(std::int64_t steps) {
        const std::int64_t globalStep = epoch() * steps + stepInEpoch();
        const std::int64_t totalSteps = options_.epochs * steps;
        const MethodStep result = task_.step(epoch(), stepInEpoch());
        context_.stop().throwIfCancelled();
        const double loss = result.loss.item<double>();
        if (!std::isfinite(loss))
            throw Error(fmt::format("The loss became {} in step {} (epoch {}). Try a smaller learning rate; the last checkpoint is kept",
                                    loss, globalStep + 1, epoch() + 1));
        result.loss.backward();
        context_.stop().throwIfCancelled();
        optimiser_.step(learningRate(globalStep, totalSteps));
        task_.afterStep();
        epochLoss_.add_(loss);
        moveTo(epoch(), stepInEpoch() + 1);
        context_.metric("loss", double(globalStep + 1), loss);
        for (const auto& [name, value] : result.numbers) context_.metric(name, double(globalStep + 1), value.item<double>());
        context_.progress(double(globalStep + 1), double(totalSteps));
        saveWhenDue();
    }

    void endEpoch(std::int64_t steps) {
        const double meanLoss = epochLoss_.item<double>() / double(steps);
        const auto globalStep = double((epoch() + 1) * steps);
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
        context_.stop().throwIfCancelled();
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

    void saveWhenDue() {
        if (std::chrono::duration<double>(Clock::now() - lastSave_).count() >= options_.checkpointSeconds) save();
    }

    void save() {
        if (!options_.checkpoint.empty()) saveTensors(options_.checkpoint, everything(), {});
        lastSave_ = Clock::now();
    }

    TrainingTask& task_;
    Optimiser& optimiser_;
    const TrainerOptions& options_;
    JobContext& context_;
    at::Tensor position_;   // epoch, step within it
    at::Tensor epochLoss_;  // sum over the epoch's steps so far
    Clock::time_point lastSave_ = Clock::now();
};

}  // namespace

TrainingEnd train(TrainingTask& task, Optimiser& optimiser, const TrainerOptions& options, JobContext& context) {
    return Loop(task, optimiser, options, context).run();
}

}  // namespace tomoloupe
