#include "core/base/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tomoloupe {

ProgressMeter::ProgressMeter(int stages) : stages_(std::max(stages, 1)) {}

void ProgressMeter::beginStage(std::string name, int index) {
    name_ = std::move(name);
    stage_ = std::clamp(index, 0, stages_ - 1);
    stageStart_ = Clock::now();
}

Progress ProgressMeter::update(double done, double total, Clock::time_point now) {
    Progress progress;
    progress.stageName = name_;
    progress.stage = stage_;
    progress.stages = stages_;
    progress.stageFraction = total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0;
    progress.fraction = (stage_ + progress.stageFraction) / stages_;
    const double elapsed = std::chrono::duration<double>(now - stageStart_).count();
    // Before a second and a hundredth of the stage have passed any figure would be a guess.
    if (stage_ == stages_ - 1 && elapsed > 1 && progress.stageFraction > 0.01)
        progress.remainingSeconds = elapsed * (1 - progress.stageFraction) / progress.stageFraction;
    return progress;
}

std::string durationText(double seconds) {
    const auto whole = static_cast<long long>(std::llround(std::max(seconds, 0.0)));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 600) return fmt::format("{} min {} s", whole / 60, whole % 60);
    const long long minutes = (whole + 30) / 60;
    if (minutes < 60) return fmt::format("{} min", minutes);
    return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace tomoloupe
